import { ERROR_CODES, SenditError } from '@sendit/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseErrorBody, toErrorBody } from './error-body.ts';

describe('errors over HTTP', () => {
  test('an error that travels as a body comes back with code, message, retry, hint and problems', () => {
    const errors = fc.record({
      code: fc.constantFrom(...ERROR_CODES),
      message: fc.string(),
      retry: fc.constantFrom('safe', 'unsafe', 'never'),
      hint: fc.option(fc.string(), { nil: undefined }),
      problems: fc.array(fc.string()),
    });
    fc.assert(
      fc.property(errors, ({ message, hint, ...rest }) => {
        const error = new SenditError(message, { ...rest, ...(hint === undefined ? {} : { hint }) });
        const back = parseErrorBody(JSON.parse(JSON.stringify(toErrorBody(error))));
        expect(back).toMatchObject({ ...rest, message });
        expect(back?.hint).toBe(hint);
      }),
    );
  });

  test('any other body is no error of ours', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        expect(parseErrorBody(body)).toBeUndefined();
      }),
    );
    expect(parseErrorBody({ error: { code: 'no-such-code', message: 'x' } })).toBeUndefined();
  });
});
