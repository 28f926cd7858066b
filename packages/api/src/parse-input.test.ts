import { BATCH_STATUSES, SenditError } from '@sendit/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_LIMIT } from './fields.ts';
import { parseInput } from './parse-input.ts';
import { batchLookup, batchQuery } from './schemas/batch.ts';

function refusal(run: () => unknown): SenditError {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof SenditError) return thrown;
  }
  throw new Error('Expected a SenditError.');
}

describe('a batch query', () => {
  test('in an address gives what it says', () => {
    expect(parseInput(batchQuery, { status: 'DONE,ERROR', root: 'ct', late: 'true', limit: '7' })).toEqual({
      status: ['DONE', 'ERROR'],
      root: 'ct',
      late: true,
      limit: 7,
    });
  });

  test('in a body is taken as it is, whatever is left out, and nothing else is', () => {
    const time = fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
      .map((at) => at.toISOString());
    const queries = fc.record(
      {
        status: fc.array(fc.constantFrom(...BATCH_STATUSES)),
        sort: fc.constantFrom('name', '-createdAt'),
        cursor: fc.constant('W10'),
        root: fc.string({ minLength: 1, maxLength: 256 }),
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
        expect(parseInput(batchQuery, query)).toEqual(query);
      }),
    );
    const wrong = { status: 'done', since: 'yesterday', study: 'x', offset: -1, limit: 0, page: 2 };
    expect(refusal(() => parseInput(batchQuery, wrong)).problems).toHaveLength(6);
  });

  test.each(['false', '', '1', 'TRUE'])('with late %j is refused', (late) =>
    expect(refusal(() => parseInput(batchQuery, { late })).problems).toEqual([
      'Expected `late` to be true, or left out.',
    ]),
  );

  test.each(['0', '-1', '1.5', '1e3', '', ' 5', '0x10', String(MAX_LIMIT + 1), '99999999999', null, true])(
    'with the limit %j is refused',
    (limit) => expect(refusal(() => parseInput(batchQuery, { limit })).code).toBe('bad-arguments'),
  );

  test('with several mistakes reports them all at once', () => {
    const error = refusal(() =>
      parseInput(batchQuery, { status: 'done', limit: 'all', root: ['a', 'b'], page: '2', other: '3' }),
    );
    expect(error.problems).toHaveLength(4);
    expect(error.problems.join('\n')).toMatch(/`status`.*DONE/);
  });
});

describe('a lookup', () => {
  test('takes any name that a directory may have', () => {
    expect(parseInput(batchLookup, { ref: '/data/Müller^Anna/"ü"' })).toEqual({ ref: '/data/Müller^Anna/"ü"' });
  });

  test.each([[undefined], [null], ['x'], [{}], [{ ref: '' }], [{ ref: 7 }], [{ ref: 'x'.repeat(5000) }]])(
    'refuses the body %j without repeating it',
    (body) => {
      const error = refusal(() => parseInput(batchLookup, body));
      expect(error.code).toBe('bad-arguments');
      expect(error.message).not.toContain('xx');
    },
  );
});
