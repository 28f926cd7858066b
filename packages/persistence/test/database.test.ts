import { join } from 'node:path';
import { describeWith, openMemoryDir, type SharedPostgres, sharedPostgres, type TempDir } from '@sendit/testing';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, vi } from 'vitest';
import { type Database, openDatabase } from '../src/index.ts';
import { actionsContract } from './contract/actions.ts';
import type { Engine } from './contract/fixtures.ts';
import { cutFilesContract } from './contract/cut-files.ts';
import { groupsContract } from './contract/groups.ts';
import { intakeStoreContract } from './contract/intake-store.ts';
import { generationsContract } from './contract/generations.ts';
import { wordsContract } from './contract/words.ts';
import { decisionsContract } from './contract/decisions.ts';
import { dryRunContract } from './contract/dry-run.ts';
import { keptStatesContract } from './contract/kept-states.ts';
import { mountsContract } from './contract/mounts.ts';
import { pauseQueueContract } from './contract/pause-queue.ts';
import { peopleContract } from './contract/people.ts';
import { importsContract } from './contract/imports.ts';
import { pruneContract } from './contract/prune.ts';
import { rivalsContract } from './contract/rivals.ts';
import { outboxContract } from './contract/outbox.ts';
import { referencesContract } from './contract/references.ts';
import { sealingContract } from './contract/sealing.ts';
import { viewsContract } from './contract/views.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

function contract(engine: Engine): void {
  sealingContract(engine);
  groupsContract(engine);
  referencesContract(engine);
  decisionsContract(engine);
  dryRunContract(engine);
  keptStatesContract(engine);
  mountsContract(engine);
  pauseQueueContract(engine);
  peopleContract(engine);
  outboxContract(engine);
  importsContract(engine);
  pruneContract(engine);
  rivalsContract(engine);
  cutFilesContract(engine);
  generationsContract(engine);
  intakeStoreContract(engine);
  wordsContract(engine);
  actionsContract(engine);
  viewsContract(engine);
}

/** Gives each test the same database with empty tables: to make one costs more than most tests. */
function emptied(opened: () => { readonly db: Database; readonly other: Database; readonly exec: Exec }): Engine {
  return {
    open: async () => {
      const { db, other, exec } = opened();
      await exec(EMPTY_ALL);
      return { db, other, [Symbol.asyncDispose]: async () => undefined };
    },
  };
}

type Exec = (sql: string) => Promise<unknown>;

/** Ids begin at 1 again. */
const EMPTY_ALL = `do $$ begin execute (
  select 'truncate ' || string_agg('sendit.' || quote_ident(tablename), ', ') || ' restart identity cascade'
  from pg_tables where schemaname = 'sendit' and tablename <> 'migrations'); end $$`;

describe('on the embedded engine', () => {
  let directory: TempDir;
  let db: Database;
  beforeAll(async () => {
    directory = await openMemoryDir();
    db = await openDatabase({ kind: 'embedded', directory: join(directory.path, 'database') });
  });
  afterAll(async () => {
    await db[Symbol.asyncDispose]();
    await directory[Symbol.asyncDispose]();
  });

  contract(emptied(() => ({ db, other: db, exec: async (sql) => db.pglite?.exec(sql) })));
});

describeWith(['postgres'], 'on PostgreSQL', () => {
  let server: SharedPostgres;
  let clients: readonly [Database, Database];
  let sql: postgres.Sql;
  beforeAll(async () => {
    server = await sharedPostgres();
    const url = await server.createDatabase();
    clients = await Promise.all([openDatabase({ kind: 'postgres', url }), openDatabase({ kind: 'postgres', url })]);
    sql = postgres(url, { max: 1 });
  });
  afterAll(async () => {
    await Promise.all([...clients.map((client) => client[Symbol.asyncDispose]()), sql.end()]);
    await server[Symbol.asyncDispose]();
  });

  contract(emptied(() => ({ db: clients[0], other: clients[1], exec: (text) => sql.unsafe(text) })));
});
