import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ManualClock, openTempDir } from '@sendit/testing';
import { expect, test } from 'vitest';
import { runWatchdog } from '../src/index.ts';

async function countingCommand(dir: string): Promise<{ command: string; sent: () => Promise<number> }> {
  const command = join(dir, 'systemd-notify');
  await writeFile(command, `#!/bin/sh\necho "$2" >> ${dir}/got\n`);
  await chmod(command, 0o755);
  const sent = async (): Promise<number> =>
    (await readFile(join(dir, 'got'), 'utf8').catch(() => '')).split('\n').length - 1;
  return { command, sent };
}

test('WATCHDOG=1 is sent twice in each interval, until the end', async () => {
  await using dir = await openTempDir();
  const { command, sent } = await countingCommand(dir.path);
  const stop = new AbortController();
  const slept: number[] = [];
  const clock = {
    now: () => 0,
    sleep: (ms: number) => {
      if (slept.push(ms) === 3) stop.abort();
      return Promise.resolve();
    },
  };
  await runWatchdog({ socket: '/run/notify', command, usec: '10000000', pid: String(process.pid), clock }, stop.signal);
  expect(slept).toEqual([5_000, 5_000, 5_000]);
  expect(await sent()).toBe(3);
});

test.each([
  ['no interval', { usec: undefined, pid: undefined }],
  ['an interval that is no number', { usec: 'soon', pid: undefined }],
  ['another process is watched', { usec: '10000000', pid: '1' }],
])('nothing is sent with %s', async (_name, asked) => {
  await using dir = await openTempDir();
  const { command, sent } = await countingCommand(dir.path);
  const options = { socket: '/run/notify', command, clock: new ManualClock(), ...asked };
  await runWatchdog(options, new AbortController().signal);
  expect(await sent()).toBe(0);
});
