import type { ManifestFile } from '@sendit/model';
import { expect, test } from 'vitest';
import { isAsSealed, type SeenFile } from './is-as-sealed.ts';

const SEALED: ManifestFile = {
  path: 'a',
  bytes: 5,
  mtimeNs: 1_700_000_000_123_456_789n,
  inode: 7n,
  bornNs: 3_000_000n,
};
const { bornNs: _birth, ...UNBORN } = SEALED;
const SEEN: SeenFile = {
  header: { kind: 'dicom' },
  bytes: 5,
  mtimeMs: 1_700_000_000_000 + 123.456_789,
  inode: 7,
  birthMs: 3,
};

test.each<[string, ManifestFile, Partial<SeenFile>, keepsInodes: boolean, expected: boolean]>([
  ['the same file', SEALED, {}, true, true],
  ['another size', SEALED, { bytes: 6 }, true, false],
  ['another time', SEALED, { mtimeMs: 1 }, true, false],
  ['another birth under the same inode', SEALED, { birthMs: 4 }, true, false],
  ['another birth where inodes change with each mount', SEALED, { birthMs: 4, inode: 9 }, false, false],
  ['the same birth under another inode', SEALED, { inode: 9 }, true, true],
  ['another inode, without a birth that was sealed', UNBORN, { inode: 9 }, true, false],
  ['another inode, without a birth that is seen', SEALED, { inode: 9, birthMs: 0 }, true, false],
  ['another inode where these change with each mount', UNBORN, { inode: 9 }, false, true],
  ['what nobody knows', UNBORN, { inode: undefined as never, birthMs: undefined as never }, true, true],
  ['what cannot be read', SEALED, { header: { kind: 'unreadable' }, bytes: 0, mtimeMs: 0 }, true, true],
])('%s', (_title, sealed, changes, keepsInodes, expected) => {
  expect(isAsSealed(sealed, { ...SEEN, ...changes }, keepsInodes)).toBe(expected);
});
