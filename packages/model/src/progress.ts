import type { BatchProgress, RatedProgress } from './batch.ts';

/** Adds rate and remaining time, at the rate so far. */
export function toRatedProgress(progress: BatchProgress): RatedProgress {
  const filesPerS = toFilesPerS(progress.filesDone, progress.elapsedMs);
  const left = progress.filesTotal - progress.filesDone;
  return { ...progress, filesPerS, etaMs: filesPerS === null ? null : Math.round((left / filesPerS) * 1000) };
}

/** Files per second to one decimal; null where nothing was done, or in no time. */
export function toFilesPerS(files: number, ms: number): number | null {
  return files === 0 || ms <= 0 ? null : Math.round((files / ms) * 10_000) / 10;
}
