import { expect, test } from 'vitest';
import { toCacheTime, toMountOptions } from './cache-time.ts';
import { parseMountInfo } from './parse-mountinfo.ts';

/** One mount, as the kernel lists it. */
function aMount(fsType: string, superOptions: string, source = 'x') {
  const [mount] = parseMountInfo(`40 22 0:35 / /mnt rw,relatime shared:20 - ${fsType} ${source} rw,${superOptions}`);
  if (mount === undefined) throw new Error('Expected a mount');
  return mount;
}

test.each<[string, string, string, number | undefined]>([
  ['NFS keeps directories a minute', 'nfs4', 'vers=4.2,rsize=1048576,hard', 60_000],
  ['NFS with all times set', 'nfs', 'acregmin=1,acregmax=2,acdirmin=1,acdirmax=3', 3_000],
  ['NFS with actimeo as the kernel lists it', 'nfs4', 'acregmin=1,acregmax=1,acdirmin=1,acdirmax=1', 1_000],
  ['NFS whose files alone have a time: directories keep theirs', 'nfs4', 'acregmax=5', 60_000],
  ['NFS whose directories are kept longer', 'nfs4', 'acdirmax=600', 600_000],
  ['NFS without attribute caching', 'nfs', 'noac,acregmin=0', undefined],
  ['CIFS keeps a second', 'cifs', 'vers=3.1.1,cache=strict', 1_000],
  ['CIFS as set', 'cifs', 'actimeo=30', 30_000],
  ['CIFS with a time for directories', 'smb3', 'acregmax=1,acdirmax=60', 60_000],
  ['CIFS without', 'cifs', 'actimeo=0', undefined],
  ['sshfs keeps 20 s, the kernel one more', 'fuse.sshfs', 'user_id=0,group_id=0', 21_000],
  ['rclone keeps directories five minutes', 'fuse.rclone', 'user_id=0', 301_000],
  ['s3fs keeps a quarter of an hour', 'fuse.s3fs', 'user_id=0', 901_000],
  ['another FUSE file system: what the kernel keeps', 'fuse.bindfs', 'user_id=0', 1_000],
  ['9p does not keep anything', '9p', 'trans=virtio', undefined],
  ['9p that never looks again', '9p', 'trans=virtio,cache=loose', Number.POSITIVE_INFINITY],
  ['virtiofs', 'virtiofs', '', 1_000],
  ['VirtualBox, in milliseconds', 'vboxsf', 'ttl=500', 500],
  ['a disk', 'ext4', 'errors=remount-ro', undefined],
  ['NTFS on a disk of this host', 'fuseblk', 'user_id=0', undefined],
  ['Ceph, which is coherent', 'ceph', 'acl', undefined],
])('%s', (_, fsType, options, ms) => {
  expect(toCacheTime(aMount(fsType, options))?.ms).toBe(ms);
});

test('WebDAV is known by its source', () => {
  expect(toCacheTime(aMount('fuse', '', 'https://dav.example/x'))?.ms).toBe(60_000);
  expect(toCacheTime(aMount('fuse', '', 'something'))?.ms).toBe(1_000);
});

test.each<[string, string, string[], number]>([
  ['sshfs without its cache', 'fuse.sshfs', ['dir_cache=no'], 1_000],
  ['sshfs of version 2 without its cache', 'fuse.sshfs', ['cache=no', 'attr_timeout=3'], 3_000],
  ['sshfs with another time', 'fuse.sshfs', ['dcache_timeout=115'], 116_000],
  ['sshfs with a time for listings', 'fuse.sshfs', ['cache_timeout=5', 'cache_dir_timeout=60'], 61_000],
  ['rclone with a time in its own words', 'fuse.rclone', ['dir-cache-time=1m30s', 'attr-timeout=500ms'], 90_500],
  ['a value that is none stands for the default', 'fuse.rclone', ['dir-cache-time=often'], 301_000],
])('%s', (_, fsType, own, ms) => {
  expect(toCacheTime(aMount(fsType, ''), toMountOptions(own))?.ms).toBe(ms);
});

test('says whether options tell, and what to mount it with', () => {
  expect(toCacheTime(aMount('nfs4', ''))).toMatchObject({ told: 'default', remedy: 'actimeo=1 (or noac)' });
  expect(toCacheTime(aMount('fuse.sshfs', ''), toMountOptions(['dcache_timeout=3']))).toEqual({
    ms: 4_000,
    told: 'options',
    remedy: 'dir_cache=no',
  });
  expect(toCacheTime(aMount('fuse.sshfs', ''), toMountOptions(['dir_cache=no']))).toMatchObject({
    remedy: 'attr_timeout=0,entry_timeout=0',
  });
});
