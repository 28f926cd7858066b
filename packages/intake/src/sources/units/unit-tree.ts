import {
  type FileStamp,
  type FileUnitKind,
  type HeaderSighting,
  isSameStamp,
  type NameRules,
  toRenameBound,
  type UnitFile,
  UnitGroups,
} from '@sendit/detector';
import { type StampSighting, type TreeEntry, toPathReason } from '@sendit/detector/node';
import { type BatchLimits, DEFAULT_BATCH_LIMITS } from '@sendit/model';
import type { UnitDisk } from './unit-disk.ts';

export interface UnitTreeDeps {
  /** Absolute, without a slash at the end. */
  readonly folder: string;
  readonly unit: FileUnitKind;
  readonly disk: UnitDisk;
  /** Names right below the folder that are left alone. */
  readonly skips: (name: string) => boolean;
  readonly names?: NameRules | undefined;
  /** Called with every path that is ignored by its name. */
  readonly onIgnored?: ((path: string) => void) | undefined;
  /** By default {@link DEFAULT_BATCH_LIMITS}. */
  readonly limits?: BatchLimits | undefined;
}

/**
 * Result of a scan; `touched`: keys of units that it found changed; `isReplaced`: another folder took the watch path's
 * place.
 */
export type TreeScan =
  | {
      readonly kind: 'scanned';
      readonly identity: string;
      readonly isReplaced: boolean;
      readonly touched: ReadonlySet<string>;
    }
  | { readonly kind: 'unreadable'; readonly code: string };

/** How files are taken up. */
interface RefreshOptions {
  /** The directory whose rename brought those that are no newer than `bound`. */
  readonly broughtBy?: string | null;
  readonly bound?: bigint | null | undefined;
  /** Headers that could not be read are read again. */
  readonly isAnew?: boolean;
}

/** Paths looked at together; more only queue up in libuv's four threads. */
const AT_ONCE = 64;

/**
 * The files of one watch path as the disk has them, grouped. Files are looked at when reported as changed; a header is
 * read again only if its file's stamp differs. Changes are returned as keys of units.
 */
export class UnitTree {
  readonly #deps: UnitTreeDeps;
  #groups: UnitGroups;
  #identity: string | undefined;

  constructor(deps: UnitTreeDeps) {
    this.#deps = deps;
    this.#groups = new UnitGroups(deps.unit, deps.disk.sidecarNames);
  }

  get groups(): UnitGroups {
    return this.#groups;
  }

  /**
   * Lists all names; reads the status of new ones and of files that belong to no unit. Another folder in the watch path's place begins
   * anew. @throws the signal's reason when aborted.
   */
  async scan(signal: AbortSignal): Promise<TreeScan> {
    const { disk, folder, limits, names: rules, skips } = this.#deps;
    const found = await disk.readIdentity(folder);
    if (found.kind === 'unreadable') return found;
    const { identity } = found;
    const isReplaced = this.#identity !== undefined && this.#identity !== identity;
    if (isReplaced) this.#groups = new UnitGroups(this.#deps.unit, disk.sidecarNames);
    this.#identity = identity;
    const groups = this.#groups;
    const files = new Set(groups.paths);
    const names = new Set([...groups.unfinished(), ...groups.unassigned().keys()]);
    const touched = new Set<string>();
    for await (const entries of disk.readTree(folder, { below: '', limits, names: rules, skips }, signal)) {
      for (const { path } of entries) {
        files.delete(path);
        names.delete(path);
      }
      const unknown = this.#putNames(entries, touched).filter((path) => groups.keyOf(path) === undefined);
      addAll(touched, await this.refresh(unknown, signal, { isAnew: true }));
    }
    addAll(touched, await this.refresh([...files], signal));
    for (const name of names) {
      if ((await disk.readStamp(folder, name)).kind === 'gone') addAll(touched, groups.remove(name));
    }
    return { kind: 'scanned', identity, isReplaced, touched };
  }

  /** A directory was renamed into place: all in it is taken up at once, what was there when that was heard of with the rename's proof. */
  async bring(
    directory: string,
    signal: AbortSignal,
    { heardAt, isProof = true }: { readonly heardAt?: number | undefined; readonly isProof?: boolean } = {},
  ): Promise<readonly string[]> {
    const { disk, folder, limits, names, skips } = this.#deps;
    const touched = new Set<string>();
    const paths: string[] = [];
    const top = await disk.readStamp(folder, directory);
    const times = top.kind === 'directory' ? top.times : undefined;
    const bound = heardAt === undefined || times === undefined ? undefined : toRenameBound(times, heardAt);
    for await (const entries of disk.readTree(folder, { below: directory, limits, names, skips }, signal)) {
      paths.push(...this.#putNames(entries, touched));
    }
    addAll(
      touched,
      await this.refresh(paths, signal, { broughtBy: bound === null || !isProof ? null : directory, bound }),
    );
    return [...touched];
  }

  /** Looks at files: those that changed are read and grouped anew, all in one step, and those that are gone are dropped. */
  async refresh(
    paths: readonly string[],
    signal: AbortSignal,
    { bound, broughtBy = null, isAnew = false }: RefreshOptions = {},
  ): Promise<readonly string[]> {
    const { disk, folder, limits = DEFAULT_BATCH_LIMITS } = this.#deps;
    const touched = new Set<string>();
    const files: Omit<UnitFile, 'sighting'>[] = [];
    const toBringer = ({ ctimeNs }: FileStamp): string | null =>
      typeof bound !== 'bigint' || ctimeNs <= bound ? broughtBy : null;
    for (let start = 0; start < paths.length; start += AT_ONCE) {
      signal.throwIfAborted();
      const some = paths.slice(start, start + AT_ONCE);
      const stamps = await Promise.all(some.map((path) => disk.readStamp(folder, path)));
      for (const [index, path] of some.entries()) {
        const seen = stamps[index];
        const excess = seen?.kind === 'stamp' ? toPathReason(path, limits) : undefined;
        if (excess !== undefined) addAll(touched, this.#groups.putOther(path, excess));
        else if (seen?.kind === 'stamp') files.push({ path, stamp: seen.stamp, broughtBy: toBringer(seen.stamp) });
        else if (seen !== undefined) addAll(touched, this.#putAbsent(path, seen));
      }
    }
    const known = files.map((file) => this.#toKnown(file, isAnew));
    const unread = files.filter((file, index) => known[index] === undefined && !this.#groups.isSidecar(file.path));
    const headers = await disk.readHeaders(
      folder,
      unread.map(({ path }) => path),
      signal,
    );
    const read = new Map(unread.map(({ path }, index) => [path, headers[index]]));
    for (const [index, file] of files.entries()) {
      const sighting = known[index] ?? read.get(file.path) ?? NO_HEADER;
      addAll(touched, this.#groups.put({ ...file, sighting }));
    }
    return [...touched];
  }

  /** Takes up all but files; gives the paths of those. */
  #putNames(entries: readonly TreeEntry[], touched: Set<string>): readonly string[] {
    return entries.flatMap((entry) => {
      if (entry.kind === 'file') return [entry.path];
      if (entry.kind === 'ignored') this.#deps.onIgnored?.(entry.path);
      else if (entry.kind === 'unfinished') this.#groups.putUnfinished(entry.path);
      else addAll(touched, this.#groups.putOther(entry.path, entry.reason));
      return [];
    });
  }

  #putAbsent(path: string, seen: Exclude<StampSighting, { readonly kind: 'stamp' }>): readonly string[] {
    if (seen.kind === 'other') return this.#groups.putOther(path, seen.reason);
    // What lies in a directory that took a file's place is told by itself.
    const isReplaced = seen.kind === 'directory' && this.#groups.get(path) === undefined;
    return isReplaced ? [] : this.#groups.remove(path);
  }

  /** Facts of a file that is unchanged; `isAnew`: headers that could not be read are read again all the same. */
  #toKnown({ path, stamp }: Omit<UnitFile, 'sighting'>, isAnew: boolean): HeaderSighting | undefined {
    const before = this.#groups.get(path);
    if (before === undefined || !isSameStamp(before.stamp, stamp)) return undefined;
    return isAnew && before.sighting.kind === 'none' ? undefined : before.sighting;
  }
}

/** Returned for files without a unit key. */
const NO_HEADER: HeaderSighting = { kind: 'none', reason: 'it speaks for other files' };

function addAll<T>(set: Set<T>, values: Iterable<T>): void {
  for (const value of values) set.add(value);
}
