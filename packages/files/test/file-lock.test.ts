import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exited, openTempDir } from '@sendit/testing';
import { describe, expect, test } from 'vitest';
import { openFileLock } from '../src/index.ts';
import { type FlockCall, flockByCommand, loadFlock } from '../src/flock.ts';

const WAYS: readonly (readonly [string, FlockCall])[] = [
  ['koffi', async (fd) => (await loadFlock())(fd)],
  ['flock(1)', (fd) => flockByCommand(fd)],
];

const HOLDER = `
const { openFileLock } = await import(process.argv[1]);
const { spawn } = await import('node:child_process');
const attempt = await openFileLock(process.argv[2]);
const child = spawn('sleep', ['600'], { stdio: 'ignore', detached: true });
console.log(attempt.kind, child.pid);
setInterval(() => attempt.lock, 1000);
`;

/** A process that holds the lock and has started another one. */
async function runHolder(path: string): Promise<{ readonly holder: ChildProcess; readonly childPid: number }> {
  const module = new URL('../dist/index.js', import.meta.url).href;
  const args = ['--input-type=module', '-e', HOLDER, module, path];
  const holder = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(holder.stdout, 'data')) as [Buffer];
  const [kind, pid] = said.toString().trim().split(' ');
  expect(kind).toBe('held');
  return { holder, childPid: Number(pid) };
}

describe.each(WAYS)('a lock through %s', (_name, flock) => {
  test('is one at a time, names its holder, and is free again after it', async () => {
    await using temp = await openTempDir();
    const path = join(temp.path, 'x.lock');
    const first = await openFileLock(path, { flock });
    if (first.kind !== 'held') throw new Error(first.kind);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await openFileLock(path, { flock })).toMatchObject({ kind: 'taken', holder: { pid: process.pid } });
    first.lock[Symbol.dispose]();
    const second = await openFileLock(path, { flock });
    expect(second.kind).toBe('held');
    if (second.kind === 'held') second.lock[Symbol.dispose]();
  });

  test('is freed by SIGKILL, although what the holder started lives on', async () => {
    await using temp = await openTempDir();
    const path = join(temp.path, 'x.lock');
    const { holder, childPid } = await runHolder(path);
    try {
      expect(await openFileLock(path, { flock })).toMatchObject({ kind: 'taken', holder: { pid: holder.pid } });
      holder.kill('SIGKILL');
      await exited(holder);
      expect(process.kill(childPid, 0)).toBe(true);
      const next = await openFileLock(path, { flock });
      expect(next.kind).toBe('held');
      if (next.kind === 'held') next.lock[Symbol.dispose]();
    } finally {
      holder.kill('SIGKILL');
      process.kill(childPid, 'SIGKILL');
    }
  });

  test('is of the file that the path leads to, also when it is replaced while it is being locked', async () => {
    await using temp = await openTempDir();
    const path = join(temp.path, 'x.lock');
    let replaced = false;
    const attempt = await openFileLock(path, {
      flock: async (fd) => {
        if (!replaced) {
          replaced = true;
          await rename(path, `${path}.old`);
        }
        return flock(fd);
      },
    });
    if (attempt.kind !== 'held') throw new Error(attempt.kind);
    using lock = attempt.lock;
    expect(lock.isInPlace()).toBe(true);
    expect((await openFileLock(path, { flock })).kind).toBe('taken');
    await rename(path, `${path}.older`);
    expect(lock.isInPlace()).toBe(false);
    await writeFile(path, '');
    expect(lock.isInPlace()).toBe(false);
  });
});

test('where nothing can lock, the reason is said', async () => {
  await using temp = await openTempDir();
  const attempt = await openFileLock(join(temp.path, 'x.lock'), { flock: (fd) => flockByCommand(fd, 'no-such-flock') });
  expect(attempt).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('no-such-flock') });
});
