import {
  type FileStamp,
  type FolderSightings,
  type HeaderFacts,
  type HeaderSighting,
  type WritersSighting,
  DEFAULT_NAMES,
} from '@sendit/detector';
import type { DirectoryTimes, StampSighting, TreeEntry } from '@sendit/detector/node';
import type { SidecarRequest, UnitDisk } from '../src/sources/units/unit-disk.ts';

/** Header of a file in memory: its study and series, or that it has none (yet). */
export interface MemoryFile {
  readonly study?: string;
  readonly series?: string;
  readonly instance?: string;
  readonly isWhole?: boolean;
}

/** The files below a watch path, in memory; counts what is asked of it. */
export class MemoryTree implements UnitDisk {
  readonly files = new Map<string, { readonly file: MemoryFile; readonly stamp: FileStamp }>();
  readonly open = new Set<string>();
  readonly sidecarNames: ReadonlySet<string>;
  readonly asked = { stamps: 0, headers: 0 };
  identity = 'one';
  problem: string | undefined;
  /** Of every directory. */
  directoryTimes: DirectoryTimes | undefined;
  #writes = 0;

  constructor(sidecarNames: readonly string[] = []) {
    this.sidecarNames = new Set(sidecarNames);
  }

  /** Writes a file anew. */
  write(path: string, file: MemoryFile = {}, ctimeNs?: bigint): void {
    this.#writes += 1;
    const time = ctimeNs ?? BigInt(this.#writes);
    const inode = this.files.get(path)?.stamp.inode ?? time;
    this.files.set(path, { file, stamp: { bytes: 10, mtimeNs: time, ctimeNs: time, device: 1n, inode } });
  }

  /** Puts another file in the place of one, with its size and modification time. */
  swap(path: string): void {
    const known = this.files.get(path);
    if (known === undefined) throw new Error(`Expected a file at ${path}`);
    this.#writes += 1;
    const time = BigInt(this.#writes);
    this.files.set(path, { ...known, stamp: { ...known.stamp, ctimeNs: time, inode: time } });
  }

  /** Touches a file: another mode, say. */
  touch(path: string): void {
    const known = this.files.get(path);
    if (known === undefined) throw new Error(`Expected a file at ${path}`);
    this.#writes += 1;
    this.files.set(path, { ...known, stamp: { ...known.stamp, ctimeNs: BigInt(this.#writes) } });
  }

  /** Moves a file, or a directory with all in it. */
  move(from: string, to: string): void {
    for (const [path, file] of Array.from(this.files)) {
      if (path !== from && !path.startsWith(`${from}/`)) continue;
      this.files.delete(path);
      this.files.set(`${to}${path.slice(from.length)}`, file);
    }
  }

  remove(path: string): void {
    for (const known of this.files.keys()) {
      if (known === path || known.startsWith(`${path}/`)) this.files.delete(known);
    }
  }

  readonly readIdentity = async () => {
    if (this.problem !== undefined) return { kind: 'unreadable', code: this.problem } as const;
    return { kind: 'identity', identity: this.identity } as const;
  };

  readonly readTree: UnitDisk['readTree'] = (_folder, { below, names = DEFAULT_NAMES, skips }) => {
    const entries = new Map<string, TreeEntry>();
    for (const path of this.files.keys()) {
      const parts = path.split('/');
      if (below !== '' && !path.startsWith(`${below}/`)) continue;
      if (skips(parts[0] ?? '')) continue;
      const depth = below === '' ? 0 : below.split('/').length;
      const prefixes = parts.map((_, index) => parts.slice(0, index + 1).join('/')).slice(depth);
      const stop = prefixes.find((prefix) => names.isIgnored(prefix) || names.isArriving(prefix));
      const kind = stop === undefined ? 'file' : names.isIgnored(stop) ? 'ignored' : 'unfinished';
      entries.set(stop ?? path, { kind, path: stop ?? path });
    }
    return (async function* () {
      yield [...entries.values()];
    })();
  };

  readonly readStamp = async (_folder: string, path: string): Promise<StampSighting> => {
    this.asked.stamps += 1;
    const known = this.files.get(path);
    if (known !== undefined) return { kind: 'stamp', stamp: known.stamp };
    const isDirectory = [...this.files.keys()].some((file) => file.startsWith(`${path}/`));
    if (!isDirectory) return { kind: 'gone' };
    return { kind: 'directory', ...(this.directoryTimes && { times: this.directoryTimes }) };
  };

  async readHeaders(_folder: string, paths: readonly string[]): Promise<readonly HeaderSighting[]> {
    this.asked.headers += paths.length;
    return paths.map((path) => toSighting(path, this.files.get(path)?.file));
  }

  readonly readWriters = async (_folder: string, paths: ReadonlySet<string>): Promise<WritersSighting> => {
    const [example, ...others] = [...this.open].filter((path) => paths.has(path));
    if (example === undefined) return { kind: 'none', complete: true };
    return { kind: 'open', files: others.length + 1, pids: [7], example };
  };

  async readSidecars({ directory, files, isExclusive }: SidecarRequest): Promise<FolderSightings> {
    const marker = files.find(({ path }) => path === '.done');
    const isOlder = files.some(({ ctimeNs }) => marker !== undefined && ctimeNs > marker.ctimeNs);
    const count = isExclusive ? files.find(({ path }) => /^count-\d+$/.test(path)) : undefined;
    return {
      marker: marker === undefined ? { kind: 'absent' } : { kind: 'found', name: `${directory}/.done`, isOlder },
      ...(count && { expected: { instances: Number(count.path.slice('count-'.length)), source: 'sidecar' } }),
    };
  }
}

function toSighting(path: string, file: MemoryFile | undefined): HeaderSighting {
  if (file === undefined) return { kind: 'none', reason: 'it cannot be read: ENOENT' };
  if (file.study === undefined && file.series === undefined) return { kind: 'none', reason: 'it is not a DICOM file' };
  const header: HeaderFacts = {
    studyInstanceUid: file.study ?? null,
    seriesInstanceUid: file.series ?? null,
    sopInstanceUid: file.instance ?? path,
    instanceNumber: null,
    imagesInAcquisition: null,
    numberOfSlices: null,
    position: [],
    orientation: '',
    isWhole: file.isWhole ?? true,
  };
  return { kind: 'header', header };
}
