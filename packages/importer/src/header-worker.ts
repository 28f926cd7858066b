import { loadHasher } from './digest-file.ts';
import type { FileRecord, HeaderRequest } from './header-readers.ts';
import { readChunk } from './read-chunk.ts';

/** Entry point of the header pool's threads; loaded by its file name. */
export async function readPortion(request: HeaderRequest): Promise<FileRecord[]> {
  return readChunk(request, await loadHasher(request.hash));
}
