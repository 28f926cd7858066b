import type {
  BatchStatus,
  DirectoryNote,
  FolderSignature,
  ManifestFile,
  SealOutcome,
  SealRequest,
  SeenDirectory,
  SeenOutcome,
  UnitKind,
} from '@sendit/model';
import type { BatchStore, KnownBatch, UnreadableBatch } from '../src/ports.ts';

interface Row {
  readonly batchId: string;
  readonly generation: number;
  readonly status: BatchStatus;
  readonly manifestDigest: string;
  signature: FolderSignature | null;
  readonly unit?: UnitKind;
  /** The sealed files, by path. */
  readonly files?: ReadonlyMap<string, ManifestFile>;
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
    const { relativePath } = request;
    this.#ask(`seal ${relativePath}`);
    const row = this.rows.get(relativePath);
    const manifestDigest = toSeenDigest(row, request);
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
    const { unit = 'directory' } = request;
    const files = new Map([...(row?.files ?? []), ...toFiles(request)]);
    const sealed = { batchId, generation, status: 'NEW' as const, manifestDigest: request.manifestDigest, signature };
    this.rows.set(relativePath, { ...sealed, unit, files, isWaiting: false, vanished: false });
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
    const manifestDigest = toSeenDigest(row, seen);
    if (row.manifestDigest === manifestDigest) {
      const { isWaiting } = row;
      Object.assign(row, { signature: seen.signature, isWaiting: false });
      return { kind: isWaiting ? 'reopened' : 'unchanged' };
    }
    if (isReplaced(row, seen)) return { kind: 'replaced' };
    const isNew = row.lateDigest !== manifestDigest;
    row.lateDigest = manifestDigest;
    const isAsked = [...this.amending].some((path) => this.rows.get(path) === row);
    const isLeft = !isAsked && (seen.late === 'ignore' || row.ignoredDigest === manifestDigest);
    if (isLeft) Object.assign(row, { signature: seen.signature, ignoredDigest: manifestDigest });
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

type Seen = Pick<SeenDirectory, 'manifest' | 'manifestDigest' | 'keepsInodes'> & Pick<SealRequest, 'signature'>;

/** What was sealed is gone: another directory has its name, or none of the files is one of those that were sealed. */
function isReplaced(row: Row | undefined, seen: Seen): boolean {
  if ((row?.unit ?? 'directory') === 'directory')
    return !!row?.signature && !!seen.signature && row.signature.identity !== seen.signature.identity;
  const now = [...toFiles(seen).values()];
  return now.length > 0 && !now.some(({ inode, path }) => row?.files?.get(path)?.inode === inode);
}

/** Another digest than that of the manifest where files took the place of sealed ones. */
function toSeenDigest(row: Row | undefined, seen: Seen): string {
  const { keepsInodes = false, manifestDigest } = seen;
  if (row === undefined || row.manifestDigest !== manifestDigest || row.isWaiting || row.vanished)
    return manifestDigest;
  const others = [...toFiles(seen).values()].filter(({ bornNs, inode, path }) => {
    const sealed = row.files?.get(path);
    if (sealed?.bornNs !== undefined && bornNs !== undefined) return sealed.bornNs !== bornNs;
    return keepsInodes && sealed !== undefined && sealed.inode !== inode;
  });
  if (others.length === 0 || isReplaced(row, seen)) return manifestDigest;
  return `${manifestDigest} ${others.map(({ bornNs, inode, path }) => `${path} ${bornNs ?? inode}`).join(' ')}`;
}

function toFiles({ manifest = [] }: Pick<Seen, 'manifest'>): ReadonlyMap<string, ManifestFile> {
  return new Map([...manifest].map((file) => [file.path, file]));
}
