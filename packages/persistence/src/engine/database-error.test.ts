import { SenditError } from '@sendit/model';
import { expect, test } from 'vitest';
import { toDatabaseError } from './database-error.ts';

function thrownWith(code: string, message: string, fields: object = {}): Error {
  const cause = Object.assign(new Error(message), { code, ...fields });
  return new Error('Failed query: insert into "studies" values ($1) params: Doe^Jane', { cause });
}

test.each([
  ['28P01', 'database-unavailable', 'never'],
  ['3D000', 'database-unavailable', 'never'],
  ['57P01', 'database-unavailable', 'safe'],
  ['53100', 'database-unavailable', 'safe'],
  ['40P01', 'database-unavailable', 'safe'],
  ['ECONNREFUSED', 'database-unavailable', 'safe'],
  ['EPIPE', 'database-unavailable', 'safe'],
  ['CONNECT_TIMEOUT', 'database-unavailable', 'safe'],
  ['42P01', 'database-schema', 'never'],
  ['23505', 'internal', 'never'],
])('%s becomes %s, retry %s', (code, expected, retry) => {
  expect(toDatabaseError(thrownWith(code, 'why'), 'here')).toMatchObject({ code: expected, retry });
});

test('the words of a constraint are kept and the values are not', () => {
  const thrown = thrownWith('23505', 'Key (patient_name)=(Doe^Jane) exists', { constraint_name: 'studies_uid' });
  const error = toDatabaseError(thrown, 'here');
  expect(error).toBeInstanceOf(SenditError);
  expect(String(error)).toContain('studies_uid');
  expect(error).not.toHaveProperty('cause');
  expect(String(error)).not.toContain('Doe');
});

test('of two who want to be the first with an instance the second tries again', () => {
  const thrown = thrownWith('23505', 'duplicate key', { constraint: 'instances_first' });
  expect(toDatabaseError(thrown, 'here')).toMatchObject({ code: 'database-unavailable', retry: 'safe' });
});

test("a programmer's mistake stays what it is", () => {
  const mistake = new TypeError('Expected one row, got none');
  expect(toDatabaseError(mistake, 'here')).toBe(mistake);
});
