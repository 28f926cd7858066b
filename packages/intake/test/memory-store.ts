import type {
  BatchStatus,
  DirectoryNote,
  FolderSignature,
  ManifestFile,
  SealOutcome,
  SealRequest,
  SeenDirectory,
  SeenOutcome,
} from '@sendit/model';
import type { BatchStore, KnownBatch, UnreadableBatch } from '../src/ports.ts';

interface Row {
  readonly batchId: string;
  readonly generation: number;
  readonly status: BatchStatus;
  readonly manifestDigest: string;
  signature: FolderSignature | null;
  /** Of a series or study: path and inode of each. */
  readonly files?: ReadonlySet<string>;
  isWaiting: boolean;
  vanished: boolean;
  lateDigest?: string;
  ignoredDigest?: string;
}

/** A store in memory that follows the port's contract, and can be made to fail. */
export class MemoryStore implements BatchStore {
  readonly rows = new Map<string, Row>();
  readonly sealed: SealRequest[] = [];
  readonly vanished: string[] = [];
  readonly calls: string[] = [];
  /** What a person keeps back, as only the database knows. */
  readonly keptBack = new Map<string, DirectoryNote>();
  /** Held since they cannot be read, and due. */
  readonly unreadable: UnreadableBatch[] = [];
  /** Throws for the questions that are to fail. */
  fail: (question: string) => void = () => undefined;

  async seal(request: SealRequest): Promise<SealOutcome> {
    const { manifestDigest, relativePath } = request;
    this.#ask(`seal ${relativePath}`);
    const row = this.rows.get(relativePath);
    if (row?.isWaiting === true && row.manifestDigest === manifestDigest) {
      Object.assign(row, { isWaiting: false, vanished: false });
      return { kind: 'reopened', batchId: row.batchId, generation: row.generation, isLate: false };
    }
    const isThere = row?.vanished === false && !isReplaced(row, request);
    const changed = row !== undefined && row.manifestDigest !== manifestDigest;
    const isLate = isThere && changed && row.lateDigest !== manifestDigest;
    if (isLate) row.lateDigest = manifestDigest;
    const isLeft =
      isThere &&
      !this.amending.has(relativePath) &&
      ((request.late ?? 'ignore') === 'ignore' || row.ignoredDigest === manifestDigest);
    if (row !== undefined && (isLeft || !changed)) {
      row.vanished = false;
      if (changed) row.ignoredDigest = manifestDigest;
      const { batchId, generation, status } = row;
      return { kind: 'known', batchId, generation, status, changed, isLate };
    }
    const renamed = [...this.rows].find(
      ([path, one]) =>
        path !== relativePath &&
        one.manifestDigest === manifestDigest &&
        one.signature !== null &&
        one.signature.identity === request.signature?.identity,
    );
    if (renamed !== undefined && row?.vanished !== false) {
      const [from, moved] = renamed;
      this.rows.delete(from);
      this.rows.set(relativePath, { ...moved, vanished: false });
      return { kind: 'renamed', batchId: moved.batchId, generation: moved.generation, from, isLate: false };
    }
    const note = this.keptBack.get(relativePath);
    if (note !== undefined) return { kind: 'kept-back', batchId: null, generation: null, note };
    const generation = (row?.generation ?? 0) + 1;
    const batchId = `${relativePath}#${generation}`;
    const signature = request.signature ?? null;
    const sealed = { batchId, generation, status: 'NEW' as const, manifestDigest, signature };
    const files = (request.unit ?? 'directory') === 'directory' ? {} : { files: toFiles(request) };
    this.rows.set(relativePath, { ...sealed, ...files, isWaiting: false, vanished: false });
    this.sealed.push(request);
    this.amending.delete(relativePath);
    return { kind: 'sealed', batchId, generation, isLate };
  }

  async findKnown(_rootId: string, relativePaths: readonly string[]): Promise<ReadonlyMap<string, KnownBatch>> {
    this.#ask(`findKnown ${relativePaths.length}`);
    return new Map(
      relativePaths.flatMap((path) => {
        const row = this.rows.get(path);
        return row === undefined ? [] : [[path, { ...row }] as const];
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

  /** What a person wants amended. */
  readonly amending = new Set<string>();

  async listAmending(): Promise<readonly string[]> {
    return [...this.amending];
  }

  async noteSeen(batchId: string, seen: SeenDirectory): Promise<SeenOutcome> {
    this.#ask(`noteSeen ${batchId}`);
    const row = [...this.rows.values()].find((one) => one.batchId === batchId);
    if (row === undefined) return { kind: 'unchanged' };
    if (row.manifestDigest === seen.manifestDigest) {
      const { isWaiting } = row;
      Object.assign(row, { signature: seen.signature, isWaiting: false });
      return { kind: isWaiting ? 'reopened' : 'unchanged' };
    }
    if (isReplaced(row, seen)) return { kind: 'replaced' };
    const isNew = row.lateDigest !== seen.manifestDigest;
    row.lateDigest = seen.manifestDigest;
    const isAsked = [...this.amending].some((path) => this.rows.get(path) === row);
    const isLeft = !isAsked && (seen.late === 'ignore' || row.ignoredDigest === seen.manifestDigest);
    if (isLeft) Object.assign(row, { signature: seen.signature, ignoredDigest: seen.manifestDigest });
    return { kind: 'late', isNew, isLeft };
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

  #ask(question: string): void {
    this.calls.push(question);
    this.fail(question);
  }
}

type Seen = Pick<SeenDirectory, 'signature' | 'manifest'> | Pick<SealRequest, 'signature' | 'manifest'>;

/** What was sealed is gone: another directory has its name, or none of the files is one of those that were sealed. */
function isReplaced(row: Row | undefined, seen: Seen): boolean {
  if (row?.signature && seen.signature) return row.signature.identity !== seen.signature.identity;
  const now = [...toFiles(seen)];
  return row?.files !== undefined && now.length > 0 && !now.some((file) => row.files?.has(file));
}

function toFiles({ manifest = [] }: Pick<Seen, 'manifest'>): ReadonlySet<string> {
  return new Set([...manifest].map(({ inode, path }) => `${path} ${inode}`));
}
