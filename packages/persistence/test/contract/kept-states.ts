import { expect, test } from 'vitest';
import type { Engine } from './fixtures.ts';

/** Contract of every engine: states of the installation, and who holds them. */
export function keptStatesContract(engine: Engine): void {
  test('a state is kept by its key; one holder has it at a time', async () => {
    await using opened = await engine.open();
    const { states } = opened.db;
    expect(await states.read('disks')).toBeUndefined();
    await states.keep('disks', { paused: true });
    await states.keep('disks', { paused: false });
    expect(await states.read('disks')).toEqual({ paused: false });

    expect(await states.lease('alerts', 'one', 60_000)).toEqual({ value: null });
    expect(await states.lease('alerts', 'other', 60_000)).toBeUndefined();
    expect(await states.keep('alerts', { a: 1 }, 'other')).toBe(false);
    expect(await states.keep('alerts', { a: 1 }, 'one')).toBe(true);
    expect(await states.lease('alerts', 'one', 60_000)).toEqual({ value: { a: 1 } });
    await states.release('alerts', 'other');
    expect(await states.lease('alerts', 'other', 60_000)).toBeUndefined();
    await states.release('alerts', 'one');
    expect(await states.lease('alerts', 'other', 0)).toEqual({ value: { a: 1 } });
    // It has lapsed.
    expect(await states.lease('alerts', 'one', 60_000)).toEqual({ value: { a: 1 } });
    expect(await states.keep('alerts', { a: 2 }, 'other')).toBe(false);
  });
}
