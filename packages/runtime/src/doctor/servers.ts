import { existsSync } from 'node:fs';
import type { Settings } from '@sendit/config';
import { SenditError, silentLogger, toMessage } from '@sendit/model';
import type { Database, DatabaseDescription } from '@sendit/persistence';
import { openConfiguredDatabase, openConfiguredQueue } from '../parts/open-stores.ts';
import { type Diagnosis, diagnose } from './diagnosis.ts';

/** A clock that is further from the database's makes `since`, ages and leases wrong. */
const MOST_SKEW_MS = 5_000;
const OLDEST_POSTGRES = 15;

/** Looks at the database and the queue of servers; of the embedded size, whether there is a database yet. */
export async function diagnoseServers(settings: Settings): Promise<readonly Diagnosis[]> {
  const { ok } = diagnose('database');
  if (settings.mode === 'embedded') {
    const found = existsSync(settings.databaseDir) ? 'embedded' : 'embedded; made by the first start';
    return [ok(found, settings.databaseDir)];
  }
  let database: Database;
  const askedAt = Date.now();
  try {
    database = await openConfiguredDatabase(settings, { logger: silentLogger, migrate: false });
  } catch (error) {
    return [toFailure('database', error)];
  }
  try {
    const described = await database.describe();
    const { applied, pending } = await database.migrationStatus();
    const skewMs = described.nowMs - (askedAt + Date.now()) / 2;
    return [
      ...judgeDatabase({ ...described, skewMs, pending: pending.length }),
      await diagnoseQueue(settings, database, applied.length === 0),
    ];
  } catch (error) {
    return [toFailure('database', error)];
  } finally {
    await database.close();
  }
}

/** Judges what a PostgreSQL server says of itself. */
export function judgeDatabase(
  facts: Pick<DatabaseDescription, 'version' | 'isReadOnly'> & { readonly skewMs: number; readonly pending: number },
): readonly Diagnosis[] {
  const { ok, not } = diagnose('database');
  const { isReadOnly, pending, skewMs, version } = facts;
  const found = `PostgreSQL ${version}`;
  const one =
    Number.parseInt(version, 10) < OLDEST_POSTGRES
      ? not('warning', found, `Upgrade to PostgreSQL ${OLDEST_POSTGRES} or newer: older ones are not tested.`)
      : isReadOnly
        ? not('error', `${found}, read-only`, 'Name the primary in DATABASE_URL: a replica takes no writes.')
        : ok(found);
  return [
    one,
    pending === 0
      ? diagnose('migrations').ok('none pending')
      : diagnose('migrations').not(
          'info',
          `${pending} pending`,
          '`sendit db migrate`, or the next start applies them.',
        ),
    Math.abs(skewMs) <= MOST_SKEW_MS
      ? diagnose('clock').ok('as the database’s')
      : diagnose('clock').not(
          'warning',
          `${Math.round(Math.abs(skewMs) / 1_000)} s ${skewMs > 0 ? 'behind' : 'ahead of'} the database’s`,
          'Let both hosts keep time (chrony, systemd-timesyncd).',
        ),
  ];
}

async function diagnoseQueue(settings: Settings, database: Database, isNew: boolean): Promise<Diagnosis> {
  // To open a queue on PostgreSQL makes its tables.
  if (isNew && settings.mode === 'postgres') return diagnose('queue').ok('made by the first start');
  try {
    const queue = await openConfiguredQueue(settings, database, silentLogger);
    try {
      await queue.probe();
      const { active, failed, waiting } = await queue.counts();
      return diagnose('queue').ok(`takes jobs: ${waiting} waiting, ${active} active, ${failed} failed`);
    } finally {
      await queue.close();
    }
  } catch (error) {
    return toFailure('queue', error);
  }
}

function toFailure(check: string, error: unknown): Diagnosis {
  const hint = error instanceof SenditError ? error.hint : undefined;
  return diagnose(check).not('error', toMessage(error), hint ?? 'Start it, and see its own log.');
}
