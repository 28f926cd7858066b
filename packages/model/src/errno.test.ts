import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { toCode, toErrno } from './errno.ts';

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (thrown) {
    return thrown;
  }
}

const withCode = (code: unknown): Error => Object.assign(new Error('x'), { code });

test('a refused system call has its errno name', () => {
  expect(toErrno(thrownBy(() => readFileSync('/no/such/file')))).toBe('ENOENT');
  expect(toErrno(withCode('EAI_AGAIN'))).toBe('EAI_AGAIN');
});

test.each([
  ['a mistake in a call of Node', thrownBy(() => readFileSync('/a\0b')), 'ERR_INVALID_ARG_VALUE'],
  ['an error of PostgreSQL', withCode('57P01'), '57P01'],
  ['an error without a code', new Error('x'), undefined],
  ['a code that is no text', withCode(7), undefined],
  ['something that is no error', { code: 'ENOENT' }, undefined],
  ['nothing', undefined, undefined],
])('%s has no errno name', (_name, thrown, code) => {
  expect([toErrno(thrown), toCode(thrown)]).toEqual([undefined, code]);
});
