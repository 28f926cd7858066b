/** Free space at one time. */
export interface SpaceSample {
  /** Epoch ms. */
  readonly at: number;
  readonly freeBytes: number;
}

/** A trend of less time is noise. */
const LEAST_MS = 3_600_000;
/** Farther away nothing is foretold. */
const FARTHEST_MS = 366 * 86_400_000;

/**
 * When the space is used up if it goes on as in the samples: by the straight line that fits them best. Null where there are too few, where it
 * does not become less, or where it lasts for more than a year. Epoch ms.
 */
export function forecastFull(samples: readonly SpaceSample[]): number | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at - first.at < LEAST_MS) return null;
  const count = samples.length;
  const meanAt = samples.reduce((sum, { at }) => sum + (at - first.at), 0) / count;
  const meanFree = samples.reduce((sum, { freeBytes }) => sum + freeBytes, 0) / count;
  let [above, below] = [0, 0];
  for (const { at, freeBytes } of samples) {
    const apart = at - first.at - meanAt;
    above += apart * (freeBytes - meanFree);
    below += apart * apart;
  }
  const bytesPerMs = above / below;
  if (!(bytesPerMs < 0)) return null;
  const leftMs = last.freeBytes / -bytesPerMs;
  return leftMs > FARTHEST_MS ? null : Math.round(last.at + leftMs);
}

/** Samples with a new one, bounded: none within `everyMs` of the one before, none older than `keepMs`. */
export function addSample(
  samples: readonly SpaceSample[],
  sample: SpaceSample,
  { everyMs, keepMs }: { readonly everyMs: number; readonly keepMs: number },
): readonly SpaceSample[] {
  // After a clock was set back, what is later than now tells nothing.
  const kept = samples.filter(({ at }) => at <= sample.at && sample.at - at <= keepMs);
  const last = kept.at(-1);
  return last !== undefined && sample.at - last.at < everyMs ? kept : [...kept, sample];
}
