import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';

/** Plain SQL, on either engine and without the code under test. */
export interface Sql extends AsyncDisposable {
  query<Row>(text: string): Promise<readonly Row[]>;
}

/** Where the database is. The embedded one may be opened only while no other process has it. */
export type DatabasePlace = { readonly directory: string } | { readonly url: string };

/** Opens a database for plain SQL. */
export async function openSql(place: DatabasePlace): Promise<Sql> {
  if ('directory' in place) {
    const engine = await PGlite.create(join(place.directory, 'pgdata'));
    return {
      query: async <Row>(text: string) => (await engine.query<Row>(text)).rows,
      [Symbol.asyncDispose]: () => engine.close(),
    };
  }
  const client = new pg.Client({ connectionString: place.url });
  await client.connect();
  return {
    query: async <Row>(text: string) => (await client.query(text)).rows as Row[],
    [Symbol.asyncDispose]: () => client.end(),
  };
}

/**
 * A journal that the database keeps by itself, whoever writes: every seal, every change of status and every row written for an
 * instance. Two effects that leave the same rows behind show in it.
 */
const JOURNAL = [
  'create schema chaos',
  `create table chaos.journal (
    id bigint generated always as identity primary key,
    batch_id bigint not null,
    what text not null,
    rows bigint not null default 1
  )`,
  `create function chaos.note_status() returns trigger language plpgsql as $$
  begin
    if tg_op = 'INSERT' then
      insert into chaos.journal (batch_id, what) values (new.id, 'sealed');
    elsif new.status is distinct from old.status then
      insert into chaos.journal (batch_id, what) values (new.id, old.status || '>' || new.status);
    end if;
    return null;
  end $$`,
  `create trigger chaos_status after insert or update of status on sendit.batches
    for each row execute function chaos.note_status()`,
  `create function chaos.note_instances() returns trigger language plpgsql as $$
  begin
    insert into chaos.journal (batch_id, what, rows) select batch_id, 'instances', count(*) from added group by batch_id;
    return null;
  end $$`,
  `create trigger chaos_instances after insert on sendit.instances
    referencing new table as added for each statement execute function chaos.note_instances()`,
];

/** Puts the journal into a database whose schema is there and in which nothing was sealed yet. */
export async function installJournal(place: DatabasePlace): Promise<void> {
  await using sql = await openSql(place);
  for (const statement of JOURNAL) await sql.query(statement);
}
