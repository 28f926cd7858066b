import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmod, chown } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Certificate, copyCertificate } from './certificates.ts';
import { exited, freePort, waitUntil } from './processes.ts';
import { postgresBinDir } from './services.ts';
import { openTempDir } from './temp-dir.ts';

const run = promisify(execFile);

/** How PostgreSQL is stopped: `fast` as an administrator does, `immediate` as a power cut does. */
export type StopMode = 'fast' | 'immediate';

/** A PostgreSQL of a test's own, on a free loopback port, in a directory of its own, `fsync` on. */
export interface PostgresServer extends AsyncDisposable {
  /** The `postgres` database of the server. */
  readonly url: string;
  /** A new empty database; its URL. */
  createDatabase(): Promise<string>;
  stop(mode?: StopMode): Promise<void>;
  /** Starts again on the same port with the same data. */
  start(): Promise<void>;
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses root: then the account `postgres` runs it. */
async function serverAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/** Settings for encrypted connections; the key must be the server's own. */
async function encrypt(
  tls: Certificate,
  { directory, account }: { directory: string; account: Account | undefined },
): Promise<readonly string[]> {
  const { certificate, key } = await copyCertificate(tls, directory);
  if (account !== undefined) await chown(key, account.uid, account.gid);
  return ['ssl=on', `ssl_cert_file=${certificate}`, `ssl_key_file=${key}`];
}

/** How a server is started. */
export interface PostgresOptions {
  /** Its directory lies below this one, which the account `postgres` must be able to enter; the system's temp directory by default. */
  readonly parent?: string;
  /** Further settings, as `name=value`. */
  readonly settings?: readonly string[];
  /** Takes encrypted connections too, with this certificate. */
  readonly tls?: Certificate;
}

/** Starts a PostgreSQL (superuser `sendit`, password authentication off, loopback only); ends it when disposed. */
export async function startPostgres({ parent, settings = [], tls }: PostgresOptions = {}): Promise<PostgresServer> {
  const found = postgresBinDir();
  if (found === undefined) throw new Error('PostgreSQL is not installed');
  const bin: string = found;
  const account = await serverAccount();
  const directory = await openTempDir(parent);
  await chmod(directory.path, 0o755);
  if (account !== undefined) await chown(directory.path, account.uid, account.gid);
  const data = join(directory.path, 'data');
  const port = await freePort();
  const as = { cwd: directory.path, ...account };
  await run(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'sendit', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C'],
    as,
  );
  const encryption = tls === undefined ? [] : await encrypt(tls, { directory: directory.path, account });
  let child: ChildProcess | undefined;
  let databases = 0;

  async function start(): Promise<void> {
    child = spawn(
      join(bin, 'postgres'),
      [
        '-D',
        data,
        '-p',
        String(port),
        '-h',
        '127.0.0.1',
        '-k',
        directory.path,
        ...['max_connections=200', 'shared_buffers=32MB', ...encryption, ...settings].flatMap((setting) => [
          '-c',
          setting,
        ]),
      ],
      { ...as, stdio: 'ignore' },
    );
    await waitUntil('PostgreSQL to accept connections', () =>
      run(join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)]),
    );
  }

  async function stop(mode: StopMode = 'fast'): Promise<void> {
    if (child === undefined) return;
    child.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await exited(child);
    child = undefined;
  }

  const urlOf = (database: string): string => `postgres://sendit@127.0.0.1:${port}/${database}`;
  await start();
  return {
    url: urlOf('postgres'),
    start,
    stop,
    createDatabase: async () => {
      databases += 1;
      const name = `test_${databases}`;
      await run(join(bin, 'createdb'), ['-h', '127.0.0.1', '-p', String(port), '-U', 'sendit', name]);
      return urlOf(name);
    },
    [Symbol.asyncDispose]: async () => {
      await stop('immediate');
      await directory[Symbol.asyncDispose]();
    },
  };
}
