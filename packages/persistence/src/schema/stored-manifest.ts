import type { ManifestFile } from '@sendit/model';

/**
 * A file in a row of `manifest_parts`: path, bytes, mtime in ns, inode, the path's bytes in base64 where they are not UTF-8, the time of birth
 * in ns, `0` where it is not known, and how many ns after the mtime the change time is (nearly always none). Rows of earlier versions lack the last
 * one or two.
 */
export type StoredManifestFile = readonly [
  path: string,
  bytes: number,
  mtimeNs: string,
  inode: string,
  rawPath?: string | null,
  bornNs?: string,
  changedAfterNs?: string,
];

/** Files to a row: some 400 KB, so that neither side ever holds a large batch's whole list. */
const FILES_PER_PART = 5_000;

/** Cuts a manifest into rows, each made when asked for. */
export function* toManifestParts(manifest: Iterable<ManifestFile>): Generator<readonly StoredManifestFile[]> {
  let part: StoredManifestFile[] = [];
  for (const file of manifest) {
    part.push(toStoredFile(file));
    if (part.length < FILES_PER_PART) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

/** A file as it is stored. */
export function toStoredFile({
  path,
  rawPath,
  bytes,
  mtimeNs,
  inode,
  bornNs,
  changedNs,
}: ManifestFile): StoredManifestFile {
  const stored = [path, bytes, String(mtimeNs), String(inode)] as const;
  const raw = rawPath === undefined ? null : Buffer.from(rawPath).toString('base64');
  if (changedNs !== undefined) return [...stored, raw, String(bornNs ?? 0n), String(changedNs - mtimeNs)];
  if (bornNs !== undefined) return [...stored, raw, String(bornNs)];
  return raw === null ? stored : [...stored, raw];
}

/** The file of {@link toManifestParts} again. */
export function toManifestFile(stored: StoredManifestFile): ManifestFile {
  const [path, bytes, mtimeNs, inode, rawPath, bornNs = '0', changedAfterNs] = stored;
  const raw = typeof rawPath === 'string' ? { rawPath: Buffer.from(rawPath, 'base64') } : {};
  const birth = bornNs === '0' ? {} : { bornNs: BigInt(bornNs) };
  const change = changedAfterNs === undefined ? {} : { changedNs: BigInt(mtimeNs) + BigInt(changedAfterNs) };
  return { path, ...raw, bytes, mtimeNs: BigInt(mtimeNs), inode: BigInt(inode), ...birth, ...change };
}
