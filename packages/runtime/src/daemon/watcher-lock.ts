import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, parse } from 'node:path';
import type { Settings } from '@sendit/config';
import { readPidFile } from '@sendit/daemon';
import { type FileLock, type LockHolder, openFileLock } from '@sendit/files';
import { SenditError, systemClock } from '@sendit/model';

/** In the state directory; it stays there, locked or not. */
const LOCK_FILE = 'watcher.lock';

/** A command that looks whether the lock is free holds it for a moment. */
const PATIENCE_MS = 500;
const POLL_MS = 20;

/** Whether a lock could be had. `none`: nothing here locks, or the file cannot be made; `reason` says which. */
export type OwnLock =
  | { readonly kind: 'held'; readonly lock: FileLock }
  | { readonly kind: 'taken'; readonly holder: LockHolder | undefined }
  | { readonly kind: 'none'; readonly reason: string; readonly error?: unknown };

/** The lock of the state directory. */
export function toStateLock(stateDir: string): string {
  return join(stateDir, LOCK_FILE);
}

/** `watcher.lock` for `watcher.pid`: the lock that whoever claims or removes a pid file holds. */
export function toPidLock(pidFile: string): string {
  return join(dirname(pidFile), `${parse(pidFile).name}.lock`);
}

/** Takes a lock if it is free now. */
async function tryLock(lockFile: string): Promise<OwnLock> {
  try {
    const attempt = await openFileLock(lockFile);
    return attempt.kind === 'unavailable' ? { kind: 'none', reason: attempt.reason } : attempt;
  } catch (error) {
    return { kind: 'none', reason: error instanceof Error ? error.message : String(error), error };
  }
}

/**
 * Takes a lock for as long as the watcher runs; what else there is to say where the file cannot be made or nothing here can lock.
 * @throws SenditError `already-running`, with what is known of the holder.
 */
export async function openWatcherLock(
  lockFile: string,
  settings: Pick<Settings, 'pidFile'>,
): Promise<Exclude<OwnLock, { kind: 'taken' }>> {
  const deadline = systemClock.now() + PATIENCE_MS;
  for (;;) {
    const own = await tryLock(lockFile);
    if (own.kind !== 'taken') return own;
    if (systemClock.now() > deadline) throw await toAlreadyRunning(lockFile, settings.pidFile, own.holder);
    await systemClock.sleep(POLL_MS);
  }
}

/**
 * Removes a pid file that is stale, with its lock in hand.
 * @returns who holds the lock instead, perhaps in another container; undefined when the file is free, and now gone if it was stale
 */
export async function removeStalePidFile(
  pidFile: string,
): Promise<{ readonly holder: LockHolder | undefined } | undefined> {
  if (!existsSync(dirname(pidFile))) return undefined;
  const own = await tryLock(toPidLock(pidFile));
  if (own.kind === 'taken') return own;
  using _lock = own.kind === 'held' ? own.lock : undefined;
  const { kind } = await readPidFile(pidFile);
  if (kind === 'stale') await rm(pidFile, { force: true });
  return undefined;
}

/** A second start, refused: by the lock's own word, else by the pid file's. */
async function toAlreadyRunning(
  lockFile: string,
  pidFile: string,
  holder: LockHolder | undefined,
): Promise<SenditError> {
  const state = holder === undefined ? await readPidFile(pidFile).catch(() => undefined) : undefined;
  const known = holder ?? (state?.kind === 'running' ? { pid: state.pid, host: hostname() } : undefined);
  return new SenditError(toMessage(lockFile, known), {
    code: 'already-running',
    hint:
      known?.host === hostname()
        ? '`sendit watcher stop` ends it; `sendit watcher start --replace` takes over.'
        : 'Stop it where it runs (`sendit watcher stop` in its container, or stop the container), then start this one; or give this one a state directory of its own.',
  });
}

function toMessage(lockFile: string, holder: LockHolder | undefined): string {
  // In the words of a start that finds a pid file: scripts look for them.
  if (holder?.host === hostname()) return `The watcher is already running with pid ${holder.pid} (${lockFile}).`;
  const who = holder === undefined ? 'another process, perhaps in another container' : describeHolder(holder);
  return `The watcher is already running: ${who} holds ${lockFile}.`;
}

/** With the pid as the holder's own namespace numbers it. */
export function describeHolder({ pid, host }: LockHolder): string {
  return host === hostname() ? `process ${pid}` : `process ${pid} on ${host} (another container or host)`;
}
