import { expect, test } from 'vitest';
import { toRatedProgress } from './progress.ts';

test('rate and remaining time follow from what was done so far', () => {
  const progress = { filesDone: 300, filesTotal: 1200, bytesDone: 1, elapsedMs: 600 };
  expect(toRatedProgress(progress)).toEqual({ ...progress, filesPerS: 500, etaMs: 1800 });
});

test('nothing is said before something was read', () => {
  const before = { filesDone: 0, filesTotal: 10, bytesDone: 0, elapsedMs: 700 };
  expect(toRatedProgress(before)).toMatchObject({ filesPerS: null, etaMs: null });
  expect(toRatedProgress({ ...before, filesDone: 5, elapsedMs: 0 })).toMatchObject({ filesPerS: null, etaMs: null });
});
