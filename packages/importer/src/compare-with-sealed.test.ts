import type { ManifestFile } from '@sendit/model';
import { expect, test } from 'vitest';
import { compareWithSealed, type SeenFile } from './compare-with-sealed.ts';

const SEALED: ManifestFile = {
  path: 'a',
  bytes: 5,
  mtimeNs: 1_700_000_000_123_456_789n,
  inode: 7n,
  bornNs: 3_000_000n,
  changedNs: 1_700_000_000_223_456_789n,
};
const { bornNs: _birth, ...UNBORN } = SEALED;
const { changedNs: _change, ...UNCHANGED } = SEALED;
const SEEN: SeenFile = {
  header: { kind: 'dicom' },
  bytes: 5,
  mtimeMs: 1_700_000_000_000 + 123.456_789,
  inode: 7,
  birthMs: 3,
  changedMs: 1_700_000_000_000 + 223.456_789,
};

test.each<[string, ManifestFile, Partial<SeenFile>, keepsInodes: boolean, expected: 'sealed' | 'changed' | 'touched']>([
  ['the same file', SEALED, {}, true, 'sealed'],
  ['another size', SEALED, { bytes: 6 }, true, 'changed'],
  ['another time', SEALED, { mtimeMs: 1 }, true, 'changed'],
  ['another birth under the same inode', SEALED, { birthMs: 4 }, true, 'changed'],
  ['another birth where inodes change with each mount', SEALED, { birthMs: 4, inode: 9 }, false, 'changed'],
  ['the same birth under another inode', SEALED, { inode: 9 }, true, 'sealed'],
  ['another inode, without a birth that was sealed', UNBORN, { inode: 9 }, true, 'changed'],
  ['another inode, without a birth that is seen', SEALED, { inode: 9, birthMs: 0 }, true, 'changed'],
  ['another inode where these change with each mount', UNBORN, { inode: 9 }, false, 'sealed'],
  ['what nobody knows', UNBORN, { inode: undefined as never, birthMs: undefined as never }, true, 'sealed'],
  ['another change time alone', SEALED, { changedMs: 9 }, true, 'touched'],
  ['another change time and another size', SEALED, { changedMs: 9, bytes: 6 }, true, 'changed'],
  ['another change time where nobody knows what it says', SEALED, { changedMs: 9 }, false, 'sealed'],
  ['a change time that was not sealed', UNCHANGED, { changedMs: 9 }, true, 'sealed'],
  ['what cannot be read', SEALED, { header: { kind: 'unreadable' }, bytes: 0, mtimeMs: 0 }, true, 'sealed'],
])('%s', (_title, sealed, changes, keepsInodes, expected) => {
  expect(compareWithSealed(sealed, { ...SEEN, ...changes }, keepsInodes)).toBe(expected);
});
