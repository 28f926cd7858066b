import { type FileHeader, readHeaderFile } from '@sendit/dicom/node';
import type { BytePath } from './byte-path.ts';
import { digestFile, type Hasher } from './digest-file.ts';
import { toErrnoCode } from './errno.ts';
import { toTags } from './extra-tags.ts';
import type { FileRecord, HeaderRequest } from './header-readers.ts';
import { OwnFolders } from './own-folders.ts';

/** Reads one portion of headers, synchronously, checks each file for truncation and hashes what is asked for. */
export function readChunk({ directory, paths, extra }: HeaderRequest, hasher: Hasher): FileRecord[] {
  const options = { tags: toTags(extra), checkTruncation: true };
  using folders = new OwnFolders(directory);
  return paths.map((path) => {
    const file = find(folders, path);
    if (!Buffer.isBuffer(file)) return { path, ...file, digest: null, hashMs: 0 };
    const read = readHeaderFile(file, options);
    if (hasher.scope === 'none') return { path, ...read, digest: null, hashMs: 0 };
    const start = performance.now();
    const digest = digestFile(file, read.header, hasher);
    return { path, ...read, digest, hashMs: performance.now() - start };
  });
}

/** By what a file is opened, or what is said of it where its directory is none any more. */
function find(folders: OwnFolders, path: BytePath): Buffer | FileHeader<never> {
  try {
    return folders.at(path);
  } catch (error) {
    const code = toErrnoCode(error);
    if (code === undefined) throw error;
    const isLink = code === 'ELOOP' || code === 'ENOTDIR';
    return { header: { kind: 'unreadable', code: isLink ? 'not-a-regular-file' : code }, bytes: 0, mtimeMs: 0 };
  }
}
