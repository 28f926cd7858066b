import { readDigests, type HeaderPool, openHeaderPool } from '@sendit/importer';
import { type Handle, type ManifestFile, toHandle, type TouchedDigests, type TouchedFile } from '@sendit/model';

/** The digest of a file that an import kept. */
interface DigestStore {
  digest(
    batchId: string,
    path: string,
  ): Promise<{ readonly digest: string; readonly algorithm: TouchedFile['algorithm'] } | undefined>;
}

/** Reads files again of which only the change time is not the sealed one. */
export interface ContentCheck extends Handle {
  /** Digests of files below a directory, as they are now. */
  readDigests(directory: string, files: readonly TouchedFile[], signal: AbortSignal): Promise<TouchedDigests>;
  /** Whether one holds what its import did not read. False where nobody can tell: no digest was kept, or it cannot be read now. */
  isOther(
    store: DigestStore,
    batch: { readonly id: string; readonly directory: string },
    file: ManifestFile,
    signal: AbortSignal,
  ): Promise<boolean>;
}

/** How {@link openContentCheck} reads. */
export interface ContentCheckOptions {
  readonly threads: number;
  readonly networkThreads: number;
}

/** Opens a check that costs nothing until it is asked something. */
export function openContentCheck(options: ContentCheckOptions): ContentCheck {
  let pool: HeaderPool | undefined;
  const read: ContentCheck['readDigests'] = (directory, files, signal) => {
    pool ??= openHeaderPool(options);
    return readDigests({ directory, mayBeLink: true }, files, pool, signal);
  };
  return {
    readDigests: read,
    isOther: async (store, { directory, id }, { path, rawPath }, signal) => {
      const kept = rawPath === undefined ? await store.digest(id, path) : undefined;
      if (kept === undefined) return false;
      const now = (await read(directory, [{ path, algorithm: kept.algorithm }], signal)).get(path) ?? null;
      return now !== null && now !== kept.digest;
    },
    ...toHandle(async () => pool?.close()),
  };
}
