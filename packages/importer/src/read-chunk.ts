import { readHeaderFile } from '@sendit/dicom/node';
import { toPathBytes } from './byte-path.ts';
import { digestFile, type Hasher } from './digest-file.ts';
import { toTags } from './extra-tags.ts';
import type { FileRecord, HeaderRequest } from './header-readers.ts';

/** Reads one portion of headers, synchronously, checks each file for truncation and hashes what is asked for. */
export function readChunk({ directory, paths, extra }: HeaderRequest, hasher: Hasher): FileRecord[] {
  const options = { tags: toTags(extra), checkTruncation: true };
  return paths.map((path) => {
    const file = toPathBytes(`${directory}/${path}`);
    const read = readHeaderFile(file, options);
    if (hasher.scope === 'none') return { path, ...read, digest: null, hashMs: 0 };
    const start = performance.now();
    const digest = digestFile(file, read.header, hasher);
    return { path, ...read, digest, hashMs: performance.now() - start };
  });
}
