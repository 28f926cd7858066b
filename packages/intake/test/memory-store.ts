import type {
  BatchStatus,
  DirectoryNote,
  FolderSignature,
  KnownBatch,
  ManifestFile,
  SealOutcome,
  SealRequest,
  SeenDirectory,
  SeenOutcome,
  TouchedFile,
  UnitKind,
  UnreadableBatch,
} from '@sendit/model';
import type { BatchStore } from '../src/ports.ts';

/** The newest batch of a path. */
interface Row {
  readonly batchId: string;
  readonly generation: number;
  readonly status: BatchStatus;
  readonly manifestDigest: string;
  readonly unit?: UnitKind;
  /** The sealed files by path, those of earlier generations among them where it holds only what came late. */
  readonly files?: ReadonlyMap<string, ManifestFile>;
  /** By path, what their imports kept. */
  readonly digests?: ReadonlyMap<string, string>;
  signature: FolderSignature | null;
  /** Its import waits for files. */
  isWaiting: boolean;
  vanished: boolean;
  /** Where its directory lies now, since it was renamed. */
  movedTo?: string | undefined;
  lateDigest?: string;
  ignoredDigest?: string | undefined;
}

/** A store in memory that keeps the contract of the real ones, and can be made to fail. */
export class MemoryStore implements BatchStore {
  readonly rows = new Map<string, Row>();
  readonly sealed: SealRequest[] = [];
  readonly vanished: string[] = [];
  readonly calls: string[] = [];
  /** Batches that a person keeps back, known only to the database. */
  readonly keptBack = new Map<string, DirectoryNote>();
  /** Paths that a person wants amended. */
  readonly amending = new Set<string>();
  /** Held since they cannot be read, and due. */
  readonly unreadable: UnreadableBatch[] = [];
  /** Throws for the questions that are to fail. */
  fail: (question: string) => void = () => undefined;

  async seal(request: SealRequest): Promise<SealOutcome> {
    const { relativePath } = request;
    this.#ask(`seal ${relativePath}`);
    const row = this.rows.get(relativePath);
    const touched = listUnread(row, request);
    if (row !== undefined && touched.length > 0) {
      const { batchId, generation, status } = row;
      return { kind: 'known', batchId, generation, status, changed: false, isLate: false, touched };
    }
    const digest = toSeenDigest(row, request);
    if (row?.manifestDigest === digest) return this.#know(relativePath, row, request);
    const renamed = row?.vanished === false ? undefined : this.#follow(request);
    if (renamed !== undefined) return renamed;
    const next =
      row === undefined ? 'whole' : this.#planNext(relativePath, row, { ...request, manifestDigest: digest });
    if (row !== undefined && next === undefined) {
      const isLate = this.#countLate(row, digest);
      Object.assign(row, { ignoredDigest: digest, signature: request.signature ?? row.signature });
      this.amending.delete(relativePath);
      const { batchId, generation, status } = row;
      return { kind: 'known', batchId, generation, status, changed: true, isLate };
    }
    const note = this.keptBack.get(relativePath);
    if (note !== undefined) return { kind: 'kept-back', batchId: null, generation: null, note };
    const wasThere = row !== undefined && !row.vanished && !isReplaced(row, request);
    const isLate = wasThere && this.#countLate(row, digest);
    const generation = (row?.generation ?? 0) + 1;
    const batchId = `${relativePath}#${generation}`;
    const earlier = next === 'delta' ? [...(row?.files ?? [])] : [];
    this.rows.set(relativePath, {
      batchId,
      generation,
      status: next === 'held' ? 'HELD' : 'NEW',
      manifestDigest: request.manifestDigest,
      unit: request.unit ?? 'directory',
      files: new Map([...earlier, ...toFiles(request)]),
      digests: next === 'delta' && row !== undefined ? withoutChanged(row, request) : new Map(),
      signature: request.signature ?? null,
      isWaiting: false,
      vanished: false,
    });
    this.sealed.push(request);
    this.amending.delete(relativePath);
    return { kind: next === 'held' ? 'held' : 'sealed', batchId, generation, isLate };
  }

  async findKnown(_rootId: string, relativePaths: readonly string[]): Promise<ReadonlyMap<string, KnownBatch>> {
    this.#ask(`findKnown ${relativePaths.length}`);
    return new Map(
      relativePaths.flatMap((path) => {
        const row = this.rows.get(path);
        if (row === undefined) return [];
        return [[path, { ...row, isWaiting: row.isWaiting || this.amending.has(path) }] as const];
      }),
    );
  }

  async listThere(
    _rootId: string,
    page: { readonly after: string; readonly limit: number },
  ): Promise<readonly string[]> {
    this.#ask('listThere');
    const there = [...this.rows].flatMap(([path, { vanished }]) => (vanished || path <= page.after ? [] : [path]));
    return there.toSorted().slice(0, page.limit);
  }

  async listAmending(): Promise<readonly string[]> {
    return [...this.amending];
  }

  async noteSeen(batchId: string, seen: SeenDirectory): Promise<SeenOutcome> {
    this.#ask(`noteSeen ${batchId}`);
    const [path = '', row] = [...this.rows].find(([, one]) => one.batchId === batchId) ?? [];
    if (row === undefined) return { kind: 'unchanged' };
    const touched = listUnread(row, seen);
    if (touched.length > 0) return { kind: 'unchanged', touched };
    const digest = toSeenDigest(row, seen);
    const signature = seen.signature ?? row.signature;
    if (row.manifestDigest === digest) {
      const { isWaiting } = row;
      Object.assign(row, { signature, isWaiting: false, ignoredDigest: undefined });
      if (isWaiting) row.vanished = false;
      return { kind: isWaiting ? 'reopened' : 'unchanged' };
    }
    if (isReplaced(row, seen)) return { kind: 'replaced' };
    const isLeft = this.#isLeftAlone(path, row, { late: seen.late, manifestDigest: digest });
    if (isLeft) Object.assign(row, { signature, ignoredDigest: digest });
    return { kind: 'late', isNew: this.#countLate(row, digest), isLeft };
  }

  async listUnreadable(): Promise<readonly UnreadableBatch[]> {
    this.#ask('listUnreadable');
    return this.unreadable;
  }

  async *manifest(): AsyncGenerator<readonly ManifestFile[]> {
    yield [];
  }

  async reopenUnreadable(batchId: string): Promise<boolean> {
    this.#ask(`reopenUnreadable ${batchId}`);
    const at = this.unreadable.findIndex((one) => one.batchId === batchId);
    return this.unreadable.splice(at, at < 0 ? 0 : 1).length > 0;
  }

  async markVanished(_rootId: string, relativePath: string): Promise<void> {
    this.#ask(`markVanished ${relativePath}`);
    this.vanished.push(relativePath);
    const row = this.rows.get(relativePath);
    if (row !== undefined) row.vanished = true;
  }

  /** It is as it was sealed. */
  #know(path: string, row: Row, { signature }: SealRequest): SealOutcome {
    const { batchId, generation, isWaiting, movedTo, status } = row;
    const known = { kind: 'known', batchId, generation, status, changed: false, isLate: false } as const;
    if (movedTo !== undefined && row.signature?.identity !== signature?.identity) return known;
    if (movedTo !== undefined) this.rows.delete(movedTo);
    Object.assign(row, { vanished: false, isWaiting: false, movedTo: undefined, ignoredDigest: undefined });
    if (signature) row.signature = signature;
    this.amending.delete(path);
    return isWaiting ? { kind: 'reopened', batchId, generation, isLate: false } : known;
  }

  /** A sealed directory has another name: its batch follows it. */
  #follow({ manifestDigest, relativePath, signature }: SealRequest): SealOutcome | undefined {
    const isIt = ([path, one]: readonly [string, Row]): boolean =>
      path !== relativePath &&
      one.movedTo === undefined &&
      one.manifestDigest === manifestDigest &&
      one.signature !== null &&
      one.signature.identity === signature?.identity;
    const [from, moved] = [...this.rows].find(isIt) ?? [];
    if (from === undefined || moved === undefined) return undefined;
    this.rows.set(from, { ...moved, vanished: true, movedTo: relativePath });
    this.rows.set(relativePath, { ...moved, vanished: false });
    return { kind: 'renamed', batchId: moved.batchId, generation: moved.generation, from, isLate: false };
  }

  #planNext(path: string, row: Row, request: SealRequest): 'whole' | 'delta' | 'held' | undefined {
    if (row.vanished || isReplaced(row, request)) return 'whole';
    const late = this.amending.has(path) ? 'amend' : (request.late ?? 'ignore');
    if (this.#isLeftAlone(path, row, { late, manifestDigest: request.manifestDigest })) return undefined;
    if (findChanged(row, request).length === 0) return undefined;
    return late === 'amend' ? 'delta' : late === 'hold' ? 'held' : 'whole';
  }

  #isLeftAlone(path: string, row: Row, seen: Pick<SeenDirectory, 'late' | 'manifestDigest'>): boolean {
    return !this.amending.has(path) && (seen.late === 'ignore' || row.ignoredDigest === seen.manifestDigest);
  }

  /** Counts each content once. */
  #countLate(row: Row, digest: string): boolean {
    const isNew = row.lateDigest !== digest;
    row.lateDigest = digest;
    return isNew;
  }

  #ask(question: string): void {
    this.calls.push(question);
    this.fail(question);
  }
}

type Seen = Pick<SeenDirectory, 'manifest' | 'manifestDigest' | 'keepsInodes' | 'touched'> &
  Pick<SealRequest, 'signature'>;

/**
 * Whether the sealed content is gone: another directory has its name, or none of the files is one of those that were
 * sealed.
 */
function isReplaced(row: Row, seen: Seen): boolean {
  if ((row.unit ?? 'directory') === 'directory')
    return !!row.signature && !!seen.signature && row.signature.identity !== seen.signature.identity;
  return !toFiles(seen).some(([path, { inode }]) => row.files?.get(path)?.inode === inode);
}

/** Files that are apparently not the sealed ones, or hold something else. */
function findChanged(row: Row, seen: Seen): readonly ManifestFile[] {
  const others = new Set(findTouched(row, seen).flatMap(({ path }) => (isOther(row, seen, path) ? path : [])));
  // By their paths: each walk over a look's files makes them anew.
  const exchanged = new Set(findExchanged(row, seen).map(({ path }) => path));
  return [...(seen.manifest ?? [])].filter(({ path }) => exchanged.has(path) || others.has(path));
}

function isOther({ digests }: Row, { touched }: Seen, path: string): boolean {
  const now = touched?.get(path) ?? null;
  return now !== null && now !== digests?.get(path);
}

/** Files with a kept digest of which only the change time is another. */
function findTouched(row: Row, seen: Seen): readonly ManifestFile[] {
  if (seen.keepsInodes !== true) return [];
  const exchanged = new Set(findExchanged(row, seen).map(({ path }) => path));
  return [...(seen.manifest ?? [])].filter((file) => {
    const sealed = row.files?.get(file.path);
    return !exchanged.has(file.path) && row.digests?.has(file.path) && sealed?.changedNs !== file.changedNs;
  });
}

/** Those of which nobody has told what they hold now; those that hold what they held get their new time. */
function listUnread(row: Row | undefined, seen: Seen): readonly TouchedFile[] {
  if (row?.manifestDigest !== seen.manifestDigest || row.isWaiting || row.vanished) return [];
  const touched = findTouched(row, seen);
  if (touched.length === 0) return [];
  const isSame = ({ path }: ManifestFile): boolean => seen.touched?.get(path) === row.digests?.get(path);
  const times = touched.filter(isSame).map((file) => [file.path, file] as const);
  Object.assign(row, { files: new Map([...(row.files ?? []), ...times]) });
  return touched.flatMap(({ path }) => (seen.touched?.has(path) ? [] : [{ path, algorithm: 'xxh128-dataset' }]));
}

function withoutChanged(row: Row, seen: Seen): ReadonlyMap<string, string> {
  const changed = new Set(findChanged(row, seen).map(({ path }) => path));
  return new Map([...(row.digests ?? [])].filter(([path]) => !changed.has(path)));
}

/** Files that are not the sealed ones, by what a listing tells. */
function findExchanged(row: Row, { keepsInodes = false, manifest = [] }: Seen): readonly ManifestFile[] {
  return [...manifest].filter(({ bornNs, bytes, inode, mtimeNs, path }) => {
    const sealed = row.files?.get(path);
    if (sealed === undefined || sealed.bytes !== bytes || sealed.mtimeNs !== mtimeNs) return true;
    if (sealed.bornNs !== undefined && bornNs !== undefined) return sealed.bornNs !== bornNs;
    return keepsInodes && sealed.inode !== inode;
  });
}

/** Another digest than that of the manifest where files took the place of sealed ones. */
function toSeenDigest(row: Row | undefined, seen: Seen): string {
  const { manifest, manifestDigest } = seen;
  if (row?.manifestDigest !== manifestDigest || row.isWaiting || row.vanished || row.files === undefined)
    return manifestDigest;
  const isUnknown = row.ignoredDigest !== undefined && [...(seen.touched ?? [])].some(([, digest]) => digest === null);
  if (isUnknown) return row.ignoredDigest ?? manifestDigest;
  const others = manifest === undefined ? [] : findChanged(row, seen);
  if (others.length === 0 || isReplaced(row, seen)) return manifestDigest;
  const words = others.map(({ bornNs, inode, path }) => `${path} ${seen.touched?.get(path) ?? bornNs ?? inode}`);
  return `${manifestDigest} ${words.join(' ')}`;
}

function toFiles({ manifest = [] }: Pick<Seen, 'manifest'>): readonly (readonly [string, ManifestFile])[] {
  return [...manifest].map((file) => [file.path, file]);
}
