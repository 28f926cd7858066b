import { readHeaderFile } from '@sendit/dicom/node';
import { toPathBytes } from './byte-path.ts';
import type { FileRecord, HeaderRequest } from './header-readers.ts';

/** Reads one portion of headers, synchronously, and checks each file for truncation. */
export function readChunk({ directory, paths }: HeaderRequest): FileRecord[] {
  return paths.map((path) => ({
    path,
    ...readHeaderFile(toPathBytes(`${directory}/${path}`), { checkTruncation: true }),
  }));
}
