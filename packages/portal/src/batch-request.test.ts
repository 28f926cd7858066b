import { BATCH_STATUSES, type BatchQuery, SenditError } from '@sendit/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBatchList, parseBatchQuery, parseLookup } from './batch-request.ts';
import { MAX_LIMIT } from './check-body.ts';

function refusal(run: () => unknown): SenditError {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof SenditError) return thrown;
  }
  throw new Error('Expected a SenditError.');
}

describe('a batch query', () => {
  test('in a URL gives what it says', () => {
    expect(parseBatchQuery({ status: 'DONE', root: 'ct', late: 'true', limit: '7' })).toEqual({
      status: 'DONE',
      root: 'ct',
      late: true,
      limit: 7,
    });
  });

  test('in a body is taken as it is, whatever is left out, and nothing else is', () => {
    const time = fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
      .map((at) => at.toISOString());
    const queries: fc.Arbitrary<BatchQuery> = fc.record(
      {
        status: fc.constantFrom(...BATCH_STATUSES),
        root: fc.string({ minLength: 1 }),
        since: time,
        until: time,
        name: fc.constant('L12*'),
        study: fc.constant('1.2.840'),
        late: fc.constant(true),
        after: fc.nat().map(String),
        offset: fc.nat({ max: 1e9 }),
        limit: fc.integer({ min: 1, max: MAX_LIMIT }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(queries, (query) => {
        expect(parseBatchList(query)).toEqual(query);
      }),
    );
    const wrong = { status: 'done', since: 'yesterday', study: 'x', offset: -1, limit: 0, page: 2 };
    expect(refusal(() => parseBatchList(wrong)).problems).toHaveLength(6);
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
