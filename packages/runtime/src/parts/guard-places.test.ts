import { createRecordingLogger, ManualClock, settle } from '@sendit/testing';
import { expect, test } from 'vitest';
import { guardPlaces } from './guard-places.ts';

function aPlace(path: string) {
  const place = { path, answer: (): boolean => true, isInPlace: (): boolean => place.answer() };
  return place;
}

function open() {
  const [lock, database] = [aPlace('/state/watcher.lock'), aPlace('/state/database')];
  const [clock, logger, stop] = [new ManualClock(), createRecordingLogger(), new AbortController()];
  const guarding = guardPlaces({ places: [lock, database], clock, logger }, stop.signal);
  const ended = guarding.then(
    () => 'stopped',
    (error: unknown) => error,
  );
  return { lock, database, clock, logger, stop, ended };
}

test('goes on while everything is in place, until it is stopped', async () => {
  const { clock, ended, logger, stop } = open();
  await clock.advance(60_000);
  stop.abort();
  expect(await ended).toBe('stopped');
  expect(logger.lines).toEqual([]);
});

test('ends within a second when a path leads elsewhere, and names it', async () => {
  const { clock, database, ended } = open();
  await clock.advance(5_000);
  database.answer = () => false;
  await clock.advance(1_000);
  expect(await ended).toMatchObject({
    code: 'state-directory-lost',
    message: expect.stringContaining('/state/database'),
  });
});

test('what cannot be told is said once, and ends nothing', async () => {
  const { clock, ended, lock, logger, stop } = open();
  await settle();
  lock.answer = () => {
    throw Object.assign(new Error('stale'), { code: 'EIO' });
  };
  await clock.advance(10_000);
  expect(logger.said('WARNING')).toEqual([
    'Cannot tell whether /state/watcher.lock is in place: EIO; it is looked at again',
  ]);
  lock.answer = () => true;
  await clock.advance(10_000);
  stop.abort();
  expect(await ended).toBe('stopped');
});
