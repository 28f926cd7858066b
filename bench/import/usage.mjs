// What a load costs, whatever else the machine does: statements, waits for the disk, CPU time; of every process that has a part in it.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const load = createRequire(new URL('../../packages/queue/package.json', import.meta.url));
const { Redis } = load('ioredis');
const pg = load('pg');
const TICK_MS = 10;

/**
 * Opens what reads the cost so far: `{statements, commits, cpuMs}`. `pids`: of the processes of sendit; `counts`: where count-statements.mjs
 * writes, for an embedded database; `databaseUrl` and `redisUrl` for servers, whose own processes count too.
 */
export async function openUsage({ pids, counts, databaseUrl, redisUrl }) {
  const server = databaseUrl === undefined ? undefined : await openServer(databaseUrl);
  const redis = redisUrl === undefined ? undefined : await readRedisPid(redisUrl);
  const read = async () => {
    const asked = server === undefined ? readCounts(counts) : await server.read();
    const own = pids.reduce((sum, pid) => sum + readTicks(pid), 0);
    const others = (server === undefined ? 0 : readFamily(server.pid)) + (redis === undefined ? 0 : readTicks(redis));
    return { ...asked, cpuMs: (own + others) * TICK_MS };
  };
  return { read, [Symbol.asyncDispose]: async () => server?.end() };
}

/** Cost of one directory of a load, between two readings. */
export function toCost(before, after, directories) {
  const of = (name) => Number(((after[name] - before[name]) / directories).toFixed(2));
  return {
    statementsPerDirectory: of('statements'),
    commitsPerDirectory: of('commits'),
    cpuMsPerDirectory: of('cpuMs'),
  };
}

/** Of all threads; what was asked a moment ago may be missing. */
function readCounts(directory) {
  const all = readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')));
  const sum = (name) => all.reduce((total, one) => total + one[name], 0);
  return { statements: sum('statements'), commits: sum('syncs') };
}

async function openServer(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const ask = async (text) => (await client.query(text)).rows[0];
  await client.query('create extension if not exists pg_stat_statements');
  const { directory } = await ask("select current_setting('data_directory') as directory");
  const pid = Number(readFileSync(join(directory, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const read = async () => {
    await client.query('select pg_stat_clear_snapshot()');
    const { statements, commits } =
      await ask(`select (select coalesce(sum(calls), 0)::integer from pg_stat_statements as one
        join pg_database on pg_database.oid = one.dbid where datname = current_database()) as statements,
      (select wal_sync::integer from pg_stat_wal) as commits`);
    return { statements, commits };
  };
  return { pid, read, end: () => client.end() };
}

async function readRedisPid(url) {
  const redis = new Redis(url);
  const said = await redis.info('server');
  redis.disconnect();
  return Number(/process_id:(\d+)/.exec(said)?.[1]);
}

/** User and system time of a process and of its children that have ended. */
function readTicks(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
    return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
  } catch {
    return 0;
  }
}

/** Of a process and its children that run. */
function readFamily(pid) {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && readParent(name) === pid);
  return [pid, ...children].reduce((sum, one) => sum + readTicks(one), 0);
}

function readParent(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')[1]);
  } catch {
    return undefined;
  }
}
