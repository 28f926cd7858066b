import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  canMount,
  freePort,
  openSmallDisk,
  openTempDir,
  type PostgresServer,
  type RedisServer,
  type SmallDisk,
  startPostgres,
  startRedis,
} from '@sendit/testing/services';
import { type DatabasePlace, installJournal } from './database.ts';
import { openEffects } from './effects.ts';
import { type Backend, WORKERS } from './schedule.ts';
import { canConfine, confined, contained } from './namespaces.ts';
import { type Program, Supervised } from './supervised.ts';
import { openWatchedMount, type WatchedMount } from './watched-mount.ts';

const run = promisify(execFile);
const ROOT = findRoot();
const CLI = join(ROOT, 'apps/cli/bin/run.js');
const WORKER = join(ROOT, 'apps/cli/bin/worker.js');
const STATE_MIB = 512;
const POSTGRES_MIB = 768;
/** Longer than any pause that a busy machine makes between two files of one sender. */
const QUIET_MS = 2_000;
/** Batches HELD for missing files are looked at again with each scan. */
const RESCAN_MS = 3_000;
/** All attempts at an import together last 8 s: longer than any service is away, shorter than some files are. */
const ATTEMPTS = 6;
const BACKOFF_MS = 250;

/** Everything under test: the built processes, and the services they need. */
export interface Installation extends AsyncDisposable {
  /** The watch path; as root a mount of {@link share}. */
  readonly data: string;
  /** Where senders write, whatever is mounted. */
  readonly share: string;
  /** That of the watch path; undefined where this account may not mount, or has no namespaces or capabilities to change. */
  readonly mount: WatchedMount | undefined;
  /** Restarts the watcher. */
  readonly second: Program;
  /** Everything of this run lies in it. */
  readonly directory: string;
  readonly socketPath: string;
  readonly database: DatabasePlace;
  readonly daemon: Supervised;
  /** None on the embedded database: the daemon imports. */
  readonly workers: readonly Supervised[];
  readonly postgres: PostgresServer | undefined;
  readonly redis: RedisServer | undefined;
  readonly stateDisk: SmallDisk | undefined;
  readonly postgresDisk: SmallDisk | undefined;
}

/** How an installation is opened. */
export interface InstallationOptions {
  readonly backend: Backend;
  /** Whether to mount small disks, where this account may. */
  readonly smallDisks: boolean;
}

/** Starts services and processes of this run's own, on free ports and in a directory of their own. */
export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  const opened: AsyncDisposable[] = [];
  const keep = <T extends AsyncDisposable>(one: T): T => {
    opened.push(one);
    return one;
  };
  const close = async (): Promise<void> => {
    for (const one of opened.toReversed()) await one[Symbol.asyncDispose]();
  };
  try {
    return { ...(await openParts(options, keep)), [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openParts(
  { backend, smallDisks }: InstallationOptions,
  keep: <T extends AsyncDisposable>(one: T) => T,
): Promise<Omit<Installation, keyof AsyncDisposable>> {
  const { path: directory } = keep(await openTempDir());
  // PostgreSQL runs as another account where this one is root.
  await chmod(directory, 0o755);
  const data = join(directory, 'data');
  const stateDir = join(directory, 'state');
  await mkdir(data);
  const withServer = backend !== 'embedded';
  const mayMount = await canMount(directory);
  const asRoot = mayMount && canConfine();
  const share = asRoot ? join(directory, 'share') : data;
  const watched = asRoot ? keep(await openWatchedMount(share, data)) : undefined;
  const mounts = smallDisks && mayMount;
  const mount = async (path: string, mebibytes: number) => keep(await openSmallDisk(path, mebibytes));
  const stateDisk = mounts ? await mount(stateDir, STATE_MIB) : undefined;
  const postgresDisk = mounts && withServer ? await mount(join(directory, 'postgres'), POSTGRES_MIB) : undefined;
  const postgres = withServer
    ? keep(await startPostgres({ parent: postgresDisk?.path ?? directory, settings: ['max_wal_size=128MB'] }))
    : undefined;
  const redis = backend === 'redis' ? keep(await startRedis()) : undefined;

  const url = await postgres?.createDatabase();
  const env = {
    ...cleanEnvironment(),
    SENDIT_CONFIG: await writeConfig(directory, { data, stateDir }),
    ...(url === undefined ? {} : { DATABASE_URL: url }),
    ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
  };
  const database = url === undefined ? { directory: join(stateDir, 'database') } : { url };
  await run(process.execPath, [CLI, 'db', 'migrate'], { cwd: directory, env });
  await installJournal(database);

  const toProgram = (name: string, args: readonly string[], readyWords: string): Program => ({
    name,
    command: asRoot ? confined([process.execPath, ...args]) : [process.execPath, ...args],
    cwd: directory,
    env,
    readyWords,
  });
  const watcher = toProgram('daemon', [CLI, 'watcher', 'start', '--foreground'], 'Adding watch on');
  const daemon = keep(new Supervised(watcher));
  const workers = Array.from({ length: withServer ? WORKERS : 0 }, (_, index) =>
    keep(new Supervised(toProgram(`worker ${index + 1}`, [WORKER], 'Worker is running'))),
  );
  await Promise.all([daemon, ...workers].map((one) => one.ready()));
  return {
    data,
    share,
    mount: watched,
    second: { ...watcher, name: 'second', command: contained(watcher.command) },
    directory,
    socketPath: join(stateDir, 'api.sock'),
    database,
    daemon,
    workers,
    postgres,
    redis,
    stateDisk,
    postgresDisk,
  };
}

/** The digests of all bytes, so that the checker can compare them. */
async function writeConfig(directory: string, { data, stateDir }: { data: string; stateDir: string }): Promise<string> {
  const path = join(directory, 'sendit.config.json');
  const config = {
    watchPaths: [
      {
        folder: data,
        events: 'IN_ALL_EVENTS',
        processor: 'DicomQueue',
        actions: await openEffects(directory),
        oneStudyDate: true,
        rescanMs: RESCAN_MS,
      },
    ],
    stateDir,
    quietMs: QUIET_MS,
    portal: { port: await freePort() },
    worker: { hash: 'file', hashAlgorithm: 'sha256', attempts: ATTEMPTS, backoffMs: BACKOFF_MS },
  };
  await writeFile(path, JSON.stringify(config));
  return path;
}

/** Environment of a user who has set no variable of ours. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const own = /^(SENDIT_|DATABASE_URL$|REDIS_URL$|FORCE_COLOR$|NODE_OPTIONS$|VITEST)/;
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name))), NO_COLOR: '1' };
}

/** This file is run from its source by the tests, and compiled, one folder deeper, by the command. */
function findRoot(): string {
  const here = fileURLToPath(new URL('../..', import.meta.url));
  return here.replace(/\/bench\/chaos\/$/, '/');
}
