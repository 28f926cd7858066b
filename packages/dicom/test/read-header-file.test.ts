import { execFileSync } from 'node:child_process';
import { stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { openTempDir, writeSyntheticStudy } from '@sendit/testing';
import { expect, test } from 'vitest';
import { readHeaderFile } from '../src/node.ts';

test('a file gives its header and its size', async () => {
  await using dir = await openTempDir();
  const study = await writeSyntheticStudy(dir.path, { series: [{ instances: 1, rows: 64 }] });
  const { header, bytes } = readHeaderFile(study.files[0] ?? '', { checkTruncation: true });
  expect(bytes).toBeGreaterThan(64 * 64 * 2);
  expect(header).toMatchObject({
    kind: 'dicom',
    extent: 'whole',
    attributes: { SOPInstanceUID: study.sopInstanceUids[0], Rows: '64' },
  });
});

test('what is no regular file is refused without blocking', async () => {
  await using dir = await openTempDir();
  const at = (name: string) => join(dir.path, name);
  execFileSync('mkfifo', [at('fifo.dcm')]);
  await writeFile(at('real'), 'x');
  await symlink(at('real'), at('link.dcm'));
  const socket = createServer().listen(at('socket.dcm'));
  await new Promise((resolve) => socket.once('listening', resolve));
  const paths = [at('fifo.dcm'), at('link.dcm'), at('socket.dcm'), dir.path, '/dev/zero'];
  const refusals = paths.map((path) => [path, readHeaderFile(path).header]);
  expect(refusals).toEqual(paths.map((path) => [path, { kind: 'unreadable', code: 'not-a-regular-file' }]));
  await new Promise((resolve) => socket.close(resolve));
});

test('a file that is not there, and an empty one, are told apart', async () => {
  await using dir = await openTempDir();
  await writeFile(join(dir.path, 'empty'), '');
  await utimes(join(dir.path, 'empty'), 7, 7);
  const gone = { header: { kind: 'unreadable', code: 'ENOENT' }, bytes: 0, mtimeMs: 0 };
  expect(readHeaderFile(join(dir.path, 'gone'))).toEqual(gone);
  const { birthtimeMs: birthMs, ctimeMs: changedMs, ino: inode } = await stat(join(dir.path, 'empty'));
  const empty = { header: { kind: 'empty' }, bytes: 0, mtimeMs: 7_000, inode, birthMs, changedMs };
  expect(readHeaderFile(join(dir.path, 'empty'))).toEqual(empty);
});

test('a name that is not UTF-8 can be given as bytes', async () => {
  await using dir = await openTempDir();
  const path = Buffer.concat([Buffer.from(`${dir.path}/Sch`), Buffer.of(0xe4), Buffer.from('del')]);
  await writeFile(path, 'no image');
  expect(readHeaderFile(path).header.kind).toBe('not-dicom');
});
