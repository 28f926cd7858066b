import { expect, test } from 'vitest';
import { findMountOf, parseMountInfo, toPathBelow } from './parse-mountinfo.ts';
import { isLocalBelow, type MountSystem, readMount } from './read-mount.ts';

const TABLE = [
  '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro',
  '40 22 0:35 / /mnt/share rw,nosuid shared:20 master:3 - nfs4 nas:/export rw,vers=4.2,acregmax=60',
  String.raw`41 22 0:40 / /mnt/my\040share rw - cifs //nas/my\040share rw,actimeo=1`,
  '42 22 8:17 / /mnt/disk rw - ext4 /dev/sdb1 rw',
  '43 22 8:17 /landing /srv/bound rw - ext4 /dev/sdb1 rw',
  '44 22 0:50 / /mnt/disk rw - tmpfs tmpfs rw,size=1k',
  '45 22 0:51 / /mnt/ssh rw - fuse.sshfs me@pacs:/out rw,user_id=0',
  'no line of it',
  '',
].join('\n');

function aSystem(changes: Partial<MountSystem> = {}): MountSystem {
  return {
    readMountInfo: () => Promise.resolve(TABLE),
    readMountId: () => Promise.resolve(undefined),
    realpath: (path) => Promise.resolve(path),
    stat: () => Promise.resolve({ ino: 2n, birthtimeNs: 1_700n }),
    readUuid: (device) => Promise.resolve(device === '/dev/sdb1' ? 'b1' : null),
    ...changes,
  };
}

test('every line is read, octal escapes too, and what is no line is left out', () => {
  const mounts = parseMountInfo(TABLE);
  expect(mounts.map(({ mountPoint }) => mountPoint)).toEqual([
    '/',
    '/mnt/share',
    '/mnt/my share',
    '/mnt/disk',
    '/srv/bound',
    '/mnt/disk',
    '/mnt/ssh',
  ]);
  expect(mounts[2]).toEqual({
    id: 41,
    device: '0:40',
    root: '/',
    mountPoint: '/mnt/my share',
    options: ['rw'],
    fsType: 'cifs',
    source: '//nas/my share',
    superOptions: ['rw', 'actimeo=1'],
  });
});

test.each([
  ['/data', 22],
  ['/mnt/share', 40],
  ['/mnt/share/a', 40],
  ['/mnt/shared', 22],
  ['/mnt/disk/a', 44],
])('%s lies on mount %i', (path, id) => {
  expect(findMountOf(path, parseMountInfo(TABLE))?.id).toBe(id);
});

test('a path below a directory is told without its start', () => {
  expect(toPathBelow('/a/b/c', '/a')).toBe('b/c');
  expect(toPathBelow('/a', '/a')).toBe('');
  expect(toPathBelow('/a', '/')).toBe('a');
  expect(toPathBelow('/ab', '/a')).toBeUndefined();
});

test('the directory of a share is known by type, source and what of it is seen', async () => {
  expect((await readMount('/mnt/share/in', aSystem()))?.identity).toEqual({
    fsType: 'nfs4',
    source: 'nas:/export',
    root: '/in',
    uuid: null,
    topInode: null,
  });
});

test('a disk is known by UUID and top directory, whichever mount of it is seen', async () => {
  const system = aSystem({ readMountId: () => Promise.resolve(43) });
  expect((await readMount('/srv/bound/in', system))?.identity).toEqual({
    fsType: 'ext4',
    source: '/dev/sdb1',
    root: '/landing/in',
    uuid: 'b1',
    topInode: '2:1700',
  });
});

test("the system's own word on which mount it is comes before the paths", async () => {
  const covered = aSystem({ readMountId: () => Promise.resolve(42) });
  expect((await readMount('/mnt/disk/a', covered))?.identity).toMatchObject({ fsType: 'ext4', root: '/a' });
});

test('a directory is looked at by the path without links', async () => {
  const system = aSystem({ realpath: () => Promise.resolve('/mnt/ssh/in') });
  expect((await readMount('/data', system))?.identity).toMatchObject({ source: 'me@pacs:/out', root: '/in' });
});

test('where the system has no list of mounts nothing is told', async () => {
  expect(await readMount('/data', aSystem({ readMountInfo: () => Promise.resolve(undefined) }))).toBeUndefined();
});

test.runIf(process.platform === 'linux')('this very directory lies on a mount', async () => {
  const sight = await readMount(process.cwd());
  expect(sight?.identity.root.startsWith('/')).toBe(true);
  expect(parseMountInfo('').length).toBe(0);
});

test.each([
  ['a directory with nothing mounted below', '/data', true],
  ['a share and file systems of processes below', '/mnt', false],
  ['the root of all', '/', false],
  ['disks and memory below', '/srv', true],
  // What is mounted there itself is told by its own kind.
  ['a share itself', '/mnt/share', true],
])('whether only disks of this machine are below: %s', async (_title, path, expected) => {
  expect(await isLocalBelow(path, aSystem())).toBe(expected);
});

test('an automount below is not on a disk; where the system does not tell, all is taken for local', async () => {
  const autofs = '50 22 0:60 / /data/nas rw - autofs systemd-1 rw';
  expect(await isLocalBelow('/data', aSystem({ readMountInfo: () => Promise.resolve(`${TABLE}\n${autofs}`) }))).toBe(
    false,
  );
  expect(await isLocalBelow('/mnt', aSystem({ readMountInfo: () => Promise.resolve(undefined) }))).toBe(true);
  expect(await isLocalBelow('/link', aSystem({ realpath: () => Promise.resolve('/mnt') }))).toBe(false);
});
