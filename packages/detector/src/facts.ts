import type { ExceededLimit, MonotonicMs } from '@sendit/model';

/**
 * How a directory came under its present name: `renamed` by IN_MOVED_TO (from inside or outside the watch path), `created`
 * under it, or `found` there by a scan, so that nobody knows.
 */
export type Arrival = 'renamed' | 'created' | 'found';

/** Whether a value from outside is an {@link Arrival}. */
export function isArrival(value: unknown): value is Arrival {
  return value === 'renamed' || value === 'created' || value === 'found';
}

/** One look at a folder, recursive; symbolic links are not followed. A look is a value: gathering it never fails for one bad entry. */
export interface FolderListing extends FolderSightings {
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

/** Facts beyond the listing. An absent field was not looked for: its rule answers `unknown`. */
export interface FolderSightings {
  /** Distinguishes the directory from a later one of the same name. */
  readonly identity?: string;
  /** Path below the folder of the entry that changed last. */
  readonly newestPath?: string | null;
  /** How its files came, where the look knows better than the event that told of it. */
  readonly arrival?: Arrival;
  /** Of the files those that were there when it was renamed, as far as their times prove it; absent where nobody asked. */
  readonly renamedFiles?: number | undefined;
  /** It is larger than a batch may be: the listing ends there. */
  readonly exceeds?: ExceededLimit;
  readonly siblings?: SiblingsSighting;
  /** Names in it that are ignored, each with all below it; absent for none. */
  readonly ignored?: { readonly count: number; readonly example: string | null };
  readonly marker?: MarkerSighting;
  readonly manifest?: ManifestSighting;
  readonly expected?: ExpectedCount;
  /** Errno names for sidecars, or files that the manifest lists, that could not be read; absent when all could. */
  readonly refusedSidecars?: readonly string[];
  readonly writers?: WritersSighting;
  readonly dicom?: DicomFacts;
}

/** The parts of one delivery that still arrive: names in the folder that are not final, or other series of the same study. */
export interface SiblingsSighting {
  readonly arriving: number;
  /** One of them. */
  readonly example: string | null;
  /** What arrives: names that are not final, or whole `series`. */
  readonly what?: 'series';
}

/** The done-file that was looked for. */
export type MarkerSighting =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'found';
      readonly name: string;
      /** Some file changed after it was left. */
      readonly isOlder: boolean;
    };

/** A list of files that the sender wrote, held against the folder. */
export type ManifestSighting =
  | { readonly kind: 'absent' }
  /** Not (yet) a list. */
  | { readonly kind: 'unreadable'; readonly name: string; readonly reason: string }
  | {
      readonly kind: 'compared';
      readonly name: string;
      readonly listed: number;
      readonly missing: number;
      readonly wrongSize: number;
      readonly wrongDigest: number;
      /** Files that are there and not listed. */
      readonly unlisted: number;
      /** One file that is missing, wrong or not listed. */
      readonly example: string | null;
    };

/** How many distinct SOPInstanceUIDs there will be, told from outside: DICOM attributes are divisors as often as totals. */
export interface ExpectedCount {
  readonly instances: number;
  readonly source: 'configuration' | 'marker' | 'sidecar';
}

/** Who has files in the folder open for writing. */
export type WritersSighting =
  /** Nobody, as far as can be seen; `complete`: every process could be looked into. */
  | { readonly kind: 'none'; readonly complete: boolean }
  /** `pids`: none where only events tell of it. */
  | { readonly kind: 'open'; readonly files: number; readonly pids: readonly number[]; readonly example: string };

/** Facts from DICOM headers, which the caller has read. */
export interface DicomFacts {
  /** Distinct SOPInstanceUIDs. */
  readonly instances: number;
  /** Files whose last element does not end at the end of the file. */
  readonly truncated: number;
  /** One of them. */
  readonly example: string | null;
  readonly series: readonly SeriesFacts[];
}

/** One series as its headers tell it; values that a header lacks are left out. */
export interface SeriesFacts {
  readonly instances: number;
  /** InstanceNumber (0020,0013) of each, in any order. */
  readonly instanceNumbers: readonly number[];
  /** ImagesInAcquisition (0020,1002). */
  readonly imagesInAcquisition: number | null;
  /** NumberOfSlices (0054,0081). */
  readonly numberOfSlices: number | null;
  /** Position of each along the slice normal, mm. */
  readonly slicePositions: readonly number[];
}

/** Facts known before the first look. */
export interface FolderSight {
  /** Base name. */
  readonly name: string;
  readonly arrival: Arrival;
  /** Number of files at the time of the rename; absent if not renamed, or not known yet. */
  readonly renamedFiles?: number | undefined;
}

/** Everything the rules may ask about one folder: how it arrived, the newest listing and when it last changed. */
export interface FolderFacts extends FolderSight {
  readonly listing: FolderListing;
  /** When the folder was first looked at. */
  readonly firstSeenAt: MonotonicMs;
  /** When the folder was last seen to change; the first look counts as a change. */
  readonly lastChangeAt: MonotonicMs;
  /** When the newest listing was taken. */
  readonly observedAt: MonotonicMs;
}

/** Facts after one more listing. A listing older than the newest one changes nothing. */
export function observe(previous: FolderSight | FolderFacts, listing: FolderListing, now: MonotonicMs): FolderFacts {
  if ('listing' in previous && now < previous.observedAt) return previous;
  const renamedFiles = toRenamedFiles(previous, listing);
  const sight = {
    name: previous.name,
    arrival: listing.arrival ?? previous.arrival,
    ...(renamedFiles === undefined ? {} : { renamedFiles }),
  };
  if (!('listing' in previous)) {
    return { ...sight, listing, firstSeenAt: now, lastChangeAt: now, observedAt: now };
  }
  const changed = previous.listing.snapshotDigest !== listing.snapshotDigest;
  const lastChangeAt = changed ? Math.max(now, previous.lastChangeAt) : previous.lastChangeAt;
  return { ...sight, listing, firstSeenAt: previous.firstSeenAt, lastChangeAt, observedAt: now };
}

/**
 * How many files a rename brought. The first look that could read the folder says it for good: what comes later was not brought. A look
 * that knows of each file how it came says it anew each time.
 */
export function toRenamedFiles(sight: Pick<FolderSight, 'renamedFiles'>, listing: FolderListing): number | undefined {
  if (listing.arrival !== undefined) return listing.renamedFiles;
  if (sight.renamedFiles !== undefined) return sight.renamedFiles;
  if (!listing.exists || listing.unreadable > 0) return undefined;
  return listing.renamedFiles ?? listing.files;
}

/** Facts after an event that speaks of a change: order and repetition of such events do not matter. */
export function touch(facts: FolderFacts, at: MonotonicMs): FolderFacts {
  return at <= facts.lastChangeAt ? facts : { ...facts, lastChangeAt: at };
}
