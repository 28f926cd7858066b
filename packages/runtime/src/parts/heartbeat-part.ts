import { type HeartbeatDeps, runHeartbeat } from '@sendit/daemon';
import { systemClock } from '@sendit/model';
import type { Database } from '@sendit/persistence';
import type { Part } from './run-together.ts';

/** Tells the database from time to time that this process lives, and `onHealth` whether the database does. */
export function toHeartbeatPart(
  database: Database,
  { onHealth = () => undefined, ...told }: Pick<HeartbeatDeps, 'snapshot' | 'logger'> & Partial<HeartbeatDeps>,
): Part {
  const { heartbeats } = database;
  return (signal) =>
    runHeartbeat({ heartbeats, ping: () => database.ping(), clock: systemClock, onHealth, ...told }, signal);
}
