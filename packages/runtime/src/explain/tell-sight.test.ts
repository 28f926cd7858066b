import type { PendingDirectory } from '@sendit/api';
import type { Settings } from '@sendit/config';
import { expect, test } from 'vitest';
import { type Known, tellSight } from './tell-sight.ts';

const settings = { quietMs: 5_000 } as Settings;
const listing = {
  exists: true,
  isDirectory: true,
  files: 2,
  bytes: 10,
  unreadable: 0,
  snapshotDigest: 'a',
  newestMtimeMs: null,
  newestCtimeMs: null,
};

function tell(name: string, kept: Partial<PendingDirectory>): readonly string[] {
  const path = `/data/${name}`;
  const pending = {
    root: 'data',
    path,
    name,
    arrival: 'found',
    outcome: 'hold',
    reason: 'its longest wait is over',
    since: '2026-01-01T00:00:00.000Z',
    decision: null,
    identity: null,
    waitingMs: 90_000,
    unchangedMs: 90_000,
    snapshotDigest: 'b',
    quietMs: 5_000,
    ...kept,
  } as PendingDirectory;
  const known: Known = {
    isRunning: true,
    folders: ['/data'],
    pending,
    allPending: [pending],
    batch: undefined,
    problem: null,
  };
  return tellSight(settings, { path, name, listing: listing as never, watchPath: undefined }, known).toFinish;
}

test('a held .tmp is advised to be renamed, not to be released, which would be refused', () => {
  const rename = 'Rename it to its final name when everything is in it.';
  expect(tell('L1.tmp', {})).toEqual([rename]);
  expect(tell('L1.tmp9', { outcome: 'quarantine' })).toEqual([rename]);
});

test('a held directory with its final name may be released', () => {
  expect(tell('L1', {}).at(-1)).toContain('sendit batch release /data/L1');
  expect(tell('L1', { outcome: 'quarantine' })).toHaveLength(2);
});
