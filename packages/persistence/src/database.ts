import type { Place } from '@sendit/files';
import { type Handle, type Logger, silentLogger, toHandle } from '@sendit/model';
import { type ActionStore, toActionStore } from './actions/action-jobs.ts';
import { type ActionViews, toActionViews } from './actions/action-views.ts';
import { type BatchStore, toBatchStore } from './batches/batches.ts';
import type { Connection } from './engine/connection.ts';
import { type DatabaseDescription, describeDatabase } from './engine/describe.ts';
import type { EmbeddedSession } from './engine/embedded-session.ts';
import { type DecisionStore, toDecisionStore } from './people/decisions.ts';
import { type PeopleStore, toPeopleStore } from './people/people-store.ts';
import { type DirectoryStore, toDirectoryStore } from './batches/directories.ts';
import { type KeptStateStore, toKeptStateStore } from './kept-states.ts';
import { type HeartbeatStore, toHeartbeatStore } from './heartbeats.ts';
import { type StudyStore, toStudyStore } from './imports/import-jobs.ts';
import { type MigrationStatus, migrate, readMigrationStatus } from './engine/migrate.ts';
import { type MountStore, toMountStore } from './batches/mounts.ts';
import { type OutboxStore, toOutboxStore } from './batches/outbox.ts';
import { type QueuePauseStore, toQueuePauseStore } from './people/pause-queue.ts';
import { type RootStore, toRootStore } from './batches/roots.ts';
import { toViews, type Views } from './views/views.ts';
import { exportRows, type TransferCounts, type TransferOptions } from './transfer/export-rows.ts';
import { importRows } from './transfer/import-rows.ts';

/** Which database: one in a directory, run inside this process, or a PostgreSQL server. */
export type DatabaseTarget =
  | { readonly kind: 'embedded'; readonly directory: string }
  | { readonly kind: 'postgres'; readonly url: string; readonly maxConnections?: number };

/** How to open it; `migrate` is true by default. */
export interface OpenDatabaseOptions {
  readonly logger?: Logger;
  readonly migrate?: boolean;
}

/**
 * The database, whatever its engine. Calls reject with a SenditError: `database-unavailable` (retry `safe` when the same call
 * may work again later), `database-stopped` (embedded: for good), `database-schema`, or `internal`; its message holds no header values.
 */
export interface Database extends Handle {
  readonly kind: 'embedded' | 'postgres';
  /** The in-process engine, embedded only: the queue runs on it too. Owned by the database. */
  readonly pglite: EmbeddedSession | undefined;
  /**
   * Places on disk of an embedded database: once one is no longer in place, later writes are lost. Empty for a server.
   */
  readonly places: readonly Place[];
  /** Applies pending migrations; safe from several processes at once. The names newly applied. */
  migrate(): Promise<readonly string[]>;
  migrationStatus(): Promise<MigrationStatus>;
  /** Resolves when the database answers; rejects within seconds when it does not. */
  ping(): Promise<void>;
  /** Version, encoding, whether it takes writes, and its time of day. */
  describe(): Promise<DatabaseDescription>;
  /** All rows as lines of JSON, as they are at one moment. Header values of patients are in them. */
  exportRows(write: (lines: string) => Promise<void>, options?: TransferOptions): Promise<TransferCounts>;
  /**
   * Takes in what {@link exportRows} gave, whatever the engine; all of it or nothing.
   * @throws SenditError `refused` when the database is not empty; `bad-arguments` for anything but a whole export of the same migrations.
   */
  importRows(lines: AsyncIterable<string>, options?: TransferOptions): Promise<TransferCounts>;
  readonly roots: RootStore;
  readonly mounts: MountStore;
  readonly batches: BatchStore;
  readonly directories: DirectoryStore;
  readonly decisions: DecisionStore;
  readonly people: PeopleStore;
  readonly outbox: OutboxStore;
  readonly studies: StudyStore;
  readonly actions: ActionStore & ActionViews;
  readonly heartbeats: HeartbeatStore;
  readonly states: KeptStateStore;
  readonly queuePause: QueuePauseStore;
  readonly views: Views;
}

/**
 * Opens a database and brings its schema up to date.
 * @throws SenditError `state-directory`, `database-locked`, `database-unavailable`, `database-schema` (the database is
 * newer than this code) or `bad-configuration` (invalid URL).
 */
export async function openDatabase(target: DatabaseTarget, options: OpenDatabaseOptions = {}): Promise<Database> {
  const logger = options.logger ?? silentLogger;
  const connection = await openConnection(target, logger);
  try {
    if (options.migrate === false) {
      await readMigrationStatus(connection);
    } else {
      const applied = await migrate(connection);
      if (applied.length > 0)
        logger.info('Brought the database schema up to date.', { migrations: applied.join(', ') });
    }
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
  return toDatabase(connection);
}

/** Engines load when they are used: each costs time and memory that the other mode need not pay. */
async function openConnection(target: DatabaseTarget, logger: Logger): Promise<Connection> {
  if (target.kind === 'embedded') {
    const { openEmbedded } = await import('./engine/open-embedded.ts');
    return openEmbedded(target.directory, logger);
  }
  const { openPostgres } = await import('./engine/open-postgres.ts');
  return openPostgres(target.url, target.maxConnections);
}

function toDatabase(connection: Connection): Database {
  return {
    kind: connection.kind,
    pglite: connection.pglite,
    places: connection.places,
    migrate: () => migrate(connection),
    migrationStatus: () => readMigrationStatus(connection),
    ping: () => connection.ping(),
    describe: () => describeDatabase(connection),
    exportRows: (write, options) => exportRows(connection, write, options),
    importRows: (lines, options) => importRows(connection, lines, options),
    roots: toRootStore(connection),
    mounts: toMountStore(connection),
    batches: toBatchStore(connection),
    directories: toDirectoryStore(connection),
    decisions: toDecisionStore(connection),
    people: toPeopleStore(connection),
    outbox: toOutboxStore(connection),
    studies: toStudyStore(connection),
    actions: { ...toActionStore(connection), ...toActionViews(connection) },
    heartbeats: toHeartbeatStore(connection),
    states: toKeptStateStore(connection),
    queuePause: toQueuePauseStore(connection),
    views: toViews(connection),
    ...toHandle(async () => {
      await connection[Symbol.asyncDispose]();
    }),
  };
}
