import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { IN, IN_ALL_EVENTS, IN_ISDIR, silentLogger } from '@sendit/model';
import { describe, expect, test, vi } from 'vitest';
import { openChokidarSource } from '../src/chokidar/chokidar-source.ts';
import { openWatchSource } from '../src/index.ts';
import { openSandbox, recordFrom } from './sandbox.ts';

describe('openWatchSource', () => {
  test.each([0, IN_ISDIR, IN.IN_Q_OVERFLOW, -1, Number.NaN])(
    'refuses a mask that nothing can match: %s',
    async (mask) => {
      await expect(openWatchSource({ path: '/', mask })).rejects.toThrow(TypeError);
    },
  );

  test.each([0, -1, Number.NaN])('refuses a pause that is no time: %s', async (pollMs) => {
    await expect(openWatchSource({ path: '/', mask: IN_ALL_EVENTS, pollMs })).rejects.toThrow(TypeError);
  });
});

test('chokidar beyond its bound says that events are missing, and goes on', async () => {
  await using sandbox = await openSandbox();
  const options = { path: sandbox.root, mask: IN.IN_CREATE, reason: 'test', logger: silentLogger };
  const source = await openChokidarSource({ ...options, maxQueuedEvents: 2 });
  const control = await openChokidarSource(options);
  await using all = recordFrom(control);
  for (const name of ['a', 'b', 'c', 'd']) await mkdir(join(sandbox.root, name));
  await vi.waitFor(() => expect(all.events).toHaveLength(4), 10_000);
  await using seen = recordFrom(source);
  await vi.waitFor(() => expect(seen.events).toHaveLength(3), 10_000);
  expect(seen.events.map(({ wd, maskname }) => `${wd} ${maskname}`)).toEqual([
    '1 IN_CREATE|IN_ISDIR',
    '1 IN_CREATE|IN_ISDIR',
    '-1 IN_Q_OVERFLOW',
  ]);
  await mkdir(join(sandbox.root, 'after'));
  await vi.waitFor(() => expect(seen.lines()).toContain('IN_CREATE|IN_ISDIR after'), 10_000);
});
