import { expect, test } from 'vitest';
import { createWake } from './wake.ts';

const LONG_MS = 1_000_000;

test('a wake ends the current wait', async () => {
  const wake = createWake();
  const waiting = wake.wait(LONG_MS, new AbortController().signal);
  wake.wake();
  await expect(waiting).resolves.toBeUndefined();
});

test('a wake that nobody waits for ends the next wait, and only that', async () => {
  const wake = createWake();
  wake.wake();
  wake.wake();
  await wake.wait(LONG_MS, new AbortController().signal);
  const controller = new AbortController();
  const second = wake.wait(LONG_MS, controller.signal).then(() => 'ended');
  expect(await Promise.race([second, Promise.resolve('waiting')])).toBe('waiting');
  controller.abort();
  expect(await second).toBe('ended');
});

test('the time and an aborted signal end a wait', async () => {
  const wake = createWake();
  await wake.wait(0, new AbortController().signal);
  await expect(wake.wait(LONG_MS, AbortSignal.abort())).resolves.toBeUndefined();
});
