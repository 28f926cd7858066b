import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { PAUSE_MS, type Scenario } from '../scenario.ts';

/** A study of some megabytes: at the rate below a run takes seconds. */
const LARGE = { series: [{ instances: 4, rows: 512 }] };
const PARTIAL = '--partial-dir=.rsync-partial';
const RATE = '--bwlimit=700';
const KILL_MS = 1_800;
/** Nobody takes away what SIGKILL leaves under an unfinished name: it is told of, and is never taken for the file. */
const LEFT_BEHIND = ['truncated', 'truncated-duplicate'];

interface Way {
  readonly name: string;
  readonly there: string;
  readonly args: readonly string[];
  readonly findings?: readonly string[];
}

/** rsync writes under the final name of the directory, in one run. */
const WHOLE: readonly Way[] = [
  { name: 'rsync', there: '`rsync -a`, under the final name', args: [] },
  { name: 'rsync-inplace', there: '`--inplace`', args: ['--inplace'] },
  { name: 'rsync-delayed', there: '`--delay-updates`', args: ['--delay-updates'] },
];

/** It is killed in the middle of a file and run again. */
const KILLED: readonly Way[] = [
  { name: 'rsync-killed', there: '`rsync -a`, killed, run again', args: [], findings: LEFT_BEHIND },
  {
    name: 'rsync-partial',
    there: '`--partial-dir=.rsync-partial`, killed, run again',
    args: [PARTIAL],
  },
  { name: 'rsync-inplace-killed', there: '`--inplace`, killed, run again within `quietMs`', args: ['--inplace'] },
];

export const rsync: readonly Scenario[] = [
  {
    name: 'rsync-rename',
    sender: 'rsync',
    there: 'into `X.tmp`, then `mv`',
    needs: ['rsync'],
    async open(place) {
      const study = await place.study();
      return async () => {
        await place.run('rsync', ['-a', `${study.folder}/`, join(place.data, 'X.tmp')]);
        await rename(join(place.data, 'X.tmp'), join(place.data, 'X'));
        return [study];
      };
    },
  },
  ...WHOLE.map(
    ({ args, ...way }): Scenario => ({
      ...way,
      sender: 'rsync',
      needs: ['rsync'],
      async open(place) {
        const study = await place.study(LARGE);
        return async () => {
          await place.run('rsync', ['-a', RATE, ...args, `${study.folder}/`, join(place.data, 'X')]);
          return [study];
        };
      },
    }),
  ),
  ...KILLED.map(
    ({ args, ...way }): Scenario => ({
      ...way,
      sender: 'rsync',
      needs: ['rsync'],
      async open(place) {
        const study = await place.study(LARGE);
        const all = ['-a', ...args, `${study.folder}/`, join(place.data, 'X')];
        return async () => {
          await place.run('rsync', [RATE, ...all], {
            kill: { afterMs: KILL_MS, signal: args.includes(PARTIAL) ? 'SIGTERM' : 'SIGKILL' },
          });
          await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
          await place.run('rsync', [RATE, ...all]);
          return [study];
        };
      },
    }),
  ),
];
