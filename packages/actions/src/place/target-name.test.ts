import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toTargetName } from './target-name.ts';

test.each([
  ['L1', 1, 'L1'],
  ['L1', 2, 'L1.generation-2'],
  ['L1.generation-2', 1, 'L1.generation-2.generation-1'],
  ['L1.generation-2', 2, 'L1.generation-2.generation-2'],
  ['series', 1, 'series.generation-1'],
  ['series/1.2.3', 1, 'series/1.2.3'],
  ['series/1.2.3', 3, 'series/1.2.3.generation-3'],
])('%s, generation %i, goes to %s', (path, generation, expected) => {
  expect(toTargetName(path, generation)).toBe(expected);
});

test('no two batches share a target', () => {
  const batch = fc.record({
    path: fc.array(fc.constantFrom('X', 'series', '/1.2', '.generation-1', '.generation-2', '.generation-02'), {
      minLength: 1,
    }),
    generation: fc.integer({ min: 1, max: 3 }),
  });
  fc.assert(
    fc.property(batch, batch, (one, other) => {
      const [a, b] = [one, other].map(({ path, generation }) => [path.join(''), generation] as const);
      fc.pre(a !== undefined && b !== undefined && a.join('#') !== b.join('#'));
      expect(toTargetName(...a)).not.toBe(toTargetName(...b));
    }),
    { numRuns: 2_000 },
  );
});
