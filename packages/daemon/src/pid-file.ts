import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { toMessage, toErrno } from '@sendit/model';
import { checkIdentity, isWatcher, type ProcessIdentity, readStartTime } from './process-identity.ts';

/** Content of `watcher.json`: facts about the process in `watcher.pid`. */
export interface PidRecord extends ProcessIdentity {
  /** ISO 8601 UTC. */
  readonly startedAt: string;
  /** Where it answers, or null. */
  readonly socketPath: string | null;
  /** Whatever else the owner wants to be found by. */
  readonly [extra: string]: unknown;
}

/** Meaning of a pid file at this moment. */
export type PidFileState =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'running';
      readonly pid: number;
      readonly record: PidRecord;
      /** Set when the process could be recognised by its number alone: why. */
      readonly doubt: string | null;
    }
  | { readonly kind: 'stale'; readonly pid: number | undefined; readonly reason: string };

/** `watcher.json` for `watcher.pid`: the record file beside a pid file. */
export function toRecordFile(pidFile: string): string {
  return join(dirname(pidFile), `${basename(pidFile, extname(pidFile))}.json`);
}

/** Parses a pid file's content: one positive decimal number. */
export function parsePid(content: string): number | undefined {
  const text = content.trim();
  if (!/^[1-9]\d{0,9}$/.test(text)) return undefined;
  const pid = Number(text);
  return pid <= 0x7fff_ffff ? pid : undefined;
}

/**
 * Reads a pid file and says whether its process runs. Stale: the process is dead or a zombie, its number belongs to another
 * program (it started at another time, or has no record), or the content is not a pid.
 * @throws the system's error when the file is there and cannot be read.
 */
export async function readPidFile(pidFile: string): Promise<PidFileState> {
  let content: string;
  try {
    content = await readFile(pidFile, 'utf8');
  } catch (error) {
    if (toErrno(error) === 'ENOENT' || toErrno(error) === 'ENOTDIR') return { kind: 'none' };
    throw error;
  }
  const pid = parsePid(content);
  if (pid === undefined) {
    return { kind: 'stale', pid, reason: 'it does not hold a process id (a decimal number was expected)' };
  }
  const found = await readRecord(pidFile, pid);
  const check = await checkIdentity({ pid, startTime: found.record?.startTime ?? null });
  if (check.kind === 'gone') return { kind: 'stale', pid, reason: `process ${pid} has ended` };
  if (found.record === null) {
    // The record is written before the pid file: without it, only a process that looks like a watcher may be one whose record was lost.
    if (!(await isWatcher(pid))) {
      return { kind: 'stale', pid, reason: `process ${pid} is another program: ${found.problem}` };
    }
    const record = { pid, startTime: await readStartTime(pid), startedAt: '', socketPath: null };
    return { kind: 'running', pid, record, doubt: found.problem };
  }
  switch (check.kind) {
    case 'other':
      return { kind: 'stale', pid, reason: `process ${pid} is another program, started at another time` };
    case 'same':
      return { kind: 'running', pid, record: found.record, doubt: null };
    case 'same-pid':
      return { kind: 'running', pid, record: found.record, doubt: check.why };
  }
}

type FoundRecord =
  | { readonly record: PidRecord; readonly problem: null }
  | { readonly record: null; readonly problem: string };

async function readRecord(pidFile: string, pid: number): Promise<FoundRecord> {
  const recordFile = toRecordFile(pidFile);
  try {
    const record = parseRecord(await readFile(recordFile, 'utf8'));
    if (record === undefined) return { record: null, problem: `${recordFile} is not a process record` };
    if (record.pid !== pid) return { record: null, problem: `${recordFile} is about process ${record.pid}` };
    return { record, problem: null };
  } catch (error) {
    return { record: null, problem: `${recordFile} cannot be read: ${toMessage(error)}` };
  }
}

function parseRecord(text: string): PidRecord | undefined {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || !('pid' in value) || typeof value.pid !== 'number')
    return undefined;
  const textAt = (key: string): string | null => {
    const field: unknown = Reflect.get(value, key);
    return typeof field === 'string' ? field : null;
  };
  return {
    ...value,
    pid: value.pid,
    startTime: textAt('startTime'),
    startedAt: textAt('startedAt') ?? '',
    socketPath: textAt('socketPath'),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
