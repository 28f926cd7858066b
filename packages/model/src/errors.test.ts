import { expect, test, vi } from 'vitest';
import { SenditError } from './errors.ts';

test('an error of another copy of this package is known as one', async () => {
  vi.resetModules();
  const other = await import('./errors.ts');
  expect(other.SenditError).not.toBe(SenditError);
  const error = new other.SenditError('no', { code: 'refused', problems: ['a'] });
  expect(error).toBeInstanceOf(SenditError);
  expect(error).toBeInstanceOf(Error);
  expect(Object.keys(error).sort()).toEqual(['code', 'hint', 'name', 'problems', 'retry']);
  expect(new Error('no')).not.toBeInstanceOf(SenditError);
  for (const value of [undefined, null, 'SenditError', {}]) expect(value).not.toBeInstanceOf(SenditError);
});
