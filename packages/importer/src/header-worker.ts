import { loadHasher } from './digest-file.ts';
import type { FileRecord, HeaderRequest } from './header-readers.ts';
import { readChunk } from './read-chunk.ts';

/** What the threads of the header pool run; loaded by its file name. */
export async function readPortion(request: HeaderRequest): Promise<FileRecord[]> {
  return readChunk(request, await loadHasher(request.hash));
}
