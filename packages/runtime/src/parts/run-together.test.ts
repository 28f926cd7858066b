import { expect, test } from 'vitest';
import { type Part, runTogether } from './run-together.ts';

const untilAborted: Part = (signal) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

test('a part that fails stops the others and its error comes out', async () => {
  const ended: string[] = [];
  const other: Part = async (signal) => {
    await untilAborted(signal);
    ended.push('other');
  };
  await expect(
    runTogether([other, () => Promise.reject(new Error('broken'))], new AbortController().signal),
  ).rejects.toThrow('broken');
  expect(ended).toEqual(['other']);
});

test('an abort from outside ends all parts without an error', async () => {
  const outside = new AbortController();
  const running = runTogether([untilAborted, untilAborted], outside.signal);
  outside.abort();
  await expect(running).resolves.toBeUndefined();
});
