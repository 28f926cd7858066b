import {
  type DicomFacts,
  type FolderListing,
  type HeadedFile,
  type HeaderSighting,
  toDicomFacts,
} from '@sendit/detector';
import type { FolderLook } from '@sendit/detector/node';
import type { ManifestFile } from '@sendit/model';

/** Headers of files below a folder: one for each path, in their order. */
export type ReadHeaders = (
  folder: string,
  paths: readonly string[],
  signal: AbortSignal,
) => Promise<readonly HeaderSighting[]>;

/** Headers kept, of all directories together: some 300 bytes each. */
const MOST = 200_000;

/** Whether somebody said how many instances there will be: without a number, counting proves nothing. */
export function isCountExpected({ expected }: FolderListing, instances: number | undefined): boolean {
  return expected !== undefined || instances !== undefined;
}

/**
 * Facts from the headers of directories. A header is read again only if its file was replaced, written to, or had none.
 */
export class HeaderFacts {
  readonly #readHeaders: ReadHeaders;
  readonly #kept = new Map<string, ReadonlyMap<string, HeaderSighting>>();

  constructor(readHeaders: ReadHeaders) {
    this.#readHeaders = readHeaders;
  }

  /** Of the files of one look. @throws the signal's reason when aborted. */
  async read(folder: string, { files }: Pick<FolderLook, 'files'>, signal: AbortSignal): Promise<DicomFacts> {
    const before = this.#kept.get(folder);
    // A name that is not UTF-8 cannot be asked for; the directory is held for it anyway.
    const named = [...files].filter(({ rawPath }) => rawPath === undefined).map((file) => ({ file, key: toKey(file) }));
    const unread = named.filter(({ key }) => !before?.has(key));
    const paths = unread.map(({ file }) => file.path);
    const read = await this.#readHeaders(folder, paths, signal);
    const fresh = new Map(unread.map(({ key }, index) => [key, read[index]]));
    const kept = new Map<string, HeaderSighting>();
    const headed = named.flatMap(({ file, key }): readonly HeadedFile[] => {
      const sighting = before?.get(key) ?? fresh.get(key);
      if (sighting?.kind !== 'header') return [];
      kept.set(key, sighting);
      return [{ path: file.path, header: sighting.header }];
    });
    this.#keep(folder, kept);
    return toDicomFacts(headed);
  }

  #keep(folder: string, headers: ReadonlyMap<string, HeaderSighting>): void {
    this.#kept.delete(folder);
    if (headers.size > 0) this.#kept.set(folder, headers);
    let total = [...this.#kept.values()].reduce((sum, { size }) => sum + size, 0);
    for (const [oldest, { size }] of this.#kept) {
      if (total <= MOST || oldest === folder) return;
      this.#kept.delete(oldest);
      total -= size;
    }
  }
}

function toKey({ bytes, inode, mtimeNs, path }: ManifestFile): string {
  return `${inode}:${bytes}:${mtimeNs}:${path}`;
}
