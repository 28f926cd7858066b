import { describeWith } from '@sendit/testing';
import { describe, expect, test } from 'vitest';
import { runChaos } from './run-chaos.ts';
import type { Backend } from './schedule.ts';

const SHORT = { studies: 40, faults: 6 };
const TIMEOUT_MS = 400_000;

async function expectSurvival(backend: Backend): Promise<void> {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const result = await runChaos({ backend, ...SHORT, seed }, new AbortController().signal);
  const { dropped, sealed, done, quarantined, lost, doubled, half, kills, faults, problems, uncleanStops, admitted } =
    result;
  // Said when it fails.
  const replay = `npm run chaos -- --backend ${backend} --studies ${SHORT.studies} --faults ${SHORT.faults} --seed ${seed}`;
  const ended = done + quarantined;
  expect({ sealed, ended, lost, doubled, half, problems, kills, faults, uncleanStops, admitted, replay }).toEqual({
    sealed: dropped,
    ended: dropped,
    lost: 0,
    doubled: 0,
    half: 0,
    problems: [],
    kills: 3,
    faults: 6,
    uncleanStops: 0,
    admitted: 0,
    replay,
  });
}

describe('each directory is imported once, whatever dies', () => {
  test('on the embedded database', () => expectSurvival('embedded'), TIMEOUT_MS);
});

describeWith(['postgres'], 'each directory is imported once, whatever dies, with a PostgreSQL server', () => {
  test('on PostgreSQL', () => expectSurvival('postgres'), TIMEOUT_MS);
});

describeWith(['postgres', 'redis'], 'each directory is imported once, whatever dies, with PostgreSQL and Redis', () => {
  test('on PostgreSQL and Redis', () => expectSurvival('redis'), TIMEOUT_MS);
});
