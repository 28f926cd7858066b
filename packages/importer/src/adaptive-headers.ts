import { setImmediate as nextTurn } from 'node:timers/promises';
import { readStorage } from '@sendit/detector/node';
import { type BytePath, toPathBytes } from '@sendit/files';
import { systemClock, toHandle } from '@sendit/model';
import { loadHasher } from './digest-file.ts';
import type { HeaderPool } from './header-readers.ts';
import { readChunk } from './read-chunk.ts';

export interface AdaptiveDeps {
  /** For a disk that makes the reader wait. */
  readonly threads: HeaderPool;
  /** For a network that does. */
  readonly networkThreads: HeaderPool;
  /** Milliseconds, rising; the machine's clock by default. */
  readonly now?: () => number;
  /** Whether reading below a directory may wait on a network; asks the file system by default. */
  readonly isNetwork?: (directory: BytePath) => Promise<boolean>;
}

/** Time slice in ms before yielding to the event loop. */
const TURN_MS = 8;

/** Fewer files than this in one turn: the disk is waited for. */
const FEWEST_IN_A_TURN = 16;

/** More than this are no gain, and are a portion too large to be held. */
const MOST_IN_A_TURN = 1000;

/**
 * Reads in this thread while files come fast, in turns, and gives the rest of a request to threads when they do not: a header that the
 * system has in memory is read in 5 µs, less than it costs to bring it over from a thread; one that a disk or a network has to fetch
 * takes milliseconds, in which this thread would stand still. Whole files are hashed in threads alone.
 */
export function openAdaptiveHeaders({
  threads,
  networkThreads,
  now = () => systemClock.now(),
  isNetwork = async (directory) => (await readStorage(toPathBytes(directory))).isNetwork,
}: AdaptiveDeps): HeaderPool {
  let lastTurn: Promise<unknown> = Promise.resolve();
  /** Only one reader runs per turn of the event loop; the others wait. */
  const ownTurn = async (): Promise<void> => {
    const turn = lastTurn.then(() => nextTurn());
    lastTurn = turn;
    await turn;
  };
  return {
    async *readHeaders(request, signal) {
      const { paths, ...rest } = request;
      const hasher = await loadHasher(request.hash);
      let done = 0;
      const isRemote = request.isNetwork ?? (await isNetwork(request.directory));
      let isFast = request.hash?.scope !== 'file' && !isRemote;
      while (isFast && done < paths.length) {
        await ownTurn();
        signal.throwIfAborted();
        const turn = { ...rest, paths: paths.slice(done, done + MOST_IN_A_TURN) };
        const until = now() + TURN_MS;
        const records = readChunk(turn, hasher, () => now() >= until);
        done += records.length;
        isFast = records.length >= FEWEST_IN_A_TURN;
        yield records;
      }
      const slow = isRemote ? networkThreads : threads;
      if (done < paths.length) yield* slow.readHeaders({ ...rest, paths: paths.slice(done) }, signal);
    },
    ...toHandle(async () => {
      await Promise.all([threads.close(), networkThreads.close()]);
    }),
  };
}
