import type { WatcherStatus } from '@sendit/api';
import { aRoot } from '@sendit/testing';
import { expect, test } from 'vitest';
import { renderWatcherStatus } from './render-status.ts';

const root = aRoot({
  name: 'ct',
  path: '/mnt/ct',
  backend: 'polling',
  backendReason: 'Linux, ext4, but no watch is left (ENOSPC)',
  foundByRescan: 3,
  problems: ['1 directory cannot be watched (ENOSPC). Raise fs.inotify.max_user_watches.'],
});
const status: WatcherStatus = {
  active: true,
  pid: 4711,
  since: '2024-01-31T00:00:00.000Z',
  mode: 'embedded',
  portal: { url: null },
  roots: [root],
  queue: null,
  actions: null,
  problems: [],
};

test('the status says which backend watches a path and why, what only a rescan found, and what to do', () => {
  const lines = renderWatcherStatus(status).split('\n');
  expect(lines.slice(-2)).toEqual([
    'ct: polling, Linux, ext4, but no watch is left (ENOSPC); 3 found by rescan, not by event',
    'ct: 1 directory cannot be watched (ENOSPC). Raise fs.inotify.max_user_watches.',
  ]);
});

test('of a path that cannot be watched the status says why in the table alone', () => {
  const away = { ...root, backend: 'none', backendReason: null, problem: 'It is not mounted.', problems: [] };
  const lines = renderWatcherStatus({ ...status, roots: [away] }).split('\n');
  expect(lines.at(-1)).toContain('It is not mounted.');
});
