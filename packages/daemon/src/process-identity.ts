import { readFile, readlink } from 'node:fs/promises';
import { toErrno } from '@sendit/model';

/** Identifies a process, also against a later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** From {@link readStartTime}; null where the system does not tell. */
  readonly startTime: string | null;
}

let bootId: Promise<string> | undefined;

/**
 * When a process began, as `<boot id>:<clock ticks since boot>` (/proc/<pid>/stat field 22, proc(5)): two processes never share
 * pid and start time. Null where there is no /proc or no such process.
 */
export async function readStartTime(pid: number): Promise<string | null> {
  const stat = await readStat(pid);
  if (stat === null) return null;
  bootId ??= readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => 'unknown-boot',
  );
  return `${await bootId}:${stat.startTicks}`;
}

/** Whether a process runs: a zombie does not, one that may not be signalled does. */
export async function isAlive(pid: number): Promise<boolean> {
  const stat = await readStat(pid);
  if (stat !== null) return stat.state !== 'Z' && stat.state !== 'X';
  // In this order: a process that ends between the two looks is dead to the second.
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return toErrno(error) === 'EPERM';
  }
}

/** How a live or dead pid compares with what was known of it. */
export type IdentityCheck =
  | { readonly kind: 'same' }
  | { readonly kind: 'same-pid'; readonly why: string }
  | { readonly kind: 'gone' }
  | { readonly kind: 'other' };

/** Compares the process that has this pid now with the one meant; `same-pid` when only the number could be compared. */
export async function checkIdentity(process: ProcessIdentity): Promise<IdentityCheck> {
  if (!(await isAlive(process.pid))) return { kind: 'gone' };
  if (process.startTime === null) return { kind: 'same-pid', why: 'its start time was not recorded' };
  const startTime = await readStartTime(process.pid);
  if (startTime === null) {
    if (!(await isAlive(process.pid))) return { kind: 'gone' };
    return { kind: 'same-pid', why: 'this system does not tell when a process started' };
  }
  return startTime === process.startTime ? { kind: 'same' } : { kind: 'other' };
}

/** Whether a process runs this program with a watcher's command line: `…/daemon/main.js`, or `… watcher start`. False where there is no /proc. */
export async function isWatcher(pid: number): Promise<boolean> {
  try {
    const [program, commandLine] = await Promise.all([
      readlink(`/proc/${pid}/exe`),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ]);
    // A process that has rewritten its command line, to hide a password in it, has spaces.
    const words = commandLine.split(/[\0 ]/);
    const starts = words.indexOf('watcher') !== -1 && words[words.indexOf('watcher') + 1] === 'start';
    return program === process.execPath && (starts || words.some((word) => word.endsWith('/daemon/main.js')));
  } catch {
    // Ended meanwhile, another user's, or no /proc.
    return false;
  }
}

async function readStat(pid: number): Promise<{ state: string; startTicks: string } | null> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'latin1');
    // Field 2, the program's name in parentheses, may hold spaces and parentheses itself.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const state = fields[0];
    const startTicks = fields[19];
    return state === undefined || startTicks === undefined ? null : { state, startTicks };
  } catch {
    // No /proc, hidden by hidepid, or the process ended: nothing can be said.
    return null;
  }
}
