import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redactUrl, redactUrlsIn } from './redact-url.ts';

test.each([
  ['postgres://user:secret@host:5432/db', 'postgres://user:***@host:5432/db'],
  ['postgres://user:a@b/c?d@host/db', 'postgres://user:***@host/db'],
  ['postgres://user:1234/secret@host/db', 'postgres://user:***@host/db'],
  ['postgres://user:secret@one,two:5433/db', 'postgres://user:***@one,two:5433/db'],
  ['redis://:secret@host', 'redis://:***@host'],
  ['redis://secret@host', 'redis://***@host'],
  [
    'postgres://host/db?user=me&password=secret&sslmode=require',
    'postgres://host/db?user=me&password=***&sslmode=require',
  ],
  ['user:secret@host', 'user:***@host'],
  ['postgres://user:secret', 'postgres://***'],
  ['postgres:/user:secret@host/db', 'postgres:***@host/db'],
  ['//user:secret@host', '***:***@host'],
  ['postgres://user@host:5432/db', 'postgres://user@host:5432/db'],
  ['postgres://[::1]:5432/db', 'postgres://[::1]:5432/db'],
  ['redis://localhost:6379/2', 'redis://localhost:6379/2'],
  ['redis://localhost/#secret', 'redis://localhost/#***'],
])('%s is shown as %s', (url, shown) => {
  expect(redactUrl(url)).toBe(shown);
});

test('no password is ever shown, whatever its characters', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (noise) => {
      const password = `<<${noise}>>`;
      const shown = redactUrl(`postgres://user:${password}@host/db`);
      expect(shown).toBe('postgres://user:***@host/db');
    }),
  );
});

test('of a malformed URL no password is shown either', () => {
  const noise = fc.string({ unit: fc.constantFrom('/', '?', '#', '@', ':', '%', '&', '=', 'a', '1', ' ', '\n') });
  const scheme = fc.constantFrom('postgres://', 'redis://', 'postgres:/', 'postgres:', '//', '', 'REDISS://');
  fc.assert(
    fc.property(scheme, noise, noise, noise, (begin, before, after, end) => {
      for (const url of [
        `${begin}user:${before}geheim${after}@host${end}`,
        `${begin}:${before}geheim${after}@host${end}`,
        `${begin}user:geheim${after}`,
        `${begin}host/db?password=geheim${after}`,
        `${begin}host/db?${before}pass%77ord=geheim`,
      ]) {
        expect(redactUrl(url)).not.toContain('geheim');
      }
    }),
    { numRuns: 1_000 },
  );
});

test('a message loses the secrets of the URLs in it and keeps its words', () => {
  expect(redactUrlsIn('Unexpected argument: postgres://u:geheim@host/db, see --help')).toBe(
    'Unexpected argument: postgres://u:***@host/*** see --help',
  );
  expect(redactUrlsIn('Nonexistent flag: --databse-url=redis://:geheim@h')).toBe(
    'Nonexistent flag: --databse-url=redis://:***@h',
  );
  expect(redactUrlsIn('got redis://:ge heim@h twice')).toBe('got redis://:***@h twice');
  expect(redactUrlsIn('Unexpected argument: user:geheim@h')).toBe('Unexpected argument: user:***@h');
  for (const url of ['postgres:user:geheim://', 'postgres:127.0.0.1:1/db?password=geheim://']) {
    expect(redactUrlsIn(`Unexpected argument: ${url}\nSee --help`)).toBe('Unexpected argument: ***\nSee --help');
  }
  const stack =
    'Error: no\n    at f (file:///srv/node_modules/@sendit/model/dist/x.js:3:4)\n    at node:internal/x:1:2';
  expect(redactUrlsIn(stack)).toBe(stack);
  expect(redactUrlsIn('nothing here: a/b')).toBe('nothing here: a/b');
});
