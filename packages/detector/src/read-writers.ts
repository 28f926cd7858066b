import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { toErrno } from '@sendit/model';
import type { WritersSighting } from './facts.ts';

/** Access mode bits of open(2) in /proc/PID/fdinfo/N: not zero means that the file may be written. */
const WRITABLE = 0o3;

/** A file that a process has open, for whatever. */
interface OpenFile {
  readonly pid: number;
  readonly fd: string;
  readonly path: string;
}

/** Every open file that can be seen; `complete`: every process could be looked into. */
interface OpenFiles {
  readonly complete: boolean;
  readonly files: readonly OpenFile[];
}

/** How {@link readWriters} looks. */
export interface WritersOptions {
  /** A look at /proc that is no older is used again; 0 by default. */
  readonly reuseMs?: number;
  /** Only files whose path below the folder it accepts; all by default. */
  readonly only?: (path: string) => boolean;
}

let shared: { readonly at: number; readonly found: Promise<OpenFiles> } | undefined;

/** Whether the open files of every process of this pid namespace can be seen: root can, or who has CAP_SYS_PTRACE. */
export async function seesEveryWriter(): Promise<boolean> {
  return (await readOpenFiles()).complete;
}

/**
 * Which processes have files below a folder open for writing, as /proc tells it: those of this host and pid namespace. Processes of other
 * users are hidden from all but root, then the answer is not `complete`; without /proc nothing is known. With `reuseMs` an earlier look at
 * /proc that is no older is used again, for many folders at once.
 * @throws the signal's reason when aborted.
 */
export async function readWriters(
  folder: string,
  signal: AbortSignal,
  { reuseMs = 0, only }: WritersOptions = {},
): Promise<WritersSighting> {
  signal.throwIfAborted();
  const now = performance.now();
  if (shared === undefined || now - shared.at > reuseMs || reuseMs === 0) shared = { at: now, found: readOpenFiles() };
  const { complete, files } = await shared.found;
  signal.throwIfAborted();
  const prefix = `${await realpath(folder).catch(() => folder)}/`;
  const isAsked = (path: string): boolean => path.startsWith(prefix) && (only?.(path.slice(prefix.length)) ?? true);
  const inside = files.filter(({ path }) => isAsked(path));
  const flags = await Promise.all(inside.map(isWritable));
  const open = inside.filter((_, index) => flags[index]);
  const [first] = open;
  if (first === undefined) return { kind: 'none', complete };
  return {
    kind: 'open',
    files: new Set(open.map(({ path }) => path)).size,
    pids: [...new Set(open.map(({ pid }) => pid))],
    example: first.path.slice(prefix.length),
  };
}

async function readOpenFiles(): Promise<OpenFiles> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  let complete = pids.length > 0;
  const files: OpenFile[] = [];
  for (const pid of pids) {
    const found = await readOpenFilesOf(pid);
    if (found === 'hidden') complete = false;
    else files.push(...found);
  }
  return { complete, files };
}

async function readOpenFilesOf(pid: number): Promise<readonly OpenFile[] | 'hidden'> {
  const fds = await readdir(`/proc/${pid}/fd`).catch((error: unknown) =>
    // It ended meanwhile: then it has nothing open.
    toErrno(error) === 'EACCES' ? 'hidden' : [],
  );
  if (fds === 'hidden') return fds;
  return await Promise.all(
    fds.map(async (fd) => ({ pid, fd, path: await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '') })),
  );
}

async function isWritable({ pid, fd }: OpenFile): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/fdinfo/${fd}`, 'utf8').catch(() => '');
  const flags = /^flags:\s*(?<octal>[0-7]+)$/m.exec(text)?.groups?.['octal'] ?? '0';
  return (Number.parseInt(flags, 8) & WRITABLE) !== 0;
}
