import type { Logger } from '@sendit/model';
import { expect, test } from 'vitest';
import { createLogger, type LoggerOptions } from './logger.ts';
import { createSink } from './sink.ts';

interface Written {
  readonly logger: Logger;
  readonly out: string[];
  readonly err: string[];
}

function openLogger(options: Partial<LoggerOptions> = {}): Written {
  const out: string[] = [];
  const err: string[] = [];
  const logger = createLogger({
    level: 'DEBUG',
    format: 'text',
    out: { write: (line) => out.push(line) },
    err: { write: (line) => err.push(line) },
    colour: false,
    ...options,
  });
  return { logger, out, err };
}

function sayAll(logger: Logger): void {
  logger.abort('a');
  logger.error('e');
  logger.warning('w');
  logger.log('l');
  logger.info('i');
  logger.verbose('v');
  logger.debug('d');
}

test('LOG and INFO go to stdout, all others to stderr, each under its level’s name but INFO', () => {
  const { logger, out, err } = openLogger();
  sayAll(logger);
  expect(out).toEqual(['LOG l\n', 'i\n']);
  expect(err).toEqual(['ABRT a\n', 'ERROR e\n', 'WARNING w\n', 'VERBOSE v\n', 'DEBUG d\n']);
});

test.each([
  ['DEBUG', 7],
  ['VERBOSE', 6],
  ['INFO', 5],
  ['QUIET', 0],
  ['LOG', 4],
  ['WARNING', 3],
  ['ERROR', 2],
  ['ABRT', 1],
  [0, 0],
  [99, 7],
  [-99, 0],
] as const)('at %s, %i of the seven are shown', (level, count) => {
  const { logger, out, err } = openLogger({ level });
  sayAll(logger);
  expect(out.length + err.length).toBe(count);
});

test('the JSON format writes one object a line, with the level’s name, an ISO time, the message and the fields', () => {
  const { logger, out, err } = openLogger({ format: 'json' });
  logger.log('1|CREATE EVENT: /data/x\n%s %% %d', { batchId: 'b1', files: 3, none: undefined, nothing: null });
  logger.warning('w', { level: 'x', msg: 'y', time: 1 });
  expect(out).toHaveLength(1);
  expect(out[0]).toMatch(/^\{.*\}\n$/);
  expect(JSON.parse(out[0] ?? '')).toEqual({
    level: 'LOG',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    msg: '1|CREATE EVENT: /data/x\n%s %% %d',
    batchId: 'b1',
    files: 3,
    nothing: null,
  });
  expect(JSON.parse(err[0] ?? '')).toMatchObject({ level: 'WARNING', msg: 'w', level_: 'x', msg_: 'y', time_: 1 });
});

test.each(['text', 'json'] as const)('QUIET and the levels hold for the %s format', (format) => {
  const { logger, out, err } = openLogger({ format, level: 'ERROR' });
  sayAll(logger);
  expect([out.length, err.length]).toEqual([0, 2]);
});

test('a redirected sink sends the lines that follow elsewhere, while loggers keep it', () => {
  const console_: string[] = [];
  const file: string[] = [];
  const sink = createSink({ write: (line) => console_.push(line) });
  const { logger } = openLogger({ out: sink });
  logger.log('one');
  sink.redirect({ write: (line) => file.push(line) }, { write: (line) => console_.push(line) });
  logger.log('two');
  sink.redirect();
  logger.log('three');
  expect([console_, file]).toEqual([['LOG one\n', 'LOG two\n'], ['LOG two\n']]);
});

test('with a clock, lines of stderr begin with the time and its zone, those of stdout stay as they are', () => {
  const { logger, out, err } = openLogger({ now: () => new Date('2026-01-31T12:00:00.007Z') });
  logger.log('l');
  logger.warning('w');
  expect(out).toEqual(['LOG l\n']);
  expect(err).toEqual([expect.stringMatching(/^2026-01-3\dT\d\d:\d\d:00\.007[+-]\d\d:\d\d WARNING w\n$/)]);
  const [time = ''] = (err[0] ?? '').split(' ');
  expect(new Date(time).toISOString()).toBe('2026-01-31T12:00:00.007Z');
});
