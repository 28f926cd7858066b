import type { MonotonicMs } from '@sendit/model';

/**
 * How a directory came under its present name: `renamed` by IN_MOVED_TO (from inside or outside the watch path), `created`
 * under it, or `found` there by a scan, so that nobody knows.
 */
export type Arrival = 'renamed' | 'created' | 'found';

/** One look at a folder, recursive; symbolic links are not followed. A look is a value: gathering it never fails for one bad entry. */
export interface FolderListing {
  readonly exists: boolean;
  /** A real directory, not a symbolic link to one. */
  readonly isDirectory: boolean;
  /** Regular files, at any depth. */
  readonly files: number;
  /** Their sizes added up. */
  readonly bytes: number;
  /** sha256 hex over relative path, size and mtime in ns of every regular file, sorted by the bytes of the path. */
  readonly manifestDigest: string;
  /** sha256 hex over everything seen (also directories, links, inodes, ctimes, unreadable entries): two equal ones mean nothing changed. */
  readonly snapshotDigest: string;
  /** Newest change time of any entry, ms since the epoch; for people, never compared with a clock. Null when there is no entry. */
  readonly newestCtimeMs: number | null;
  /** Entries that could not be read. */
  readonly unreadable: number;
  /** Why, as errno names (`EACCES`), sorted, each once. */
  readonly problemCodes: readonly string[];
}

/** What is known before the first look. */
export interface FolderSight {
  /** Base name. */
  readonly name: string;
  readonly arrival: Arrival;
}

/** Everything the rules may ask about one folder: how it arrived, the newest listing and when it last changed. */
export interface FolderFacts extends FolderSight {
  readonly listing: FolderListing;
  /** When the folder was last seen to change; the first look counts as a change. */
  readonly lastChangeAt: MonotonicMs;
  /** When the newest listing was taken. */
  readonly observedAt: MonotonicMs;
}

/** Facts after one more listing. A listing older than the newest one changes nothing. */
export function observe(previous: FolderSight | FolderFacts, listing: FolderListing, now: MonotonicMs): FolderFacts {
  const { name, arrival } = previous;
  if (!('listing' in previous)) return { name, arrival, listing, lastChangeAt: now, observedAt: now };
  if (now < previous.observedAt) return previous;
  const changed = previous.listing.snapshotDigest !== listing.snapshotDigest;
  const lastChangeAt = changed ? Math.max(now, previous.lastChangeAt) : previous.lastChangeAt;
  return { name, arrival, listing, lastChangeAt, observedAt: now };
}

/** Facts after an event that speaks of a change: order and repetition of such events do not matter. */
export function touch(facts: FolderFacts, at: MonotonicMs): FolderFacts {
  return at <= facts.lastChangeAt ? facts : { ...facts, lastChangeAt: at };
}
