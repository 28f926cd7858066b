import { readHeaderFile } from '@sendit/dicom/node';
import { toPathBytes } from './byte-path.ts';
import { IMPORT_TAGS } from './import-tags.ts';
import type { FileRecord, HeaderRequest } from './header-readers.ts';

const OPTIONS = { tags: IMPORT_TAGS, checkTruncation: true } as const;

/** Reads one portion of headers, synchronously, and checks each file for truncation. */
export function readChunk({ directory, paths }: HeaderRequest): FileRecord[] {
  return paths.map((path) => ({
    path,
    ...readHeaderFile(toPathBytes(`${directory}/${path}`), OPTIONS),
  }));
}
