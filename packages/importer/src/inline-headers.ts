import { setImmediate as nextTurn } from 'node:timers/promises';
import { loadHasher } from './digest-file.ts';
import { toHandle } from '@sendit/model';
import type { HeaderPool, HeaderRequest } from './header-readers.ts';
import { readChunk } from './read-chunk.ts';

/** Files in one portion: few enough for progress and balance between threads, enough to hide what a message costs. */
const FILES_PER_CHUNK = 50;

/** Below this a batch is one portion. */
const SMALL_BATCH = 64;

/** Cuts a request into portions. */
export function toChunks({ paths, ...request }: HeaderRequest): HeaderRequest[] {
  if (paths.length < SMALL_BATCH) return paths.length === 0 ? [] : [{ ...request, paths }];
  const count = Math.ceil(paths.length / FILES_PER_CHUNK);
  return Array.from({ length: count }, (_, index) => ({
    ...request,
    paths: paths.slice(index * FILES_PER_CHUNK, (index + 1) * FILES_PER_CHUNK),
  }));
}

/** Reads in this thread, letting others run between two portions; for tests and tools. */
export function openInlineHeaders(): HeaderPool {
  return {
    async *readHeaders(request, signal) {
      const hasher = await loadHasher(request.hash);
      for (const chunk of toChunks(request)) {
        await nextTurn();
        signal.throwIfAborted();
        yield readChunk(chunk, hasher);
      }
    },
    ...toHandle(async () => undefined),
  };
}
