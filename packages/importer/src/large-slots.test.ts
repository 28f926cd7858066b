import { expect, test } from 'vitest';
import { LargeSlots } from './large-slots.ts';

const never = new AbortController().signal;
const LARGE = 5_000;

/** Whether it has resolved by now. */
async function isTaken(slot: Promise<Disposable>): Promise<boolean> {
  const late = Symbol('late');
  const first = await Promise.race([slot, Promise.resolve().then(() => Promise.resolve(late))]);
  return first !== late;
}

test('large batches wait for a slot in the order in which they came; small ones for none', async () => {
  const slots = new LargeSlots(1);
  const first = await slots.take(LARGE, never);
  const second = slots.take(LARGE, never);
  const third = slots.take(LARGE, never);
  expect(await isTaken(slots.take(20, never))).toBe(true);
  expect([await isTaken(second), await isTaken(third)]).toEqual([false, false]);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  const held = await second;
  expect(await isTaken(third)).toBe(false);
  held[Symbol.dispose]();
  expect(await isTaken(third)).toBe(true);
});

test('one that is aborted while it waits rejects with the reason, and leaves the slot to the next', async () => {
  const slots = new LargeSlots(1);
  const first = await slots.take(LARGE, never);
  const controller = new AbortController();
  const aborted = slots.take(LARGE, controller.signal);
  const next = slots.take(LARGE, never);
  const reason = new Error('draining');
  controller.abort(reason);
  await expect(aborted).rejects.toBe(reason);
  first[Symbol.dispose]();
  expect(await isTaken(next)).toBe(true);
});
