import type { FolderListing } from '@sendit/detector';

/** One file from one change to the next. */
interface Version {
  readonly at: number;
  readonly exists: boolean;
  readonly bytes: number;
  /** Bytes really written; a preallocated file has its size before its bytes. */
  readonly written: number;
  readonly isOpen: boolean;
  /** Changes with every change, as ctime does. */
  readonly stamp: number;
}

/** A file with its final number of bytes. */
export interface VirtualFile {
  readonly path: string;
  readonly series: number;
  readonly totalBytes: number;
  /** Not an image: a done-file, a manifest, an announced number. */
  readonly isSidecar: boolean;
}

interface Tracked {
  readonly file: VirtualFile;
  readonly versions: Version[];
}

/** A file as one look saw it. */
interface Seen {
  readonly file: VirtualFile;
  readonly version: Version;
}

/** Time to look at one entry, ms. */
const STAT_MS = 0.02;

const UNFINISHED = /\.(?:tmp[^.]*|part)$/i;

/** Facts about the delivery that rules know in advance. */
export interface Announced {
  readonly marker?: string;
  readonly manifest?: string;
  readonly count?: string;
}

/**
 * One landing directory as a history: every file's state at every time. Deliveries are written into it first and looked at afterwards,
 * so that one delivery can be judged by many policies.
 */
export class VirtualFolder {
  readonly #files = new Map<string, Tracked>();
  readonly #names: { readonly at: number; readonly name: string }[] = [];
  readonly #changes: number[] = [];
  readonly #entryChanges: number[] = [];
  #stamp = 0;
  /** The listing of every look after the last change. */
  #settled: FolderListing | undefined;
  /** Whether open files can be seen from here: not those of another host. */
  readonly isLocal: boolean;
  announced: Announced = {};

  constructor(isLocal: boolean) {
    this.isLocal = isLocal;
  }

  /** Comes under a name, the first time by mkdir, then by rename. */
  name(at: number, name: string): void {
    this.#names.push({ at, name });
    this.#changes.push(at);
  }

  write(
    at: number,
    file: VirtualFile,
    state: { readonly bytes: number; readonly written?: number; readonly isOpen: boolean },
  ): void {
    const { bytes, written = bytes, isOpen } = state;
    if (!this.#stateAt(file.path, at)?.exists) this.#entryChanges.push(at);
    this.#push(file, { at, exists: true, bytes, written, isOpen });
  }

  remove(at: number, file: VirtualFile): void {
    this.#entryChanges.push(at);
    this.#push(file, { at, exists: false, bytes: 0, written: 0, isOpen: false });
  }

  #push(file: VirtualFile, version: Omit<Version, 'stamp'>): void {
    const tracked = this.#files.get(file.path) ?? { file, versions: [] };
    this.#files.set(file.path, tracked);
    this.#stamp += 1;
    tracked.versions.push({ ...version, stamp: this.#stamp });
    this.#changes.push(version.at);
  }

  /** Puts the history in order of time; two senders write it one after the other. */
  seal(): void {
    const byTime = (one: { readonly at: number }, other: { readonly at: number }): number => one.at - other.at;
    for (const { versions } of this.#files.values()) versions.sort(byTime);
    this.#names.sort(byTime);
    this.#changes.sort((one, other) => one - other);
    this.#entryChanges.sort((one, other) => one - other);
  }

  get names(): readonly { readonly at: number; readonly name: string }[] {
    return this.#names;
  }

  nameAt(at: number): string | undefined {
    return this.#names.findLast((one) => one.at <= at)?.name;
  }

  /** Longest time in which nothing changed between the first change and `end`. */
  longestSilence(end: number): number {
    const changes = this.#changes.filter((at) => at <= end);
    return changes.slice(1).reduce((most, at, index) => Math.max(most, at - (changes[index] ?? at)), 0);
  }

  /** When an image was last finished in each series, up to a time; what a receiver of instances knows. */
  *arrivals(): Generator<{ readonly at: number; readonly series: number }> {
    for (const { file, versions } of this.#files.values()) {
      if (file.isSidecar) continue;
      for (const [index, version] of versions.entries()) {
        const before = versions[index - 1];
        if (version.exists && !version.isOpen && (before === undefined || before.isOpen))
          yield { at: version.at, series: file.series };
      }
    }
  }

  /** Newest change of the directory itself: an entry came or went. */
  directoryTime(at: number): number {
    return this.#entryChanges.findLast((one) => one <= at) ?? this.#names[0]?.at ?? 0;
  }

  fileCount(at: number): number {
    let count = 0;
    for (const path of this.#files.keys()) if (this.#stateAt(path, at)?.exists === true) count += 1;
    return count;
  }

  /** Looks at every entry, one after the other, while the senders go on; says when the look ended. */
  look(at: number): { readonly listing: FolderListing; readonly endedAt: number } {
    if (this.#settled !== undefined && at >= (this.#changes.at(-1) ?? 0)) {
      return { listing: this.#settled, endedAt: at + STAT_MS * this.#settled.files };
    }
    const seen: Seen[] = [];
    const present = [...this.#files.values()].filter(({ file }) => this.#stateAt(file.path, at)?.exists);
    let now = at;
    for (const { file } of present) {
      now += STAT_MS;
      const version = this.#stateAt(file.path, now);
      if (version?.exists === true) seen.push({ file, version });
    }
    const listing = this.#toListing(seen, at, now);
    if (at >= (this.#changes.at(-1) ?? 0)) this.#settled = listing;
    return { listing, endedAt: now };
  }

  #stateAt(path: string, at: number): Version | undefined {
    const versions = this.#files.get(path)?.versions ?? [];
    let low = 0;
    let high = versions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((versions[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return versions[low - 1];
  }

  #toListing(seen: readonly Seen[], from: number, to: number): FolderListing {
    const images = seen.filter(({ file }) => !file.isSidecar);
    const arriving = seen.filter(({ file }) => UNFINISHED.test(file.path));
    const open = seen.filter(({ version }) => version.isOpen);
    const digest = seen.map(({ file, version }) => `${file.path}:${version.bytes}:${version.stamp}`).join();
    return {
      exists: this.nameAt(from) !== undefined,
      isDirectory: true,
      files: seen.length,
      bytes: seen.reduce((sum, { version }) => sum + version.bytes, 0),
      manifestDigest: digest,
      snapshotDigest: `${this.directoryTime(from)};${this.nameAt(to)};${digest}`,
      newestCtimeMs: null,
      unreadable: 0,
      problemCodes: [],
      siblings: { arriving: arriving.length, example: arriving[0]?.file.path ?? null },
      writers:
        this.isLocal && open[0] !== undefined
          ? { kind: 'open', files: open.length, pids: [1], example: open[0].file.path }
          : { kind: 'none', complete: this.isLocal },
      dicom: {
        instances: images.filter(({ version }) => version.written > 0).length,
        truncated: images.filter(({ file, version }) => version.bytes < file.totalBytes).length,
        example: null,
        series: [],
      },
      ...this.#toProofs(seen),
    };
  }

  #toProofs(seen: readonly Seen[]): Partial<FolderListing> {
    const { marker, manifest, count } = this.announced;
    const find = (path: string | undefined) => seen.find(({ file }) => file.path === path);
    const done = find(marker);
    const list = find(manifest);
    const number = find(count);
    const images = seen.filter(({ file }) => !file.isSidecar);
    const planned = [...this.#files.values()].filter(({ file }) => !file.isSidecar);
    const wrong = images.filter(({ file, version }) => version.written < file.totalBytes).length;
    return {
      ...(done === undefined
        ? {}
        : {
            marker: {
              kind: 'found',
              name: done.file.path,
              isOlder: seen.some(({ version }) => version.stamp > done.version.stamp),
            },
          }),
      ...(list === undefined || list.version.isOpen
        ? {}
        : {
            manifest: {
              kind: 'compared',
              name: list.file.path,
              listed: planned.length,
              missing: planned.length - images.length,
              wrongSize: 0,
              wrongDigest: wrong,
              unlisted: 0,
              example: null,
            },
          }),
      ...(number === undefined ? {} : { expected: { instances: planned.length, source: 'sidecar' } }),
    };
  }
}
