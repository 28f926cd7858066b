import fc from 'fast-check';
import { MESSAGE_LEVELS, type MessageLevel } from '@sendit/model';
import { expect, test } from 'vitest';
import { formatLine } from './format-line.ts';

const plain = (message: string, fields?: Record<string, string | number | boolean | null | undefined>): string =>
  formatLine('LOG', message, { colour: false, ...(fields && { fields }) });

test('the transcript reads as in the original', () => {
  expect(plain('1|CREATE EVENT: /data/test_finished')).toBe('LOG 1|CREATE EVENT: /data/test_finished\n');
});

test('fields follow as key=value, quoted where a reader could mistake them, absent ones left out', () => {
  expect(plain('m', { a: 1, b: 'two words', c: 'say "x"', d: null, e: undefined, f: '', g: 'a\\b', h: true })).toBe(
    'LOG m a=1 b="two words" c="say \\"x\\"" d=null f="" g="a\\\\b" h=true\n',
  );
});

test('a folder name cannot forge a line or steer a terminal', () => {
  expect(plain('1|CREATE EVENT: /data/x\nLOG 2|FINISHED: /data/y\u001b[2J\u0007\r\u0085\u2028\u202e')).toBe(
    'LOG 1|CREATE EVENT: /data/x\\nLOG 2|FINISHED: /data/y\\x1b[2J\\x07\\r\\x85\\u2028\\u202e\n',
  );
  expect(plain('m', { path: 'a\nERROR b' })).toBe('LOG m path="a\\nERROR b"\n');
});

test('names in other scripts stay as they are', () => {
  expect(plain('2|FINISHED: /data/Müller_山田 😀')).toBe('LOG 2|FINISHED: /data/Müller_山田 😀\n');
});

test('only the level’s name is coloured, and INFO, which has none, is not', () => {
  expect(formatLine('ERROR', 'm', { colour: true })).toBe('\u001b[91mERROR\u001b[0m m\n');
  expect(formatLine('INFO', 'm', { colour: true })).toBe('m\n');
});

test('whatever the words, a message is one line without control characters', () => {
  const levels = fc.constantFrom(...(Object.keys(MESSAGE_LEVELS) as MessageLevel[]));
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(levels, text, fc.dictionary(text, text), (level, message, fields) => {
      const line = formatLine(level, message, { fields, colour: false });
      expect(line.endsWith('\n')).toBe(true);
      expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    }),
  );
});
