import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { SenditError } from '@sendit/model';
import { engineStopped } from './database-error.ts';
import { DurableNodeFs } from './durable-fs.ts';
import type { RawEngine } from './embedded-session.ts';
import { joinBytes } from './wire.ts';

/** Where the engine's files are; see `startEngine`. */
export interface EnginePlace {
  readonly data: string;
  readonly root: string;
}

/** Only durable transactions wait for the disk; what comes before one in the log is on disk with it. */
const SETTINGS = [
  'wal_sync_method=fsync',
  'synchronous_commit=off',
  'shared_buffers=16MB',
  'max_wal_size=128MB',
  // ANALYZE reads 300 rows for each: with the 100 that are usual it holds up the event loop for seconds.
  'default_statistics_target=10',
  // A vacuum opens every table of the catalogue, and the engine closes none before it has so many open.
  'max_files_per_process=128',
];

/** PGlite's own, but with fsync (`-F` is left out) and a small buffer cache: the kernel caches the files anyway. */
const START_PARAMETERS = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...SETTINGS.flatMap((setting) => ['-c', setting]),
];

/** The parts of the engine's module through which it is entered. */
interface EngineModule {
  _PostgresMainLoopOnce: (this: void) => void;
  stackRestore: (this: void, pointer: number) => void;
}

/** How the engine says that a statement failed and that it goes on. */
const STATEMENT_FAILED = 100;

/**
 * Lets a PANIC (a full disk, an I/O error in the log) end in an error. PGlite's loop takes every exception for a failed
 * statement and calls the dead engine again, for ever, with the process at full load; it leaves the loop only when the
 * restoring of the stack throws, which lies outside its `try`.
 */
function stopOnPanic(module: EngineModule): void {
  const enter = module._PostgresMainLoopOnce;
  const restore = module.stackRestore;
  let panicked = false;
  module._PostgresMainLoopOnce = () => {
    if (panicked) throw engineStopped();
    try {
      enter();
    } catch (error) {
      panicked = !(
        typeof error === 'object' &&
        error !== null &&
        'status' in error &&
        error.status === STATEMENT_FAILED
      );
      throw error;
    }
  };
  module.stackRestore = (pointer) => {
    if (panicked) throw engineStopped();
    restore(pointer);
  };
}

/**
 * Starts PGlite on a data directory, which it creates (slowly, with initdb) if missing; `root`: another path to it, by
 * which its files are opened.
 * @throws SenditError `database-unavailable` with what the engine said.
 */
export async function startEngine(data: string, root = data): Promise<PGlite> {
  const said: string[] = [];
  const fresh = !existsSync(join(data, 'PG_VERSION'));
  try {
    const pglite = await PGlite.create({
      fs: new DurableNodeFs(root),
      startParams: START_PARAMETERS,
      initDbStartParams: ['--wal-segsize=4'],
      onStderr: (line) => said.push(line) > 0,
    });
    stopOnPanic(pglite.Module);
    return pglite;
  } catch (error) {
    const fatal = said.find((line) => /FATAL|PANIC|ERROR/.test(line)) ?? (error instanceof Error ? error.message : '');
    throw new SenditError(`Expected the database engine to start in ${data}, got: ${fatal || 'no reason'}.`, {
      code: 'database-unavailable',
      hint: fresh
        ? 'Check free disk space and the permissions of the directory.'
        : 'Check free disk space and permissions; if the files are damaged, restore the directory from a backup or move it away.',
      cause: error,
    });
  }
}

/** The engine of {@link startEngine} in this thread. */
export async function openRawEngine({ data, root }: EnginePlace): Promise<RawEngine> {
  const pglite = await startEngine(data, root);
  return {
    ask: async (message) => {
      const parts: Uint8Array[] = [];
      await pglite.execProtocolRawStream(message, {
        syncToFs: false,
        // The engine's memory, which the next call uses again.
        onRawData: (bytes) => void parts.push(bytes.slice()),
      });
      return joinBytes(parts);
    },
    close: async () => {
      if (!pglite.closed) await pglite.close();
    },
  };
}
