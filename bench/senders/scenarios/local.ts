import { cp, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { openTempDir } from '@sendit/testing/services';
import type { Scenario } from '../scenario.ts';
import { PAUSE_MS, QUIET_MS } from '../scenario.ts';

/** What a script on the same host does. */
export const local: readonly Scenario[] = [
  {
    name: 'cp-rename',
    sender: 'cp',
    there: '`cp -r study X.tmp && mv X.tmp X`',
    needs: [],
    isShort: true,
    async open(place) {
      const study = await place.study();
      return async () => {
        await place.run('cp', ['-r', study.folder, join(place.data, 'X.tmp')]);
        await rename(join(place.data, 'X.tmp'), join(place.data, 'X'));
        return [study];
      };
    },
  },
  {
    name: 'cp-across-devices',
    sender: 'cp',
    there: 'from another file system, under the final name',
    needs: ['other-device'],
    async open(place) {
      const study = await place.study();
      const memory = await openTempDir('/dev/shm');
      place.keep(memory);
      await cp(study.folder, join(memory.path, 'X'), { recursive: true });
      return async () => {
        await place.run('cp', ['-r', join(memory.path, 'X'), place.data]);
        return [study];
      };
    },
  },
  {
    name: 'mv-across-devices',
    sender: 'mv',
    there: 'from another file system: a copy, under the final name',
    needs: ['other-device'],
    async open(place) {
      const study = await place.study();
      const memory = await openTempDir('/dev/shm');
      place.keep(memory);
      await cp(study.folder, join(memory.path, 'X'), { recursive: true });
      return async () => {
        await place.run('mv', [join(memory.path, 'X'), place.data]);
        return [study];
      };
    },
  },
  {
    name: 'tar',
    sender: 'tar',
    there: '`tar -x` under the final name, times of the archive',
    needs: ['tar'],
    isShort: true,
    async open(place) {
      const study = await place.study({ layout: 'by-series' });
      const archive = join(place.side, 'study.tar');
      await place.run('tar', ['-cf', archive, '-C', study.folder, '.']);
      return async () => {
        await place.run('sh', ['-c', 'mkdir "$1/X" && tar -xf "$2" -C "$1/X"', 'sh', place.data, archive]);
        return [study];
      };
    },
  },
  {
    name: 'tar-slow',
    sender: 'tar',
    there: 'from a pipe that pauses in the middle of a file',
    needs: ['tar'],
    async open(place) {
      const study = await place.study({ series: [{ instances: 6, rows: 256 }] });
      const archive = join(place.side, 'study.tar');
      await place.run('tar', ['-cf', archive, '-C', study.folder, '.']);
      // Longer than the quiet time, with a file open.
      const script = `mkdir "$1/X"; (head -c 300000 "$2"; sleep ${QUIET_MS / 1000 + 3}; tail -c +300001 "$2") | tar -x -C "$1/X"`;
      return async () => {
        await place.run('sh', ['-c', script, 'sh', place.data, archive]);
        return [study];
      };
    },
  },
  {
    name: 'unzip-rename',
    sender: 'unzip',
    there: '`unzip -d X.tmp`, then `mv`',
    needs: ['unzip', 'zip'],
    async open(place) {
      const study = await place.study();
      const archive = join(place.side, 'study.zip');
      await place.run('zip', ['-qr', archive, '.'], { cwd: study.folder });
      return async () => {
        await place.run('unzip', ['-q', archive, '-d', join(place.data, 'X.tmp')]);
        await rename(join(place.data, 'X.tmp'), join(place.data, 'X'));
        return [study];
      };
    },
  },
  {
    name: 'unzip',
    sender: 'unzip',
    there: '`unzip -d X`, under the final name',
    needs: ['unzip', 'zip'],
    async open(place) {
      const study = await place.study();
      const archive = join(place.side, 'study.zip');
      await place.run('zip', ['-qr', archive, '.'], { cwd: study.folder });
      return async () => {
        await place.run('unzip', ['-q', archive, '-d', join(place.data, 'X')]);
        return [study];
      };
    },
  },
  {
    name: 'new-folder',
    sender: 'Explorer, Finder',
    there: '`New folder`, renamed while it is empty, then filled',
    needs: [],
    async open(place) {
      const study = await place.study();
      const script = `mkdir "$1/New folder"; sleep 1; mv "$1/New folder" "$1/X"; for f in "$2"/*; do cp "$f" "$1/X/"; sleep 0.3; done`;
      return async () => {
        await place.run('sh', ['-c', script, 'sh', place.data, study.folder]);
        return [study];
      };
    },
  },
  ...[false, true].map(
    (isOrdinary): Scenario => ({
      name: isOrdinary ? 'slow-writer-unseen' : 'slow-writer',
      sender: 'a slow writer, another user',
      there: `${PAUSE_MS / 1000} s between two files${isOrdinary ? '; the watcher is not root' : ''}`,
      needs: ['root'],
      ...(isOrdinary ? { isOrdinary } : {}),
      async open(place) {
        const study = await place.study();
        const script = `mkdir "$1/X"; for f in "$2"/*; do cp "$f" "$1/X/"; sleep ${PAUSE_MS / 1000}; done`;
        return async () => {
          await place.run('sh', ['-c', script, 'sh', place.data, study.folder], { uid: OTHER });
          return [study];
        };
      },
    }),
  ),
  ...[false, true].map(
    (isOrdinary): Scenario => ({
      name: isOrdinary ? 'stalled-writer-unseen' : 'stalled-writer',
      sender: 'a stalled writer, another user',
      there: `stops in a file for longer than \`quietMs\`, with it open${isOrdinary ? '; the watcher is not root' : ''}`,
      needs: ['root'],
      ...(isOrdinary ? { isOrdinary } : {}),
      async open(place) {
        const study = await place.study();
        const last = 'IM-0002-0004.dcm';
        const script = `mkdir "$1/X"; for f in "$2"/*; do [ "$f" = "$2/${last}" ] || cp "$f" "$1/X/"; done; { head -c 900 "$2/${last}"; sleep ${(2.5 * QUIET_MS) / 1000}; tail -c +901 "$2/${last}"; } >"$1/X/${last}"`;
        return async () => {
          await place.run('sh', ['-c', script, 'sh', place.data, study.folder], { uid: OTHER });
          return [study];
        };
      },
    }),
  ),
];

/** An account without a name in most systems, and without rights. */
const OTHER = 64_123;
