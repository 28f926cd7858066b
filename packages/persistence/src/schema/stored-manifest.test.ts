import type { ManifestFile } from '@sendit/model';
import { expect, test } from 'vitest';
import { toManifestFile, toManifestParts } from './stored-manifest.ts';

const FILE: ManifestFile = { path: 'a', bytes: 1, mtimeNs: 2n, inode: 3n };

test.each<[string, ManifestFile]>([
  ['as little as is known', FILE],
  ['a name that is not UTF-8', { ...FILE, rawPath: Buffer.of(0xff) }],
  ['a time of birth', { ...FILE, bornNs: 4n }],
  ['both', { ...FILE, rawPath: Buffer.of(0xff), bornNs: 4n }],
])('a sealed file is read as it was written: %s', (_title, file) => {
  const [[stored] = []] = [...toManifestParts([file])];
  expect(stored && toManifestFile(JSON.parse(JSON.stringify(stored)))).toEqual(file);
});

test('a file of an earlier version has no time of birth', () => {
  expect(toManifestFile(['a', 1, '2', '3', '/w=='])).toEqual({ ...FILE, rawPath: Buffer.of(0xff) });
});
