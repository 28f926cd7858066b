import type { ManifestFile } from '@sendit/model';

/** How a file is known to be the one that was sealed. */
export interface FileIdentity {
  /** A file has one inode number as long as it is that file; without it only times of birth tell. */
  readonly keepsInodes?: boolean | undefined;
}

/** The files of a manifest beside those of earlier ones. */
export interface Compared {
  /** Not there before, or others: by size, modification time and, as far as both are known, time of birth or inode. */
  readonly changed: readonly ManifestFile[];
  /** The same in all of that, with another change time, where that says something; and which of the earlier manifests has it. */
  readonly touched: readonly { readonly file: ManifestFile; readonly earlier: number }[];
}

/**
 * Compares the files of a manifest with the newest of the earlier ones that has their path. All are in byte order of the path, and each is
 * walked once: of the earlier ones no more than a part is held.
 */
export async function compareFiles(
  manifest: Iterable<ManifestFile>,
  earlierNewestFirst: readonly AsyncIterable<readonly ManifestFile[]>[],
  identity: FileIdentity = {},
): Promise<Compared> {
  const cursors = earlierNewestFirst.map((parts) => new Cursor(parts));
  const changed: ManifestFile[] = [];
  const touched: { file: ManifestFile; earlier: number }[] = [];
  for (const file of manifest) {
    const path = toBytes(file);
    const there: (ManifestFile | undefined)[] = [];
    for (const cursor of cursors) there.push(await cursor.seek(path));
    const index = there.findIndex((one) => one !== undefined);
    const earlier = there[index];
    if (earlier === undefined || !isThat(earlier, file, identity)) changed.push(file);
    else if (isTouched(earlier, file, identity)) touched.push({ file, earlier: index });
  }
  return { changed, touched };
}

/**
 * Whether one of the files is still the one that an earlier manifest has under its path: the same inode, which a file system uses again at
 * once, and not born after `sealedAt` (ms since the epoch). All are in byte order of the path.
 */
export async function keepsSealedFile(
  manifest: Iterable<ManifestFile>,
  earlier: readonly AsyncIterable<readonly ManifestFile[]>[],
  sealedAt: number,
): Promise<boolean> {
  const cursors = earlier.map((parts) => new Cursor(parts));
  const sealedNs = BigInt(sealedAt) * 1_000_000n;
  for (const file of manifest) {
    const path = toBytes(file);
    const there: (ManifestFile | undefined)[] = [];
    for (const cursor of cursors) there.push(await cursor.seek(path));
    const isOlder = file.bornNs === undefined || file.bornNs <= sealedNs;
    if (isOlder && there.some((sealed) => sealed?.inode === file.inode)) return true;
  }
  return false;
}

function isThat(earlier: ManifestFile, file: ManifestFile, { keepsInodes = false }: FileIdentity): boolean {
  if (earlier.bytes !== file.bytes || earlier.mtimeNs !== file.mtimeNs) return false;
  if (earlier.bornNs !== undefined && file.bornNs !== undefined) return earlier.bornNs === file.bornNs;
  return !keepsInodes || earlier.inode === file.inode;
}

/** Where inode numbers are kept, so are change times. */
function isTouched(earlier: ManifestFile, file: ManifestFile, { keepsInodes = false }: FileIdentity): boolean {
  const isKnown = keepsInodes && earlier.changedNs !== undefined && file.changedNs !== undefined;
  return isKnown && earlier.changedNs !== file.changedNs;
}

class Cursor {
  readonly #parts: AsyncIterator<readonly ManifestFile[]>;
  #part: readonly ManifestFile[] = [];
  #index = 0;

  constructor(parts: AsyncIterable<readonly ManifestFile[]>) {
    this.#parts = parts[Symbol.asyncIterator]();
  }

  /** The file of this path, where there is one; paths are asked for in order. */
  async seek(path: Buffer): Promise<ManifestFile | undefined> {
    for (;;) {
      const file = this.#part[this.#index];
      if (file === undefined) {
        const next = await this.#parts.next();
        if (next.done === true) return undefined;
        this.#part = next.value;
        this.#index = 0;
        continue;
      }
      const order = Buffer.compare(toBytes(file), path);
      if (order >= 0) return order === 0 ? file : undefined;
      this.#index += 1;
    }
  }
}

function toBytes({ path, rawPath }: ManifestFile): Buffer {
  return Buffer.from((rawPath ?? path) as Uint8Array);
}
