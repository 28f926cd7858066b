import { toErrno } from '@sendit/model';
import { type FileHeader, readHeaderFile } from '@sendit/dicom/node';
import { type BytePath, isLinkCode, OwnFolders } from '@sendit/files';
import { digestFile, type Hasher, NO_DIGESTS } from './digest-file.ts';
import { toTags } from './extra-tags.ts';
import type { FileRecord, HeaderRequest } from './header-readers.ts';

/**
 * Reads one portion of headers, synchronously, checks each file for truncation and hashes what is asked for. Ends early behind the file
 * after which `isEnough`.
 */
export function readChunk(
  { directory, mayBeLink, paths, extra }: HeaderRequest,
  hasher: Hasher,
  isEnough: () => boolean = () => false,
): FileRecord[] {
  const options = { tags: toTags(extra), checkTruncation: true };
  using folders = new OwnFolders(directory, { mayBeLink });
  const records: FileRecord[] = [];
  for (const path of paths) {
    records.push({ path, ...readFile(find(folders, path), options, hasher) });
    if (isEnough()) break;
  }
  return records;
}

function readFile(
  file: Buffer | FileHeader<never>,
  options: { readonly tags: ReturnType<typeof toTags>; readonly checkTruncation: boolean },
  hasher: Hasher,
): Omit<FileRecord, 'path'> {
  if (!Buffer.isBuffer(file)) return { ...file, ...NO_DIGESTS, hashMs: 0 };
  const read = readHeaderFile(file, options);
  if (hasher.scope === 'none') return { ...read, ...NO_DIGESTS, hashMs: 0 };
  const start = performance.now();
  try {
    const digests = digestFile(file, read.header, hasher);
    return { ...read, ...digests, hashMs: performance.now() - start };
  } catch (error) {
    return { ...toRefused(error), hashMs: performance.now() - start };
  }
}

/** The path by which a file is opened, or its result if its directory is no longer one. */
function find(folders: OwnFolders, path: BytePath): Buffer | FileHeader<never> {
  try {
    return folders.at(path);
  } catch (error) {
    return toRefused(error);
  }
}

/** The record of a file that a system call refused; any other error is thrown on. */
function toRefused(error: unknown) {
  const code = toErrno(error);
  if (code === undefined) throw error;
  const reason = isLinkCode(code) ? 'not-a-regular-file' : code;
  return { header: { kind: 'unreadable' as const, code: reason }, bytes: 0, mtimeMs: 0, ...NO_DIGESTS };
}
