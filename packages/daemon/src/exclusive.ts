import { createHash, randomUUID } from 'node:crypto';
import { link, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { SenditError, systemClock, toErrno } from '@sendit/model';
import { parsePid } from './pid-file.ts';
import { checkIdentity, readStartTime } from './process-identity.ts';

const POLL_MS = 10;
const PATIENCE_MS = 10_000;

/**
 * Runs `work` while no other process does under the same lock file, also when an earlier holder was killed in the middle.
 *
 * The lock is a whole file made by link(2), so exactly one starter gets it. A dead holder's file may be removed only by who holds
 * the lock named after that very file (its inode, time and content): without it, two starters that both saw the dead holder could
 * each remove a file, the second one the first one's new lock.
 * @throws SenditError `already-running` when a live process keeps the lock for 10 s.
 */
export async function exclusively<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  const deadline = systemClock.now() + PATIENCE_MS;
  while (!(await tryLink(lockFile))) {
    const holder = await readHolder(lockFile);
    if (holder?.alive === false) {
      await exclusively(`${lockFile}-${holder.fingerprint}`, async () => {
        const now = await readHolder(lockFile);
        if (now?.fingerprint === holder.fingerprint) await unlink(lockFile);
      });
    } else if (systemClock.now() > deadline) {
      throw new SenditError(`${lockFile} has been held by process ${holder?.pid ?? 'unknown'} for ${PATIENCE_MS} ms`, {
        code: 'already-running',
        retry: 'safe',
        hint: 'Another start is under way; if it hangs, end that process and try again.',
      });
    } else {
      await systemClock.sleep(POLL_MS);
    }
  }
  try {
    return await work();
  } finally {
    await unlink(lockFile);
  }
}

/** Puts a whole file in place by link(2): true if it was this call that made it, false if the name was taken. */
export async function linkNew(path: string, content: string): Promise<boolean> {
  const whole = `${path}.${randomUUID()}`;
  await writeFile(whole, content, { mode: 0o644, flag: 'wx' });
  try {
    await link(whole, path);
    return true;
  } catch (error) {
    if (toErrno(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(whole);
  }
}

async function tryLink(lockFile: string): Promise<boolean> {
  return linkNew(lockFile, `${process.pid} ${(await readStartTime(process.pid)) ?? ''}\n`);
}

async function readHolder(lockFile: string) {
  try {
    const [content, stats] = await Promise.all([readFile(lockFile, 'utf8'), stat(lockFile, { bigint: true })]);
    const [pidText = '', startTime = ''] = content.trim().split(' ');
    const pid = parsePid(pidText);
    const check = pid === undefined ? undefined : await checkIdentity({ pid, startTime: startTime || null });
    return {
      pid,
      alive: check?.kind === 'same' || check?.kind === 'same-pid',
      fingerprint: createHash('sha256').update(`${stats.ino} ${stats.mtimeNs} ${content}`).digest('hex').slice(0, 16),
    };
  } catch (error) {
    if (toErrno(error) === 'ENOENT') return undefined;
    throw error;
  }
}
