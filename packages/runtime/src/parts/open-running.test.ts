import { expect, test } from 'vitest';
import { openRunning, type RunUntil } from './open-running.ts';

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

test('what runs is open once it stands, with what it has become, and close() waits for its end', async () => {
  const order: string[] = [];
  const running = await openRunning<{ url: string }>(async ({ onReady, signal }) => {
    onReady({ url: 'http://localhost' });
    await untilAborted(signal);
    order.push('ended');
  });
  expect(running.url).toBe('http://localhost');
  expect(order).toEqual([]);
  await running.close();
  expect(order).toEqual(['ended']);
  await running[Symbol.asyncDispose]();
});

test('what cannot stand rejects with its reason', async () => {
  await expect(openRunning(() => Promise.reject(new Error('no room')))).rejects.toThrow('no room');
  await expect(openRunning(() => Promise.resolve())).rejects.toMatchObject({ code: 'internal' });
});

test('a failure while it runs is told by ended and by close()', async () => {
  let fail: (error: Error) => void = () => undefined;
  const running = await openRunning(({ onReady }: RunUntil<object>) => {
    onReady({});
    return new Promise((_, reject) => {
      fail = reject;
    });
  });
  fail(new Error('the disk is gone'));
  await expect(running.ended).rejects.toThrow('the disk is gone');
  await expect(running.close()).rejects.toThrow('the disk is gone');
});
