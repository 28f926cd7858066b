import type { SenditApi } from '@sendit/api';
import type { Database } from '@sendit/persistence';
import { createDatabaseApi, type DatabaseApiDeps } from '@sendit/portal';

/** How the API is to answer over a database. */
export interface StoreApiOptions
  extends Pick<
    DatabaseApiDeps,
    | 'queue'
    | 'mode'
    | 'locate'
    | 'onDecided'
    | 'status'
    | 'pending'
    | 'explain'
    | 'configuration'
    | 'limits'
    | 'readFailing'
  > {
  /** Whose heartbeats count; all of the database by default. */
  readonly heartbeats?: DatabaseApiDeps['heartbeats'];
}

/** The API over the stores of an open database. */
export function createStoreApi(database: Database, options: StoreApiOptions): SenditApi {
  const { actions, batches, decisions, directories, heartbeats, mounts, people, queuePause, views } = database;
  return createDatabaseApi({
    actions,
    batches,
    decisions,
    directories,
    heartbeats,
    mounts,
    people,
    queuePause,
    views,
    ...options,
  });
}
