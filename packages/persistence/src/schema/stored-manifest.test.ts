import type { ManifestFile } from '@sendit/model';
import { expect, test } from 'vitest';
import { toManifestFile, toManifestParts } from './stored-manifest.ts';

const FILE: ManifestFile = { path: 'a', bytes: 1, mtimeNs: 2n, inode: 3n };

test.each<[string, ManifestFile]>([
  ['as little as is known', FILE],
  ['a name that is not UTF-8', { ...FILE, rawPath: Buffer.of(0xff) }],
  ['a time of birth', { ...FILE, bornNs: 4n }],
  ['both', { ...FILE, rawPath: Buffer.of(0xff), bornNs: 4n }],
  ['a change time', { ...FILE, changedNs: 5n }],
  ['one before the modification time', { ...FILE, changedNs: 1n }],
  ['all', { ...FILE, rawPath: Buffer.of(0xff), bornNs: 4n, changedNs: 2n }],
])('a sealed file is read as it was written: %s', (_title, file) => {
  const [[stored] = []] = [...toManifestParts([file])];
  expect(stored && toManifestFile(JSON.parse(JSON.stringify(stored)))).toEqual(file);
});

test('files of earlier versions have no time of birth, or no change time', () => {
  expect(toManifestFile(['a', 1, '2', '3', null, '4'])).toEqual({ ...FILE, bornNs: 4n });
  expect(toManifestFile(['a', 1, '2', '3', '/w=='])).toEqual({ ...FILE, rawPath: Buffer.of(0xff) });
});
