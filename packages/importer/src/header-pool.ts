import { setMaxListeners } from 'node:events';
import { fileURLToPath } from 'node:url';
import { SenditError, toHandle, toMessage } from '@sendit/model';
import { Piscina } from 'piscina';
import { openAdaptiveHeaders } from './adaptive-headers.ts';
import type { FileRecord, HeaderPool, HeaderRequest } from './header-readers.ts';
import { openInlineHeaders, toChunks } from './inline-headers.ts';

/** How {@link openHeaderPool} opens. */
export interface HeaderPoolOptions {
  /** Threads at most, started when there is work; 2 by default. */
  readonly threads?: number;
  /** The same for storage that waits for another machine; 8 by default. They wait more than they work. */
  readonly networkThreads?: number;
}

/** Idle threads end after this time, in milliseconds; one costs about 10 MB. */
const IDLE_MS = 30_000;

/** Portions that one thread has before it: one that it reads, one that waits. */
const AHEAD_PER_THREAD = 2;

/**
 * Opens what reads headers: this thread where files come fast, threads where a disk or a network is waited for. An abort ends the threads
 * that are reading. Idle threads do not keep the process alive. Run from TypeScript sources there is no file for a thread to load, and
 * all headers are read in this thread.
 */
export function openHeaderPool(options: HeaderPoolOptions = {}): HeaderPool {
  if (import.meta.url.endsWith('.ts')) return openInlineHeaders();
  const { threads = 2, networkThreads = 8 } = options;
  const workerFile = new URL('./header-worker.js', import.meta.url);
  return openAdaptiveHeaders({
    threads: openThreads(workerFile, threads),
    networkThreads: openThreads(workerFile, networkThreads),
  });
}

/** So many threads at most, on a given worker file. */
export function openThreads(workerFile: URL, threads: number): HeaderPool {
  const pool = new Piscina<HeaderRequest, FileRecord[]>({
    filename: fileURLToPath(workerFile),
    name: 'readPortion',
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: IDLE_MS,
    execArgv: [], // threads load built files, whatever conditions this process resolves packages by
  });
  // A thread that cannot start leaves its task waiting for ever: whoever reads now is told, the next may try again.
  let broken = new AbortController();
  pool.on('error', (cause: unknown) => {
    broken.abort(toBroken(cause));
    broken = new AbortController();
  });
  let readers = 0;
  return {
    async *readHeaders(request, signal) {
      const either = AbortSignal.any([signal, broken.signal]);
      let isWhole = false;
      readers += 1;
      try {
        yield* readAhead(pool, { request, ahead: threads * AHEAD_PER_THREAD }, either);
        isWhole = true;
      } finally {
        readers -= 1;
        if (!isWhole && readers > 0) wake(pool);
      }
    },
    ...toHandle(() => pool.destroy()),
  };
}

/**
 * An end before the last file cost threads, by their death or by the abort of what they read. Piscina starts new ones for new tasks alone: what
 * others have in the queue would wait for ever.
 */
function wake(pool: Piscina<HeaderRequest, FileRecord[]>): void {
  void settle(pool.run({ directory: '', paths: [] }));
}

function toBroken(cause: unknown): SenditError {
  return new SenditError(`Expected a thread to read headers, got: ${toMessage(cause)}.`, {
    code: 'internal',
    retry: 'safe',
    hint: 'Check the memory of this host and that the installation is complete; the batch is tried again.',
    cause,
  });
}

async function* readAhead(
  pool: Piscina<HeaderRequest, FileRecord[]>,
  { request, ahead }: { readonly request: HeaderRequest; readonly ahead: number },
  signal: AbortSignal,
): AsyncGenerator<readonly FileRecord[]> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  setMaxListeners(ahead + 1, either);
  const run = (chunk: HeaderRequest) => settle(pool.run(chunk, { signal: either }));
  const chunks = toChunks(request);
  const pending = chunks.splice(0, ahead).map(run);
  try {
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
      const outcome = await next;
      signal.throwIfAborted();
      if (outcome.status === 'rejected') throw toBroken(outcome.reason);
      const chunk = chunks.shift();
      if (chunk !== undefined) pending.push(run(chunk));
      yield outcome.value;
    }
  } finally {
    if (pending.length > 0) stop.abort();
    await Promise.all(pending);
  }
}

/** A promise that never rejects: those read ahead may fail before anyone waits for them. */
async function settle<T>(task: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [outcome] = await Promise.allSettled([task]);
  return outcome;
}
