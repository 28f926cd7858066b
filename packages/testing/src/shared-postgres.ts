import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { postgresBinDir } from './services.ts';

const run = promisify(execFile);

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a test file asks for the services of the run. */
    readonly servicesUrl: string;
  }
}

/** A test file's own databases on the PostgreSQL of the run; they go when it is disposed. */
export interface SharedPostgres extends AsyncDisposable {
  readonly port: number;
  /** A new empty database; its URL. */
  createDatabase(): Promise<string>;
}

/**
 * The PostgreSQL that is started once for a run, at the first call in any file. `fsync` is off: whoever stops a server, cuts it off
 * or wants settings of its own starts one with {@link startPostgres}.
 */
export async function sharedPostgres(): Promise<SharedPostgres> {
  const answer = await fetch(new URL('/postgres', inject('servicesUrl')));
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  const server = new URL(text);
  const bin = postgresBinDir() ?? '';
  const as = ['-h', server.hostname, '-p', server.port, '-U', server.username];
  const names: string[] = [];
  return {
    port: Number(server.port),
    createDatabase: async () => {
      const name = `test_${randomUUID().replaceAll('-', '')}`;
      await run(join(bin, 'createdb'), [...as, name]);
      names.push(name);
      return new URL(`/${name}`, server).href;
    },
    [Symbol.asyncDispose]: async () => {
      for (const name of names.splice(0)) await run(join(bin, 'dropdb'), [...as, '--force', name]);
    },
  };
}
