import { readFile } from 'node:fs/promises';
import { SenditError } from '@sendit/model';
import { sql } from 'drizzle-orm';
import { text, timestamp } from 'drizzle-orm/pg-core';
import type { Connection, Queries } from './connection.ts';
import { senditSchema } from '../schema/schema.ts';

/** The list of applied migrations; not in schema.ts, because it must exist before the first of them. */
const migrations = senditSchema.table('migrations', {
  name: text('name').primaryKey(),
  appliedAt: timestamp('applied_at', { withTimezone: true }).notNull().defaultNow(),
});

const FOLDER = new URL('../../migrations/', import.meta.url);
/** Any number that no other program on the server is likely to lock. */
const LOCK_KEY = 7_236_542_018_341;

/** Which migrations this code brings and the database has. */
export interface MigrationStatus {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

/**
 * Compares the database with the migrations of this code.
 * @throws SenditError `database-schema` when the database has some that this code does not know: it is older than the database.
 */
export async function readMigrationStatus(connection: Connection): Promise<MigrationStatus> {
  const known = await readKnown();
  return connection.run(async (db) => toStatus(known, await readApplied(db)));
}

/**
 * Applies what is pending, in one transaction under an advisory lock: of several processes that start at once, one does it and
 * the others wait (drizzle's own `migrate` has no lock). Gives the names newly applied.
 */
export async function migrate(connection: Connection): Promise<readonly string[]> {
  const known = await readKnown();
  const { pending } = await readMigrationStatus(connection);
  if (pending.length === 0) return [];
  const statements = new Map(
    await Promise.all(pending.map(async (name) => [name, await readStatements(name)] as const)),
  );
  return connection.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${sql.raw(String(LOCK_KEY))})`);
    await createHome(tx);
    const now = toStatus(known, await readApplied(tx));
    for (const name of now.pending) {
      for (const statement of statements.get(name) ?? []) await tx.execute(sql.raw(statement));
      await tx.insert(migrations).values({ name });
    }
    return now.pending;
  });
}

async function readKnown(): Promise<readonly string[]> {
  const journal: unknown = JSON.parse(await readFile(new URL('meta/_journal.json', FOLDER), 'utf8'));
  return (journal as { entries: readonly { tag: string }[] }).entries.map((entry) => entry.tag);
}

async function readStatements(name: string): Promise<readonly string[]> {
  const file = await readFile(new URL(`${name}.sql`, FOLDER), 'utf8');
  return file.split('--> statement-breakpoint');
}

async function readApplied(db: Queries): Promise<readonly string[]> {
  if (!(await exists(db, sql`pg_catalog.pg_tables where schemaname = 'sendit' and tablename = 'migrations'`)))
    return [];
  const rows = await db.select({ name: migrations.name }).from(migrations).orderBy(migrations.name);
  return rows.map((row) => row.name);
}

/** `create schema if not exists` asks for the right to create even where the schema exists, made by an administrator. */
async function createHome(tx: Queries): Promise<void> {
  if (!(await exists(tx, sql`pg_catalog.pg_namespace where nspname = 'sendit'`))) {
    await tx.execute(sql`create schema sendit`);
  }
  await tx.execute(
    sql`create table if not exists ${migrations} (name text primary key, applied_at timestamptz not null default now())`,
  );
}

async function exists(db: Queries, fromWhere: ReturnType<typeof sql>): Promise<boolean> {
  const rows = await db.select({ one: sql`1` }).from(fromWhere);
  return rows.length > 0;
}

function toStatus(known: readonly string[], applied: readonly string[]): MigrationStatus {
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new SenditError(
      `Expected a database that this version knows, got one with newer changes: ${unknown.join(', ')}.`,
      {
        code: 'database-schema',
        hint: 'Start the newer version of sendit that changed this database, or give this one a database of its own.',
      },
    );
  }
  return { applied, pending: known.filter((name) => !applied.includes(name)) };
}
