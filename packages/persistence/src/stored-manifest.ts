import type { ManifestFile } from '@sendit/model';

/** A file in a row of `manifest_parts`: path, bytes, mtime in ns, inode, and the path's bytes in base64 where they are not UTF-8. */
export type StoredManifestFile =
  | readonly [path: string, bytes: number, mtimeNs: string, inode: string]
  | readonly [path: string, bytes: number, mtimeNs: string, inode: string, rawPath: string];

/** Files to a row: some 400 KB, so that neither side ever holds a large batch's whole list. */
const FILES_PER_PART = 5_000;

/** Cuts a manifest into rows, each made when asked for. */
export function* toManifestParts(manifest: Iterable<ManifestFile>): Generator<readonly StoredManifestFile[]> {
  let part: StoredManifestFile[] = [];
  for (const file of manifest) {
    part.push(toStored(file));
    if (part.length < FILES_PER_PART) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

function toStored({ path, rawPath, bytes, mtimeNs, inode }: ManifestFile): StoredManifestFile {
  const stored = [path, bytes, String(mtimeNs), String(inode)] as const;
  return rawPath === undefined ? stored : [...stored, Buffer.from(rawPath).toString('base64')];
}

/** The file of {@link toManifestParts} again. */
export function toManifestFile([path, bytes, mtimeNs, inode, rawPath]: StoredManifestFile): ManifestFile {
  const raw = rawPath === undefined ? {} : { rawPath: Buffer.from(rawPath, 'base64') };
  return { path, ...raw, bytes, mtimeNs: BigInt(mtimeNs), inode: BigInt(inode) };
}
