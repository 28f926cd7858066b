import { readHeaderFile } from '@sendit/dicom/node';
import { toPathBytes } from './byte-path.ts';
import { digestFile, type Hasher } from './digest-file.ts';
import { IMPORT_TAGS } from './import-tags.ts';
import type { FileRecord, HeaderRequest } from './header-readers.ts';

const OPTIONS = { tags: IMPORT_TAGS, checkTruncation: true } as const;

/** Reads one portion of headers, synchronously, checks each file for truncation and hashes what is asked for. */
export function readChunk({ directory, paths }: HeaderRequest, hasher: Hasher): FileRecord[] {
  return paths.map((path) => {
    const file = toPathBytes(`${directory}/${path}`);
    const read = readHeaderFile(file, OPTIONS);
    if (hasher.scope === 'none') return { path, ...read, digest: null, hashMs: 0 };
    const start = performance.now();
    const digest = digestFile(file, read.header, hasher);
    return { path, ...read, digest, hashMs: performance.now() - start };
  });
}
