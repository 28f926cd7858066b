import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FileHeader } from '@sendit/dicom/node';
import type { HashPolicy } from '@sendit/model';
import type { BytePath } from './byte-path.ts';
import { loadHasher } from './digest-file.ts';
import type { ImportKeyword } from './import-tags.ts';
import { readChunk } from './read-chunk.ts';

/** One file of a batch and what its header says. */
export interface FileRecord extends FileHeader<ImportKeyword> {
  readonly path: BytePath;
  /** In hex; null where nothing was asked for, or nothing of the file is covered. */
  readonly digest: string | null;
  /** Milliseconds that the digest took. */
  readonly hashMs: number;
}

/** Which headers to read: `paths` are below `directory`. */
export interface HeaderRequest {
  readonly directory: BytePath;
  readonly paths: readonly BytePath[];
  /** Digests to make; none by default. */
  readonly hash?: HashPolicy;
  /** Keywords of attributes to read beside those that an import needs; none by default. Unknown ones are left out. */
  readonly extra?: readonly string[];
}

/** Reads the headers of many files. */
export interface HeaderReaders {
  /** Yields records in the order of the paths, in portions, reading ahead a little. Rejects with the signal's reason when aborted. */
  readHeaders(request: HeaderRequest, signal: AbortSignal): AsyncIterable<readonly FileRecord[]>;
}

/** {@link HeaderReaders} that hold something to be freed. */
export type HeaderPool = HeaderReaders & AsyncDisposable;

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
    [Symbol.asyncDispose]: async () => undefined,
  };
}
