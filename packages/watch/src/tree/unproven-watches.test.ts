import { describe, expect, test } from 'vitest';
import { UnprovenWatches } from './unproven-watches.ts';

const record = (wd: number, key: string) => ({ wd, mask: 0x100, cookie: 0, heardAt: 0, key });

describe('the records of watches that belong to no directory yet', () => {
  test('are kept in order, each with its watch, and those of other watches are not', () => {
    const unproven = new UnprovenWatches();
    const held = unproven.open(1);
    for (const [wd, key] of [
      [1, 'a'],
      [2, 'b'],
      [1, 'c'],
    ] as const)
      unproven.hold(record(wd, key));
    expect(held.records.map(({ key }) => key)).toEqual(['a', 'c']);
    expect(unproven.close(held)).toBe(true);
    expect(unproven.has(1)).toBe(false);
  });

  test('go with the later visit when a directory is found by two paths', () => {
    const unproven = new UnprovenWatches();
    const first = unproven.open(1);
    unproven.hold(record(1, 'a'));
    const second = unproven.open(1);
    unproven.hold(record(1, 'b'));
    expect(unproven.close(first)).toBe(false);
    expect(second.records.map(({ key }) => key)).toEqual(['a', 'b']);
    expect(unproven.close(second)).toBe(true);
  });

  test('are bounded: beyond that the directory must be listed again', () => {
    const unproven = new UnprovenWatches();
    const small = unproven.open(1);
    const large = unproven.open(2);
    unproven.hold(record(1, 'a'));
    for (let i = 0; i < 65_536; i++) unproven.hold(record(2, String(i)));
    expect(large).toMatchObject({ overrun: true, records: [] });
    unproven.hold(record(1, 'b'));
    expect(small).toMatchObject({ overrun: false, records: [{ key: 'a' }, { key: 'b' }] });
  });
});
