import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { type Handle, type Logger, SenditError, silentLogger, toHandle, toErrno } from '@sendit/model';
import { exclusively, linkNew } from './exclusive.ts';
import { type PidFileState, type PidRecord, parsePid, readPidFile, toRecordFile } from './pid-file.ts';
import { readStartTime } from './process-identity.ts';

/** Contact facts of a claimant; pid, process start time and time of the claim are added. */
export interface PidClaim {
  readonly socketPath: string | null;
  readonly [extra: string]: unknown;
}

/** A pid file held by this process. */
export interface PidFile extends Handle {
  readonly path: string;
  readonly record: PidRecord;
  /** The dead process's file that was in the way and was removed, if there was one. */
  readonly replaced: Extract<PidFileState, { kind: 'stale' }> | null;
  /** Adds to the record (a socket path known only now, say); what is not named stays. */
  update(extra: Partial<PidClaim>): Promise<void>;
  /** Removes both files if they are still this process's; idempotent. */
  close(): Promise<void>;
}

/** How {@link claimPidFile} judges what is there. */
export interface ClaimOptions {
  readonly logger?: Logger;
  /**
   * The caller holds the lock that every owner of this file holds: what the file says is then of the past, whatever process has
   * its number now. Only a process recognised by its start time that claimed the file without a lock, as earlier releases did, is
   * believed. False by default.
   */
  readonly owned?: boolean;
}

/**
 * Makes the pid file this process's own; of several starters exactly one gets it. A stale file is removed and reported as a warning.
 * @throws SenditError `already-running` when its process runs.
 */
export async function claimPidFile(
  pidFile: string,
  claim: PidClaim,
  { logger = silentLogger, owned = false }: ClaimOptions = {},
): Promise<PidFile> {
  const startTime = await readStartTime(process.pid);
  const mark = { owned, host: hostname() };
  let record: PidRecord = { ...claim, ...mark, pid: process.pid, startTime, startedAt: new Date().toISOString() };
  const replaced = await exclusively(`${pidFile}.claim`, async () => {
    const state = await readState(pidFile, owned);
    if (state.kind === 'running') throw toAlreadyRunning(pidFile, state.pid, state.doubt);
    if (state.kind === 'stale') await unlink(pidFile);
    // The record goes first: whoever sees the pid file then sees the record that belongs to it.
    await writeRecord(pidFile, record);
    if (!(await linkNew(pidFile, `${process.pid}\n`))) {
      throw new SenditError(`${pidFile} was made by another program at the same moment`, {
        code: 'already-running',
        retry: 'safe',
        hint: 'Look at the file, then start again.',
      });
    }
    return state.kind === 'stale' ? state : null;
  });
  if (replaced !== null) logger.warning(`Removed the stale pid file ${pidFile}: ${replaced.reason}`);

  return {
    path: pidFile,
    get record() {
      return record;
    },
    replaced,
    async update(extra) {
      const next = { ...record, ...extra, ...mark, pid: record.pid, startTime, startedAt: record.startedAt };
      await writeRecord(pidFile, next);
      record = next;
    },
    ...toHandle(async () => {
      try {
        await exclusively(`${pidFile}.claim`, () => removeIfOurs(pidFile, record));
      } catch (error) {
        // With its directory the file is gone too.
        if (toErrno(error) !== 'ENOENT') throw error;
      }
    }),
  };
}

/** A pid file that names this very process without its record is a predecessor's: pids repeat from one container run to the next. */
async function readState(pidFile: string, owned: boolean): Promise<PidFileState> {
  const state = await readPidFile(pidFile);
  if (state.kind !== 'running') return state;
  const { pid, doubt, record } = state;
  if (owned && (doubt !== null || record['owned'] === true)) {
    return { kind: 'stale', pid, reason: `process ${pid} does not hold its lock` };
  }
  if (pid !== process.pid || doubt === null) return state;
  return { kind: 'stale', pid, reason: `process ${pid} is this one, which had not claimed it` };
}

function toAlreadyRunning(pidFile: string, pid: number, doubt: string | null): SenditError {
  return new SenditError(
    `Already running as process ${pid} (${pidFile}${doubt === null ? '' : `; recognised by its number alone, ${doubt}`})`,
    { code: 'already-running', hint: 'Stop it first, or start with --replace.' },
  );
}

async function writeRecord(pidFile: string, record: PidRecord): Promise<void> {
  const recordFile = toRecordFile(pidFile);
  const whole = `${recordFile}.${randomUUID()}`;
  await writeFile(whole, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o644 });
  await rename(whole, recordFile);
}

async function removeIfOurs(pidFile: string, record: PidRecord): Promise<void> {
  try {
    if (parsePid(await readFile(pidFile, 'utf8')) !== record.pid) return;
  } catch (error) {
    if (toErrno(error) === 'ENOENT') return;
    throw error;
  }
  const state = await readPidFile(pidFile);
  // Another process of the same number in another life is not us.
  if (state.kind === 'running' && state.record.startTime !== record.startTime) return;
  await unlink(pidFile);
  await rm(toRecordFile(pidFile), { force: true });
}
