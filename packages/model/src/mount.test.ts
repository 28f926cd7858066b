import { expect, test } from 'vitest';
import { describeMount, isSameMount, type MountIdentity } from './mount.ts';

const SHARE: MountIdentity = { fsType: 'nfs4', source: 'nas:/export', root: '/', uuid: null, topInode: null };
const DISK: MountIdentity = { fsType: 'ext4', source: '/dev/sdb1', root: '/', uuid: 'u-1', topInode: '2:1700' };

test.each<[string, MountIdentity, Partial<MountIdentity>, boolean]>([
  ['the same share', SHARE, {}, true],
  ['the same share by another version of the protocol', SHARE, { fsType: 'nfs' }, true],
  ['another share of the same server', SHARE, { source: 'nas:/other' }, false],
  ['another directory of the same share', SHARE, { root: '/sub' }, false],
  ['the bare mount point', SHARE, { ...DISK, root: '/mnt/share' }, false],
  ['the same disk under another device name', DISK, { source: '/dev/sdc1' }, true],
  ['another disk under the same device name', DISK, { uuid: 'u-2' }, false],
  ['the same disk in a container that sees no UUID', DISK, { uuid: null }, true],
  ['another disk in a container that sees no UUID', DISK, { uuid: null, topInode: '2:1800' }, false],
  ['the same disk under another name, without a UUID', DISK, { uuid: null, source: '/dev/sdc1' }, true],
  [
    'another disk under another name, without a UUID',
    DISK,
    { uuid: null, source: '/dev/sdc1', topInode: '2:1800' },
    false,
  ],
  [
    'a disk of which only the name is known, under another one',
    DISK,
    { uuid: null, source: '/dev/sdc1', topInode: null },
    false,
  ],
])('%s', (_, known, change, same) => {
  const seen = { ...known, ...change };
  expect(isSameMount(known, seen)).toBe(same);
  expect(isSameMount(seen, known)).toBe(same);
});

test('is described by what a person mounted', () => {
  expect(describeMount(SHARE)).toBe('nfs4 nas:/export');
  expect(describeMount({ ...DISK, root: '/mnt/share' })).toBe('directory /mnt/share of ext4 /dev/sdb1');
});
