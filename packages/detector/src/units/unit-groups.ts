import { isSameStamp, type UnitFile } from './unit-file.ts';
import { type FileUnitKind, toAssignment } from './unit-key.ts';

interface Grouped {
  readonly file: UnitFile;
  readonly key: string | undefined;
  /** Why it belongs to no unit. */
  readonly reason: string;
}

/**
 * The files of one watch path, grouped into units. What it holds follows from the last word on every path alone: the order in which
 * paths come does not matter. Every change tells the keys of the units that it touched. No I/O.
 */
export class UnitGroups {
  readonly unit: FileUnitKind;
  readonly #sidecars: ReadonlySet<string>;
  readonly #files = new Map<string, Grouped>();
  readonly #units = new Map<string, Set<string>>();
  readonly #unassigned = new Set<string>();
  /** StudyInstanceUID → keys with the number of their files in it. */
  readonly #studies = new Map<string, Map<string, number>>();
  /** First part of the path → files below; loose files are under their own names. */
  readonly #tops = new Map<string, Set<string>>();
  /** First part of the path → names that are not final, which are not looked into. */
  readonly #unfinished = new Map<string, Set<string>>();
  /** Files that can never belong to a unit, with the reason. */
  readonly #others = new Map<string, string>();

  /** `sidecars`: base names of files that speak for the others of their directory. */
  constructor(unit: FileUnitKind, sidecars: ReadonlySet<string> = new Set()) {
    this.unit = unit;
    this.#sidecars = sidecars;
  }

  get fileCount(): number {
    return this.#files.size;
  }

  /** Every key with at least one file. */
  get keys(): Iterable<string> {
    return this.#units.keys();
  }

  /** Whether the unit has a file. */
  hasUnit(key: string): boolean {
    return this.#units.has(key);
  }

  get paths(): Iterable<string> {
    return this.#files.keys();
  }

  get(path: string): UnitFile | undefined {
    return this.#files.get(path)?.file;
  }

  /** The unit that a file belongs to. */
  keyOf(path: string): string | undefined {
    return this.#files.get(path)?.key;
  }

  /** In the order of their paths; empty when there is no such unit. */
  filesOf(key: string): readonly UnitFile[] {
    return this.#toFiles(this.#units.get(key) ?? []);
  }

  /** Files below one directory; with an empty path, all. */
  filesBelow(directory: string): readonly UnitFile[] {
    if (directory === '') return this.#toFiles(this.#files.keys());
    return this.#toFiles([...(this.#tops.get(toTop(directory)) ?? [])].filter((path) => isBelow(path, directory)));
  }

  /** Files that belong to no unit, with the reason. */
  unassigned(): ReadonlyMap<string, string> {
    const files = [...this.#unassigned].map((path) => [path, this.#files.get(path)?.reason ?? ''] as const);
    return new Map([...files, ...this.#others]);
  }

  isSidecar(path: string): boolean {
    return this.#sidecars.has(path.slice(path.lastIndexOf('/') + 1));
  }

  /** Names that are not final, anywhere; each by its path. */
  unfinished(): readonly string[] {
    return [...this.#unfinished.values()].flatMap((paths) => [...paths]);
  }

  /** Names that are not final and lie below a directory. */
  unfinishedBelow(directory: string): readonly string[] {
    return [...(this.#unfinished.get(toTop(directory)) ?? [])].filter((path) => isBelow(path, directory));
  }

  /** Other units with files of the same studies. */
  siblingsOf(key: string): readonly string[] {
    const studies = new Set(this.filesOf(key).map(toStudy));
    // Files without a StudyInstanceUID share nothing.
    studies.delete('');
    const keys = [...studies].flatMap((study) => [...(this.#studies.get(study)?.keys() ?? [])]);
    return [...new Set(keys)].filter((other) => other !== key).sort();
  }

  /** The newest word on one file, in place of the one before. A rename's proof stays while the file is unchanged. */
  put(given: UnitFile): readonly string[] {
    const before = this.#files.get(given.path);
    const isSame = before !== undefined && isSameStamp(before.file.stamp, given.stamp);
    const file = isSame ? { ...given, broughtBy: given.broughtBy ?? before.file.broughtBy } : given;
    if (isSame && before.file.broughtBy === file.broughtBy && before.file.sighting === file.sighting) return [];
    const touched = this.#drop(file.path);
    this.#others.delete(file.path);
    const assigned = toAssignment(file.sighting, this.unit);
    const key = assigned.kind === 'unit' ? assigned.key : undefined;
    this.#files.set(file.path, { file, key, reason: assigned.kind === 'unit' ? '' : assigned.reason });
    addTo(this.#tops, toTop(file.path), file.path);
    if (key === undefined) {
      if (!this.isSidecar(file.path)) this.#unassigned.add(file.path);
      return touched;
    }
    addTo(this.#units, key, file.path);
    const keys = this.#studies.get(toStudy(file)) ?? new Map<string, number>();
    this.#studies.set(toStudy(file), keys.set(key, (keys.get(key) ?? 0) + 1));
    return [...new Set([...touched, key])];
  }

  /** A name that is not final is there. */
  putUnfinished(path: string): void {
    addTo(this.#unfinished, toTop(path), path);
  }

  /** Something is there that can never belong to a unit. */
  putOther(path: string, reason: string): readonly string[] {
    this.#others.set(path, reason);
    return this.#drop(path);
  }

  /** The file, or the directory with all below it, is gone. */
  remove(path: string): readonly string[] {
    const top = toTop(path);
    for (const name of this.#unfinished.get(top) ?? []) {
      if (name === path || isBelow(name, path)) takeFrom(this.#unfinished, top, name);
    }
    for (const other of this.#others.keys()) {
      if (other === path || isBelow(other, path)) this.#others.delete(other);
    }
    if (this.#files.has(path)) return this.#drop(path);
    const below = [...(this.#tops.get(top) ?? [])].filter((one) => isBelow(one, path));
    return [...new Set(below.flatMap((one) => this.#drop(one)))];
  }

  #toFiles(paths: Iterable<string>): readonly UnitFile[] {
    const files = [...paths].sort().map((path) => this.#files.get(path)?.file);
    return files.filter((file) => file !== undefined);
  }

  #drop(path: string): readonly string[] {
    const grouped = this.#files.get(path);
    if (grouped === undefined) return [];
    this.#files.delete(path);
    this.#unassigned.delete(path);
    takeFrom(this.#tops, toTop(path), path);
    const { file, key } = grouped;
    if (key === undefined) return [];
    takeFrom(this.#units, key, path);
    const keys = this.#studies.get(toStudy(file));
    const left = (keys?.get(key) ?? 1) - 1;
    if (left > 0) keys?.set(key, left);
    else keys?.delete(key);
    if (keys?.size === 0) this.#studies.delete(toStudy(file));
    return [key];
  }
}

/** The first part of a path. */
function toTop(path: string): string {
  const slash = path.indexOf('/');
  return slash === -1 ? path : path.slice(0, slash);
}

function isBelow(path: string, directory: string): boolean {
  return path.startsWith(`${directory}/`);
}

function toStudy({ sighting }: UnitFile): string {
  return sighting.kind === 'header' ? (sighting.header.studyInstanceUid ?? '') : '';
}

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key) ?? new Set();
  map.set(key, values.add(value));
}

function takeFrom(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key);
  values?.delete(value);
  if (values?.size === 0) map.delete(key);
}
