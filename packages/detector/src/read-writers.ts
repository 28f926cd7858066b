import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import type { WritersSighting } from './facts.ts';

/** Access mode bits of open(2) in /proc/PID/fdinfo/N: not zero means that the file may be written. */
const WRITABLE = 0o3;

interface OpenFile {
  readonly pid: number;
  readonly path: string;
}

/**
 * Which processes have files below a folder open for writing, as /proc tells it: those of this host and pid namespace. Processes of other
 * users are hidden from all but root, then the answer is not `complete`; without /proc nothing is known.
 * @throws the signal's reason when aborted.
 */
export async function readWriters(folder: string, signal: AbortSignal): Promise<WritersSighting> {
  const prefix = `${await realpath(folder).catch(() => folder)}/`;
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  let complete = pids.length > 0;
  const open: OpenFile[] = [];
  for (const pid of pids) {
    signal.throwIfAborted();
    const found = await readOpenFiles(pid, prefix);
    if (found === 'hidden') complete = false;
    else open.push(...found);
  }
  const [first] = open;
  if (first === undefined) return { kind: 'none', complete };
  return {
    kind: 'open',
    files: new Set(open.map(({ path }) => path)).size,
    pids: [...new Set(open.map(({ pid }) => pid))],
    example: first.path.slice(prefix.length),
  };
}

async function readOpenFiles(pid: number, prefix: string): Promise<readonly OpenFile[] | 'hidden'> {
  const fds = await readdir(`/proc/${pid}/fd`).catch((error: unknown) =>
    // It ended meanwhile: then it has nothing open.
    error instanceof Error && 'code' in error && error.code === 'EACCES' ? 'hidden' : [],
  );
  if (fds === 'hidden') return fds;
  const links = await Promise.all(
    fds.map(async (fd) => ({ fd, path: await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '') })),
  );
  const inside = links.filter(({ path }) => path.startsWith(prefix));
  const written = await Promise.all(
    inside.map(async ({ fd, path }) => ({ path, isWritable: await isWritable(pid, fd) })),
  );
  return written.flatMap(({ path, isWritable: writable }) => (writable ? [{ pid, path }] : []));
}

async function isWritable(pid: number, fd: string): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/fdinfo/${fd}`, 'utf8').catch(() => '');
  const flags = /^flags:\s*(?<octal>[0-7]+)$/m.exec(text)?.groups?.['octal'] ?? '0';
  return (Number.parseInt(flags, 8) & WRITABLE) !== 0;
}
