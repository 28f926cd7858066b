import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readFileKind, toFileKind } from './file-kind.ts';

const at = (offset: number, text: string): Buffer => Buffer.concat([Buffer.alloc(offset), Buffer.from(text, 'latin1')]);

test.each([
  ['a', at(128, 'DICM'), 'dicom'],
  ['a.dcm', Buffer.alloc(0), 'dicom'],
  ['a.IMA', at(0, '\x08\0'), 'dicom'],
  ['a.dcm', at(0, 'PK\x03\x04'), 'zip'],
  ['a', at(0, '\x1f\x8b\x08'), 'gzip'],
  ['a', at(0, '7z\xbc\xaf\x27\x1c'), '7z'],
  ['a', at(0, 'Rar!\x1a\x07\x01'), 'rar'],
  ['a', at(257, 'ustar'), 'tar'],
  ['a.txt', at(0, 'hello'), 'other'],
  ['a', Buffer.alloc(0), 'other'],
] as const)('%s is told by its first bytes (%#)', (name, head, kind) => {
  expect(toFileKind(name, head)).toBe(kind);
});

test('is read from disk; a link, a directory and a file that is gone are judged by the name alone', async () => {
  const root = await mkdtemp(join(tmpdir(), 'sendit-kind-'));
  try {
    await writeFile(join(root, 'a'), at(128, 'DICM'));
    await symlink(join(root, 'a'), join(root, 'link'));
    const paths = ['a', 'link', '.', 'gone', 'gone.dcm'];
    const kinds = await Promise.all(paths.map((name) => readFileKind(join(root, name))));
    expect(kinds).toEqual(['dicom', 'other', 'other', 'other', 'dicom']);
  } finally {
    await rm(root, { recursive: true });
  }
});
