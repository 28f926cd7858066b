import { chmod, chown, mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { openTempDir, type TempDir } from '@sendit/testing';
import { expect, test } from 'vitest';
import { listPidFiles, resolveStateFiles } from '../src/index.ts';
import type { StateFilePaths } from '../src/state-files.ts';
import { runChild } from './children.ts';

interface Fixture extends AsyncDisposable {
  readonly state: string;
  readonly temp: string;
  readonly wished: StateFilePaths;
}

async function openFixture(): Promise<Fixture> {
  const dir: TempDir = await openTempDir();
  const state = join(dir.path, 'state');
  const temp = join(dir.path, 'tmp');
  await mkdir(temp);
  return {
    state,
    temp,
    wished: {
      pidFile: join(state, 'watcher.pid'),
      outFile: join(state, 'logs', 'watcher.out'),
      errFile: join(state, 'logs', 'watcher.err'),
    },
    [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose](),
  };
}

test('usable paths are taken as they are; folders and log files are made, the pid file is not', async () => {
  await using fixture = await openFixture();
  const files = await resolveStateFiles(fixture.wished, { tempDirectory: fixture.temp });
  expect(files).toEqual({ ...fixture.wished, isFallback: false, warnings: [] });
  expect(await readdir(fixture.state)).toEqual(['logs']);
  expect((await readdir(join(fixture.state, 'logs'))).toSorted()).toEqual(['watcher.err', 'watcher.out']);
  expect(await readdir(fixture.temp)).toEqual([]);
});

test.each([
  ['the state directory is a file', (f: Fixture) => writeFile(f.state, '')],
  ['the log folder is a file', (f: Fixture) => mkdir(f.state).then(() => writeFile(join(f.state, 'logs'), ''))],
  ['the pid file is a directory', (f: Fixture) => mkdir(f.wished.pidFile, { recursive: true }).then(() => undefined)],
  [
    'the output file is a directory',
    (f: Fixture) => mkdir(f.wished.outFile, { recursive: true }).then(() => undefined),
  ],
  ['the state directory is a broken link', (f: Fixture) => symlink('/nowhere/at/all', f.state)],
])('when %s, the same files are in a private temp directory, with the reason', async (_what, spoil) => {
  await using fixture = await openFixture();
  await spoil(fixture);
  const files = await resolveStateFiles(fixture.wished, { tempDirectory: fixture.temp });
  expect(files.isFallback).toBe(true);
  const directory = dirname(files.pidFile);
  expect(dirname(directory)).toBe(fixture.temp);
  expect(basename(directory)).toMatch(new RegExp(`^sendit-${process.geteuid?.()}-[0-9a-f]{12}$`));
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  expect([files.pidFile, files.outFile, files.errFile].map((path) => basename(path))).toEqual([
    'watcher.pid',
    'watcher.out',
    'watcher.err',
  ]);
  expect(files.warnings.length).toBeGreaterThan(1);
  expect(files.warnings[0]).toContain('cannot be used');
  expect(files.warnings.at(-1)).toContain(directory);
  expect(listPidFiles(fixture.wished.pidFile, { tempDirectory: fixture.temp })).toEqual([
    fixture.wished.pidFile,
    files.pidFile,
  ]);
  expect(await resolveStateFiles(fixture.wished, { tempDirectory: fixture.temp })).toEqual(files);
});

test('log files that only their folders kept apart do not meet in the temp directory', async () => {
  await using fixture = await openFixture();
  await writeFile(fixture.state, '');
  const wished = {
    ...fixture.wished,
    outFile: join(fixture.state, 'out', 'log'),
    errFile: join(fixture.state, 'err', 'log'),
  };
  const files = await resolveStateFiles(wished, { tempDirectory: fixture.temp });
  expect(new Set([files.pidFile, files.outFile, files.errFile]).size).toBe(3);
});

test('a fallback directory open to others is closed to them', async () => {
  await using fixture = await openFixture();
  await writeFile(fixture.state, '');
  const [, fallback = ''] = listPidFiles(fixture.wished.pidFile, { tempDirectory: fixture.temp });
  await mkdir(dirname(fallback));
  await chmod(dirname(fallback), 0o777);
  await resolveStateFiles(fixture.wished, { tempDirectory: fixture.temp });
  expect((await stat(dirname(fallback))).mode & 0o777).toBe(0o700);
});

test('a symbolic link in place of the fallback directory is refused', async () => {
  await using fixture = await openFixture();
  await writeFile(fixture.state, '');
  const [, fallback = ''] = listPidFiles(fixture.wished.pidFile, { tempDirectory: fixture.temp });
  const trap = join(fixture.temp, 'trap');
  await mkdir(trap);
  await symlink(trap, dirname(fallback));
  await expect(resolveStateFiles(fixture.wished, { tempDirectory: fixture.temp })).rejects.toMatchObject({
    code: 'state-directory',
    message: expect.stringContaining('not followed'),
  });
  expect(await readdir(trap)).toEqual([]);
});

test('an unusable temp directory ends it, with every problem', async () => {
  await using fixture = await openFixture();
  await writeFile(fixture.state, '');
  await expect(
    resolveStateFiles(fixture.wished, { tempDirectory: join(fixture.temp, 'missing') }),
  ).rejects.toMatchObject({ code: 'state-directory' });
});

// Permission bits mean nothing to root, so a child gives root up; only root can do that.
const NOBODY = 65_534;

test.skipIf(process.getuid?.() !== 0)(
  'folders of another user lead to the temp directory, and its traps are refused',
  async () => {
    await using fixture = await openFixture();
    await chmod(dirname(fixture.state), 0o755);
    await mkdir(fixture.state, { mode: 0o755 });
    await chmod(fixture.temp, 0o1777);
    const { pidFile, outFile, errFile } = fixture.wished;
    const resolveAsNobody = async (): Promise<unknown> => {
      await using child = runChild('state-files', String(NOBODY), fixture.temp, pidFile, outFile, errFile);
      return JSON.parse((await child.nextLine()) ?? 'null');
    };
    expect(await resolveAsNobody()).toMatchObject({
      isFallback: true,
      pidFile: expect.stringContaining(`sendit-${NOBODY}-`),
      warnings: expect.arrayContaining([expect.stringContaining('EACCES')]),
    });

    const [name = ''] = await readdir(fixture.temp);
    await chown(join(fixture.temp, name), 0, 0);
    expect(await resolveAsNobody()).toEqual({
      code: 'state-directory',
      message: expect.stringContaining(`it belongs to user 0, not ${NOBODY}`),
    });
  },
);
