import { expect, test, vi } from 'vitest';
import { SenditError, toFirstCause, toMessage } from './errors.ts';

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

test('what went wrong first is told, not that closing failed after it', async () => {
  const closing = { [Symbol.asyncDispose]: () => Promise.reject(new Error('closing failed')) };
  const work = async (): Promise<void> => {
    await using _outer = closing;
    await using _inner = closing;
    throw new SenditError('the disk is full', { code: 'database-unavailable' });
  };
  const thrown = await work().catch((error: unknown) => error);
  expect(toFirstCause(thrown)).toMatchObject({ code: 'database-unavailable' });
  expect(toMessage(thrown)).toBe('the disk is full');
  expect(toMessage('text')).toBe('text');
});
