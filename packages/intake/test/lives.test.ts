import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Happening, Life } from './life.ts';
import { QUIET_MS } from './step-world.ts';

const happenings: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      content: fc.constantFrom('', 'a', 'b', 'c'),
      isTold: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), isTold: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('rename-in' as const), content: fc.constantFrom('a', 'b', 'c') }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'scan' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(0, 500, QUIET_MS, 3 * QUIET_MS) }),
  },
  { weight: 8, arbitrary: fc.constant({ kind: 'answer' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('outage' as const), isOver: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('decide' as const),
      decision: fc.constantFrom('hold' as const, 'release' as const, null),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
);

const lives = fc.array(happenings, { minLength: 1, maxLength: 40 });

test.each(['whole', 'ignore'] as const)(
  'in every order of events, looks, outages, decisions and restarts, under `late: %s`',
  { timeout: 120_000 },
  async (late) => {
    await fc.assert(
      fc.asyncProperty(lives, async (happenings) => {
        const life = new Life(late);
        for (const happening of happenings) await life.live(happening);
        await life.settle();
        expect([...life.broken, ...life.findUndone()]).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  },
);
