import { expect, test } from 'vitest';
import { readDaemonOptions } from './read-daemon-options.ts';

const COMMANDS = [
  ['/sbin/init'],
  ['vi', '/mnt/ssh'],
  ['sshfs', 'me@pacs:/out', '/mnt/ssh', '-o', 'ro,dcache_timeout=3', '-oattr_timeout=2', ''],
  ['/usr/bin/rclone', 'mount', '--allow-other', '--dir-cache-time', '30s', '--attr-timeout=1s', 'r:', '/mnt/rc', ''],
];

const read = (fsType: string, mountPoint: string) =>
  readDaemonOptions({ fsType, mountPoint }, () => Promise.resolve(COMMANDS));

test('the options of sshfs and rclone are those that they were started with', async () => {
  expect(Object.fromEntries(await read('fuse.sshfs', '/mnt/ssh'))).toEqual({
    ro: '',
    dcache_timeout: '3',
    attr_timeout: '2',
  });
  expect(Object.fromEntries(await read('fuse.rclone', '/mnt/rc'))).toEqual({
    'allow-other': '',
    'dir-cache-time': '30s',
    'attr-timeout': '1s',
  });
});

test('another program, another mount point and another kind of mount tell nothing', async () => {
  expect((await read('fuse.sshfs', '/mnt/other')).size).toBe(0);
  expect((await read('fuse.bindfs', '/mnt/ssh')).size).toBe(0);
  expect((await read('nfs4', '/mnt/ssh')).size).toBe(0);
  expect((await readDaemonOptions({ fsType: 'fuse.none', mountPoint: '/none' })).size).toBe(0);
});
