import { BATCH_STATUSES, type BatchQuery, SenditError } from '@sendit/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_LIMIT, parseBatchQuery, parseLookup, toBatchQueryStrings } from './batch-request.ts';

function refusal(run: () => unknown): SenditError {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof SenditError) return thrown;
  }
  throw new Error('Expected a SenditError.');
}

describe('a batch query', () => {
  test('that is turned into strings and back is the same query', () => {
    const queries: fc.Arbitrary<BatchQuery> = fc.record({
      status: fc.option(fc.constantFrom(...BATCH_STATUSES), { nil: undefined }),
      root: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
      late: fc.constantFrom(true, undefined),
      limit: fc.option(fc.integer({ min: 1, max: MAX_LIMIT }), { nil: undefined }),
    });
    fc.assert(
      fc.property(queries, (query) => {
        expect(parseBatchQuery(toBatchQueryStrings(query))).toEqual(query);
      }),
    );
  });

  test.each(['false', '', '1', 'TRUE'])('with late %j is refused', (late) =>
    expect(refusal(() => parseBatchQuery({ late })).problems).toEqual(['Expected `late` to be true, or left out.']),
  );

  test.each(['0', '-1', '1.5', '1e3', '', ' 5', '0x10', String(MAX_LIMIT + 1), '99999999999'])(
    'with the limit %j is refused',
    (limit) => expect(refusal(() => parseBatchQuery({ limit })).code).toBe('bad-arguments'),
  );

  test('with several mistakes reports them all at once', () => {
    const error = refusal(() => parseBatchQuery({ status: 'done', limit: 'all', root: ['a', 'b'], page: '2' }));
    expect(error.problems).toHaveLength(4);
    expect(error.problems.join('\n')).toMatch(/`status`.*DONE/);
  });
});

describe('a lookup', () => {
  test('takes any name that a directory may have', () => {
    expect(parseLookup({ ref: '/data/Müller^Anna/"ü"' })).toEqual({ ref: '/data/Müller^Anna/"ü"' });
  });

  test.each([[undefined], [null], ['x'], [{}], [{ ref: '' }], [{ ref: 7 }], [{ ref: 'x'.repeat(5000) }]])(
    'refuses the body %j without repeating it',
    (body) => {
      const error = refusal(() => parseLookup(body));
      expect(error.code).toBe('bad-arguments');
      expect(error.message).not.toContain('xx');
    },
  );
});
