import { silentLogger } from '@sendit/model';
import { expect, test } from 'vitest';
import { toLogger } from './to-logger.ts';

test('a logger with the usual four methods takes every level, and fields only where there are some', () => {
  const calls: unknown[][] = [];
  const of =
    (level: string) =>
    (...given: unknown[]) =>
      void calls.push([level, ...given]);
  const logger = toLogger({ debug: of('debug'), info: of('info'), warn: of('warn'), error: of('error') });
  logger.abort('1');
  logger.error('2', { batch: '17' });
  logger.warning('3');
  logger.log('4');
  logger.info('5');
  logger.verbose('6');
  logger.debug('7');
  expect(calls).toEqual([
    ['error', '1'],
    ['error', '2', { batch: '17' }],
    ['warn', '3'],
    ['info', '4'],
    ['info', '5'],
    ['debug', '6'],
    ['debug', '7'],
  ]);
});

test("sendit's own logger is taken as it is, and none says nothing", () => {
  const own = { ...silentLogger };
  expect(toLogger(own)).toBe(own);
  expect(toLogger(undefined)).toBe(silentLogger);
});
