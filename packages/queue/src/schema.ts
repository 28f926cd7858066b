import type { PgQueryable } from 'bullmq';
import type { BullMq } from './backend.ts';

/** BullMQ's tables live here, ours in `sendit`: their names are unqualified (`job`, `event`, `meta`) and must not meet others. */
export const BULLMQ_SCHEMA = 'bullmq';

/**
 * Brings BullMQ's schema up to date; safe from several processes at once. Where it is up to date nothing is written, so that a
 * worker's account needs no right to create.
 */
export async function prepareSchema(bullmq: BullMq, session: PgQueryable): Promise<void> {
  const { assertSchemaCompatibility, LATEST_SCHEMA_VERSION, runMigrations, SchemaMigrationRequiredError } = bullmq;
  try {
    const version = await assertSchemaCompatibility(session, BULLMQ_SCHEMA);
    if (version >= LATEST_SCHEMA_VERSION) return;
  } catch (error) {
    if (!(error instanceof SchemaMigrationRequiredError)) throw error;
  }
  await runMigrations(session, BULLMQ_SCHEMA);
}
