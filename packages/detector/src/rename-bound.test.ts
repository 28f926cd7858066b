import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toRenameBound } from './rename-bound.ts';

/** When the rename was heard of, ms and ns. */
const HEARD_AT = 1_800_000_000_000;
const HEARD = BigInt(HEARD_AT) * 1_000_000n;
const ms = (count: number): bigint => HEARD + BigInt(count) * 1_000_000n;

/** Change and modification time of the directory in ms after the rename was heard of; which files count as brought, by their change times. */
const STORIES = [
  ['filled, then renamed', -1, -9_000, [-9_000, -1], [0, 5_000]],
  ['filled and renamed within one tick', -3, -3, [-9_000, -3], [0, 5_000]],
  ['renamed while empty, then filled', 4_000, 4_000, [-1], [500, 4_000]],
  ['renamed while empty, filled, its mode set', 9_000, 4_000, [], [500, 4_000]],
  ['on a share whose clock is five minutes behind: filled, then renamed', -300_000, -309_000, [-309_000], [-299_000]],
  ['on such a share: renamed while empty, then filled', -298_000, -298_000, [], [-299_000, -298_000]],
  ['on a share whose clock is five minutes ahead', 300_000, 291_000, [], [299_000, 291_000]],
] as const;

describe('what a rename brought, by the times of the directory and its files', () => {
  test.each(STORIES)('%s', (_story, changed, modified, brought, later) => {
    const bound = toRenameBound({ ctimeNs: ms(changed), mtimeNs: ms(modified) }, HEARD_AT);
    const isBrought = (at: number): boolean => bound !== null && ms(at) <= bound;
    expect(brought.filter((at) => !isBrought(at))).toEqual([]);
    expect(later.filter(isBrought)).toEqual([]);
  });

  test('never what changed after it was heard of, nor after the directory did', () => {
    const times = fc.bigInt({ min: HEARD - 10n ** 12n, max: HEARD + 10n ** 12n });
    fc.assert(
      fc.property(times, times, (ctimeNs, mtimeNs) => {
        const bound = toRenameBound({ ctimeNs, mtimeNs }, HEARD_AT);
        fc.pre(bound !== null);
        expect(bound <= ctimeNs && bound <= ms(1)).toBe(true);
      }),
    );
  });
});
