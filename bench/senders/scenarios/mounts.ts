import { cp, mkdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Place } from '../place.ts';
import { QUIET_MS, type Scenario, type Send } from '../scenario.ts';
import { openSsh } from './ssh.ts';

/** What another host writes raises no event on a mount: the watcher polls. */
export const mounts: readonly Scenario[] = [
  {
    name: 'sshfs-rename',
    sender: 'sshfs',
    there: '`-o dir_cache=no`; there `X.tmp`, then `mv`',
    needs: ['root', 'fuse', 'sshfs', 'sshd'],
    async open(place) {
      await mountSshfs(place);
      return sendRenamed(place);
    },
  },
  {
    name: 'sshfs',
    sender: 'sshfs',
    there: '`-o dir_cache=no`; there written under the final name',
    needs: ['root', 'fuse', 'sshfs', 'sshd'],
    async open(place) {
      await mountSshfs(place);
      return sendInPlace(place);
    },
  },
  {
    name: 'bindfs-rename',
    sender: 'bindfs',
    there: 'in the folder below it `X.tmp`, then `mv`',
    needs: ['root', 'fuse', 'bindfs'],
    async open(place) {
      await place.mount('bindfs', [await place.folder('share'), place.data]);
      return sendRenamed(place);
    },
  },
  {
    name: 'bindfs',
    sender: 'bindfs',
    there: 'in the folder below it, under the final name',
    needs: ['root', 'fuse', 'bindfs'],
    async open(place) {
      await place.mount('bindfs', [await place.folder('share'), place.data]);
      return sendInPlace(place);
    },
  },
  {
    name: 'rclone-mount',
    sender: 'rclone mount',
    there: '`--dir-cache-time 1s --attr-timeout 0`; there written under the final name',
    needs: ['root', 'fuse', 'rclone'],
    async open(place) {
      const share = await place.folder('share');
      const cache = ['--dir-cache-time', '1s', '--attr-timeout', '0s', '--cache-dir', await place.folder('cache')];
      await place.mount('rclone', ['mount', '--daemon', ...cache, '--config', '/dev/null', share, place.data]);
      return sendInPlace(place);
    },
  },
  {
    name: 'rclone-copy',
    sender: 'rclone',
    there: '`rclone copy`, under the final name',
    needs: ['rclone'],
    async open(place) {
      const study = await place.study();
      return async () => {
        await place.run('rclone', ['copy', '--config', '/dev/null', study.folder, join(place.data, 'X')]);
        return [study];
      };
    },
  },
];

async function mountSshfs(place: Place): Promise<void> {
  const { config } = await openSsh(place);
  const share = await place.folder('share');
  await place.mount('sshfs', ['-F', config, '-o', 'dir_cache=no', `landing:${share}`, place.data]);
}

async function sendRenamed(place: Place): Promise<Send> {
  const study = await place.study();
  return async () => {
    await cp(study.folder, join(place.real, 'X.tmp'), { recursive: true });
    await rename(join(place.real, 'X.tmp'), join(place.real, 'X'));
    return [study];
  };
}

/** File by file, for longer than the quiet time. */
async function sendInPlace(place: Place): Promise<Send> {
  const study = await place.study();
  return async () => {
    await mkdir(join(place.real, 'X'));
    for (const file of study.files) {
      await cp(file, join(place.real, 'X', basename(file)));
      await pause(QUIET_MS / 6);
    }
    return [study];
  };
}
