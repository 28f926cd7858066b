import { expect, test } from 'vitest';
import { drain } from './drain.ts';

const never = new Promise<void>(() => undefined);

test('a library that closes at once is waited for', async () => {
  expect(await drain({ active: new Set(), closing: Promise.resolve(), drainMs: 0, interrupt: notExpected })).toBe(true);
});

test('a library that does not close without handlers is left behind, without waiting for the deadline', async () => {
  expect(await drain({ active: new Set(), closing: never, drainMs: 1_000_000, interrupt: notExpected })).toBe(false);
});

test('handlers are interrupted at the deadline, and the library may close after them', async () => {
  let stop: () => void = () => undefined;
  const handler = new Promise<void>((resolve) => {
    stop = resolve;
  });
  expect(await drain({ active: new Set([handler]), closing: handler, drainMs: 0, interrupt: () => stop() })).toBe(true);
});

test('handlers that go on after the interruption are left behind', async () => {
  let interruptions = 0;
  const interrupt = (): void => {
    interruptions += 1;
  };
  expect(await drain({ active: new Set([never]), closing: never, drainMs: 0, interrupt })).toBe(false);
  expect(interruptions).toBe(1);
});

function notExpected(): void {
  throw new Error('nothing to interrupt');
}
