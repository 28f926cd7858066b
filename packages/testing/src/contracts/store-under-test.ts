import type {
  FolderSignature,
  KnownBatch,
  ManifestFile,
  SealOutcome,
  SealRequest,
  SeenDirectory,
  SeenOutcome,
} from '@sendit/model';

/** Requirements of the suite on a store: the part of the intake's port `BatchStore` that records and compares. */
export interface SealingStore {
  seal(request: SealRequest): Promise<SealOutcome>;
  findKnown(rootId: string, relativePaths: readonly string[]): Promise<ReadonlyMap<string, KnownBatch>>;
  listThere(rootId: string, page: { readonly after: string; readonly limit: number }): Promise<readonly string[]>;
  listAmending(rootId: string): Promise<readonly string[]>;
  noteSeen(batchId: string, seen: SeenDirectory): Promise<SeenOutcome>;
  markVanished(rootId: string, relativePath: string): Promise<void>;
}

/** An empty store, and what people and imports do to it otherwise. */
export interface StoreUnderTest extends AsyncDisposable {
  readonly store: SealingStore;
  readonly rootId: string;
  /** A person wants what came late to a batch and was left. */
  amend(relativePath: string): Promise<void>;
  /** A person holds a directory that is not sealed. */
  hold(relativePath: string): Promise<void>;
  /** The import of a sealed batch ends, and has kept these digests (`xxh128-dataset`) by path. */
  keepDigests(batchId: string, digests: Readonly<Record<string, string>>): Promise<void>;
  /** The import of a sealed batch finds that files vanished: it waits for them. */
  waitForFiles(batchId: string): Promise<void>;
}

export const file = (path: string, bytes: number, over: Partial<ManifestFile> = {}): ManifestFile => ({
  path,
  bytes,
  mtimeNs: 1n,
  inode: 1n,
  ...over,
});
export const signed = (identity: string, stamp = 's'): FolderSignature => ({ identity, directories: [['', stamp]] });

/** One state of a directory: what a look at it sees. */
export interface Content {
  readonly manifestDigest: string;
  readonly manifest: readonly ManifestFile[];
}
export const BEFORE: Content = { manifestDigest: 'before', manifest: [file('a', 1), file('b', 1)] };
export const AFTER: Content = { manifestDigest: 'after', manifest: [file('b', 2), file('c', 3)] };
export const MORE: Content = { manifestDigest: 'more', manifest: [...AFTER.manifest, file('d', 4)] };
export const LESS: Content = { manifestDigest: 'less', manifest: [file('a', 1)] };

/** A store with shorter words for what the suites ask of it. */
export async function begin(open: () => Promise<StoreUnderTest>) {
  const under = await open();
  const { rootId, store } = under;
  const request = (path: string, content: Content, over: Partial<SealRequest> = {}): SealRequest => ({
    rootId,
    relativePath: path,
    path: `/data/${path}`,
    name: path,
    grade: 'renamed',
    files: content.manifest.length,
    bytes: content.manifest.reduce((sum, { bytes }) => sum + bytes, 0),
    ...content,
    ...over,
  });
  return {
    ...under,
    seal: (path: string, content: Content, over?: Partial<SealRequest>) => store.seal(request(path, content, over)),
    see: (batchId: string | null, content: Content, over: Partial<SeenDirectory> = {}) =>
      store.noteSeen(batchId ?? '', { signature: null, late: 'ignore', ...content, ...over }),
    known: async (path: string) => (await store.findKnown(rootId, [path])).get(path),
    [Symbol.asyncDispose]: () => under[Symbol.asyncDispose](),
  };
}
