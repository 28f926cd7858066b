import { type RatedProgress, toRatedProgress } from '@sendit/model';
import { expect, test, vi } from 'vitest';
import { createProgressReport } from './job-progress.ts';

const at = (filesDone: number): RatedProgress =>
  toRatedProgress({ filesDone, filesTotal: 100, bytesDone: filesDone * 10, elapsedMs: filesDone * 100 });

function setUp(send: (progress: RatedProgress) => Promise<void>) {
  let now = 0;
  const report = createProgressReport(send, { now: () => now });
  return (ms: number, filesDone: number): void => {
    now = ms;
    report(at(filesDone));
  };
}

test('is told once a second at most, and when all is read', async () => {
  const told: RatedProgress[] = [];
  const report = setUp(async (progress) => {
    told.push(progress);
  });
  for (const [ms, files] of [
    [0, 0],
    [900, 10],
    [1_000, 20],
    [1_500, 30],
    [2_100, 40],
    [2_200, 100],
  ] as const) {
    report(ms, files);
    await Promise.resolve();
  }
  await vi.waitFor(() => expect(told.map(({ filesDone }) => filesDone)).toEqual([20, 40, 100]));
  expect(told[1]).toEqual({
    filesDone: 40,
    filesTotal: 100,
    bytesDone: 400,
    elapsedMs: 4_000,
    filesPerS: 10,
    etaMs: 6_000,
  });
});

test('of what comes while the queue is slow the newest is told, and an error of the queue ends nothing', async () => {
  const told: number[] = [];
  let answer: () => void = () => undefined;
  const report = setUp((progress) => {
    told.push(progress.filesDone);
    return new Promise((_, reject) => {
      answer = () => reject(new Error('the queue is away'));
    });
  });
  for (const files of [10, 20, 30]) report(files * 1_000, files);
  expect(told).toEqual([10]);
  answer();
  await vi.waitFor(() => expect(told).toEqual([10, 30]));
  answer();
  await new Promise(setImmediate);
  report(99_000, 100);
  expect(told).toEqual([10, 30, 100]);
});
