/** Times of a directory itself, ns since the epoch. */
export interface DirectoryTimes {
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** A file system whose clock is further behind ours is not ours to compare with. */
const MOST_SKEW_NS = 2_000_000_000n;

/**
 * Until which change time a file counts as brought by the rename of its directory, which was heard of at `heardAt` (ms since the epoch, by
 * our clock); null where the times prove nothing. A rename sets the change time of the directory, and so does every entry that comes or
 * goes, together with its modification time:
 *
 * changed after its entries, and before it was heard of  the directory's own time is that of the rename, by the clock of its files
 * changed after its entries, and after it was heard of   its mode or times were set since: what was there is older than when it was heard of
 * an entry came since, or within the same tick           likewise, but only where both clocks can be one: on a share whose clock is
 *                                                        behind ours, what came after the rename looks older, too
 */
export function toRenameBound({ ctimeNs, mtimeNs }: DirectoryTimes, heardAt: number): bigint | null {
  // Times are cut to whole milliseconds.
  const heardNs = (BigInt(Math.trunc(heardAt)) + 1n) * 1_000_000n;
  const bound = ctimeNs < heardNs ? ctimeNs : heardNs;
  if (ctimeNs > mtimeNs) return bound;
  return heardNs - ctimeNs > MOST_SKEW_NS ? null : bound;
}
