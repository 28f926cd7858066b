import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { SenditError } from '@sendit/model';
import { DurableNodeFs } from './durable-fs.ts';

const SETTINGS = ['wal_sync_method=fsync', 'shared_buffers=16MB', 'max_wal_size=128MB'];

/** PGlite's own, but with fsync (`-F` is left out) and a small buffer cache: the kernel caches the files anyway. */
const START_PARAMETERS = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...SETTINGS.flatMap((setting) => ['-c', setting]),
];

/**
 * Starts PGlite on a data directory, which it creates (slowly, with initdb) where there is none.
 * @throws SenditError `database-unavailable` with what the engine said.
 */
export async function startEngine(data: string): Promise<PGlite> {
  const said: string[] = [];
  const fresh = !existsSync(join(data, 'PG_VERSION'));
  try {
    return await PGlite.create({
      fs: new DurableNodeFs(data),
      startParams: START_PARAMETERS,
      initDbStartParams: ['--wal-segsize=4'],
      onStderr: (line) => said.push(line) > 0,
    });
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
