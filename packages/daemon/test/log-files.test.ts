import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmdirSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exited, openTempDir } from '@sendit/testing';
import { expect, test } from 'vitest';
import { openLogFiles } from '../src/index.ts';
import type { LogFiles, LogFilesOptions } from '../src/log-files.ts';
import { runChild } from './children.ts';

interface Fixture {
  readonly files: LogFiles;
  readonly warnings: string[];
  readonly outFile: string;
  /** Lets the given milliseconds pass. */
  readonly advance: (ms: number) => void;
}

async function open(dir: string, options: Partial<LogFilesOptions> = {}): Promise<Fixture> {
  const warnings: string[] = [];
  let now = 0;
  const outFile = join(dir, 'watcher.out');
  const files = await openLogFiles({
    outFile,
    errFile: join(dir, 'watcher.err'),
    maxBytes: 1_000_000,
    keep: 3,
    clock: { now: () => now, sleep: async () => undefined },
    warn: (message) => warnings.push(message),
    ...options,
  });
  return { files, warnings, outFile, advance: (ms) => (now += ms) };
}

/** All lines of a log and of what was rotated from it, oldest first. */
async function readAll(dir: string, name: string): Promise<string> {
  const names = (await readdir(dir)).filter((entry) => entry.startsWith(name));
  const toAge = (entry: string): number => Number(entry.slice(name.length + 1) || 0);
  const parts = names.toSorted((a, b) => toAge(b) - toAge(a)).map((entry) => readFile(join(dir, entry), 'utf8'));
  return (await Promise.all(parts)).join('');
}

test('both files exist from the start, closed to others, and what was in them stays', async () => {
  await using dir = await openTempDir();
  await writeFile(join(dir.path, 'watcher.err'), 'before\n');
  const { files, outFile } = await open(join(dir.path, 'logs'));
  await using _files = files;
  expect((await stat(outFile)).mode & 0o777 & ~0o640).toBe(0);
  expect((await stat(outFile)).size).toBe(0);

  await using again = (await open(dir.path)).files;
  again.err.write('after\n');
  expect(await readFile(join(dir.path, 'watcher.err'), 'utf8')).toBe('before\nafter\n');
});

test('a file cut in the middle of a line by a crash goes on with a new line', async () => {
  await using dir = await openTempDir();
  await writeFile(join(dir.path, 'watcher.out'), 'LOG 1|CREA');
  const { files, outFile } = await open(dir.path);
  await using _files = files;
  files.out.write('LOG whole\n');
  expect(await readFile(outFile, 'utf8')).toBe('LOG 1|CREA\nLOG whole\n');
});

test('a file that reaches its size becomes .1, older ones move on, and only so many are kept', async () => {
  await using dir = await openTempDir();
  const { files } = await open(dir.path, { maxBytes: 20, keep: 2 });
  await using _files = files;
  for (let index = 0; index < 10; index += 1) files.out.write(`line ${index}\n`);
  expect((await readdir(dir.path)).toSorted()).toEqual([
    'watcher.err',
    'watcher.out',
    'watcher.out.1',
    'watcher.out.2',
  ]);
  expect(await readAll(dir.path, 'watcher.out')).toBe('line 4\nline 5\nline 6\nline 7\nline 8\nline 9\n');
  expect((await stat(join(dir.path, 'watcher.out'))).mode & 0o777 & ~0o640).toBe(0);
});

test('a line longer than the limit is written whole, in a file of its own', async () => {
  await using dir = await openTempDir();
  const { files } = await open(dir.path, { maxBytes: 10 });
  await using _files = files;
  const long = `${'x'.repeat(50)}\n`;
  for (const line of ['a\n', long, 'b\n']) files.out.write(line);
  expect(await readFile(join(dir.path, 'watcher.out.1'), 'utf8')).toBe(long);
  expect(await readFile(join(dir.path, 'watcher.out'), 'utf8')).toBe('b\n');
});

test('under heavy writing with many rotations, ended by kill -9, no line is lost, cut or out of order', async () => {
  await using dir = await openTempDir();
  const count = 100_000;
  await using writer = runChild('log-writer', dir.path, String(count));
  await exited(writer.process);
  expect(writer.process.signalCode).toBe('SIGKILL');
  const lines = (await readAll(dir.path, 'watcher.out')).split('\n');
  expect(lines.pop()).toBe('');
  expect(lines).toHaveLength(count);
  expect(lines.findIndex((line, index) => line !== `line ${index} ${'x'.repeat(index % 40)}`)).toBe(-1);
  expect((await readdir(dir.path)).length).toBeGreaterThan(50);
});

test('reopen writes to a new file after logrotate moved the old one away', async () => {
  await using dir = await openTempDir();
  const { files, outFile } = await open(dir.path);
  await using _files = files;
  files.out.write('one\n');
  await rename(outFile, `${outFile}-20260101`);
  files.out.write('two\n');
  await files.reopen();
  files.out.write('three\n');
  expect(await readFile(`${outFile}-20260101`, 'utf8')).toBe('one\ntwo\n');
  expect(await readFile(outFile, 'utf8')).toBe('three\n');
});

test('a rotation follows when somebody else has rotated, and leaves their new file in place', async () => {
  await using dir = await openTempDir();
  const { files, outFile } = await open(dir.path, { maxBytes: 20 });
  await using _files = files;
  files.out.write('one one one one\n');
  await rename(outFile, `${outFile}.1`);
  await writeFile(outFile, 'theirs\n');
  files.out.write('two two\n');
  expect(await readFile(`${outFile}.1`, 'utf8')).toBe('one one one one\n');
  expect(await readFile(outFile, 'utf8')).toBe('theirs\ntwo two\n');
});

test('a failing file warns once, loses lines without harm, and logging resumes when the cause is gone', async () => {
  await using dir = await openTempDir();
  const logs = join(dir.path, 'logs');
  const { files, outFile, warnings, advance } = await open(logs);
  await using _files = files;
  await rm(logs, { recursive: true });
  await writeFile(logs, 'in the way');
  await files.reopen();
  for (let index = 0; index < 5; index += 1) {
    files.out.write(`lost ${index}\n`);
    advance(1_000);
  }
  expect(warnings.filter((warning) => warning.includes('watcher.out'))).toHaveLength(1);
  expect(files.out.lostLines).toBe(5);

  await rm(logs);
  files.out.write('back\n');
  expect(await readFile(outFile, 'utf8')).toBe('back\n');
});

test('while it fails, the file is tried again only once a second', async () => {
  await using dir = await openTempDir();
  const logs = join(dir.path, 'logs');
  const { files, outFile, advance } = await open(logs);
  await using _files = files;
  await rm(logs, { recursive: true });
  writeFileSync(logs, '');
  await files.reopen();
  await rm(logs);
  files.out.write('too early\n');
  advance(1_000);
  files.out.write('in time\n');
  expect(await readFile(outFile, 'utf8')).toBe('in time\n');
});

test('a file that cannot be rotated goes on growing, with a warning', async () => {
  await using dir = await openTempDir();
  const { files, outFile, warnings } = await open(dir.path, { maxBytes: 10, keep: 1 });
  await using _files = files;
  mkdirSync(`${outFile}.1`);
  for (let index = 0; index < 3; index += 1) files.out.write(`line ${index}\n`);
  expect(await readFile(outFile, 'utf8')).toBe('line 0\nline 1\nline 2\n');
  expect(warnings).toEqual([expect.stringContaining('could not be rotated')]);
  await rm(`${outFile}.1`, { recursive: true });
  for (let index = 3; index < 6; index += 1) files.out.write(`line ${index}\n`);
  expect(await readAll(dir.path, 'watcher.out')).toMatch(/line 4\nline 5\n$/);
  expect(await readdir(dir.path)).toContain('watcher.out.1');
});

test('a log path that is a directory is refused with the next step', async () => {
  await using dir = await openTempDir();
  await mkdir(join(dir.path, 'watcher.err'));
  await expect(open(dir.path)).rejects.toMatchObject({
    code: 'state-directory',
    hint: expect.stringContaining('path'),
  });
});

test.each([{ keep: 0 }, { keep: 1.5 }, { maxBytes: 0 }])('%o is a programmer’s mistake', async (options) => {
  await using dir = await openTempDir();
  await expect(open(dir.path, options)).rejects.toBeInstanceOf(TypeError);
});

test('after it is disposed nothing is written', async () => {
  await using dir = await openTempDir();
  const { files, outFile } = await open(dir.path);
  await files[Symbol.asyncDispose]();
  files.out.write('late\n');
  await files.reopen();
  expect(await readFile(outFile, 'utf8')).toBe('');
});

const canMount = canMountDisk();

test.skipIf(!canMount)('a full disk cuts no line but the one it struck, and logging resumes', async () => {
  await using dir = await openTempDir();
  const disk = join(dir.path, 'disk');
  await mkdir(disk);
  execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', disk]);
  try {
    const { files, outFile, warnings, advance } = await open(disk);
    await using _files = files;
    appendFileSync(join(disk, 'filler'), 'x'.repeat(8192));
    for (let index = 0; index < 500; index += 1) files.out.write(`line ${index} ${'x'.repeat(30)}\n`);
    expect(warnings).toHaveLength(1);
    expect(files.out.lostLines).toBeGreaterThan(0);
    const written = 500 - files.out.lostLines;

    await rm(join(disk, 'filler'));
    advance(1_000);
    files.out.write('back\n');
    const lines = (await readFile(outFile, 'utf8')).trimEnd().split('\n');
    expect(lines.at(-1)).toBe('back');
    expect(lines.slice(0, written)).toEqual(
      Array.from({ length: written }, (_, index) => `line ${index} ${'x'.repeat(30)}`),
    );
    expect(lines.length).toBeLessThanOrEqual(written + 2);
  } finally {
    execFileSync('/bin/umount', [disk]);
  }
});

/** Whether this user may mount a small disk, to fill it. */
function canMountDisk(): boolean {
  if (process.getuid?.() !== 0) return false;
  const point = mkdtempSync(join(tmpdir(), 'sendit-test-'));
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', point], { stdio: 'ignore' });
    execFileSync('/bin/umount', [point]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(point);
  }
}
