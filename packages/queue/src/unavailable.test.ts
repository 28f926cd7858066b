import { SenditError } from '@sendit/model';
import { expect, test } from 'vitest';
import type { QueueTarget } from './import-queue.ts';
import { describeTarget, isOutage, toSafeMessage, toUnavailable } from './unavailable.ts';

const TARGET: QueueTarget = { kind: 'redis', url: 'redis://sender:p%40ss%2Fword@cache.example:6380/2' };

test('a target is named without its user and password', () => {
  expect(describeTarget(TARGET)).toBe('Redis at cache.example:6380/2');
  expect(describeTarget({ kind: 'postgres', url: 'postgres://a:b@[broken' })).toBe('PostgreSQL');
  for (const url of ['redis://u:1234/geheim@h', 'user:geheim@127.0.0.1:1', 'redis:/u:geheim@h', 'redis://u:geheim']) {
    expect(describeTarget({ kind: 'redis', url })).not.toContain('geheim');
  }
});

test.each([
  'invalid URL redis://sender:p%40ss%2Fword@cache.example:6380/2',
  'AUTH sender p@ss/word: WRONGPASS',
  'AUTH sender p%40ss%2Fword',
])('the password is cut out of %j', (message) => {
  const error = toUnavailable(new Error(message), TARGET);
  expect(toSafeMessage(new Error(message), TARGET)).toContain('***');
  for (const text of [error.message, String(error.cause)]) expect(text).not.toMatch(/p(?:@|%40)ss/);
});

test('an empty message of a driver gives way to its code', () => {
  expect(toSafeMessage(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }), TARGET)).toBe('ECONNREFUSED');
});

test('a SenditError is passed on as it is', () => {
  const error = new SenditError('no', { code: 'refused' });
  expect(toUnavailable(error, TARGET)).toBe(error);
});

test.each([
  [Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), true],
  [Object.assign(new Error('the database system is starting up'), { code: '57P03' }), true],
  [new Error('Connection terminated unexpectedly'), true],
  [new Error('LOADING Redis is loading the dataset in memory'), true],
  [Object.assign(new Error('deadlock detected'), { code: '40P01' }), false],
  [new Error('Missing lock for job 7. moveToFinished'), false],
])('%s: outage %s', (error, expected) => {
  expect(isOutage(error)).toBe(expected);
});
