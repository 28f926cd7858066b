import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redactUrl } from './redact-url.ts';

test.each([
  ['postgres://user:secret@host:5432/db', 'postgres://user:***@host:5432/db'],
  ['postgres://user:a@b/c?d@host/db', 'postgres://user:***@host/db'],
  ['postgres://user:secret@one,two:5433/db', 'postgres://user:***@one,two:5433/db'],
  ['redis://:secret@host', 'redis://:***@host'],
  ['postgres://host/db?user=me&password=secret&x=1', 'postgres://host/db?user=me&password=***&x=1'],
  ['user:secret@host', 'user:***@host'],
  ['postgres://user@host:5432/db', 'postgres://user@host:5432/db'],
  ['redis://localhost:6379', 'redis://localhost:6379'],
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
