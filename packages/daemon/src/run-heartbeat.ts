import { hostname } from 'node:os';
import { type Clock, type Heartbeat, type Logger, SenditError, toMessage, createOutageLog } from '@sendit/model';

/** How often a process says that it lives; a reader takes it for gone after five missed beats. */
const HEARTBEAT_MS = 2_000;

export interface HeartbeatDeps {
  readonly heartbeats: {
    beat(heartbeat: Heartbeat): Promise<void>;
    remove(heartbeat: Pick<Heartbeat, 'host' | 'pid' | 'role'>): Promise<void>;
  };
  /** Rejects within seconds when the database does not answer, where writing may wait for a minute. */
  readonly ping: () => Promise<void>;
  /** The parts that change. */
  readonly snapshot: () => Omit<Heartbeat, 'host' | 'pid'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Receives the database's current problem, or null: for `status`. */
  readonly onHealth: (problem: string | null) => void;
}

/**
 * Beats until aborted, then removes its row, so that a clean stop shows at once. An outage is said once, and its end too.
 * @throws SenditError `database-stopped`: an embedded engine that has stopped answers again only in another process.
 */
export async function runHeartbeat(deps: HeartbeatDeps, signal: AbortSignal): Promise<void> {
  const host = hostname();
  const { clock, logger } = deps;
  const outage = createOutageLog({ clock, logger, what: 'The database', level: 'error' });
  while (!signal.aborted) {
    try {
      await deps.ping();
      await deps.heartbeats.beat({ host, pid: process.pid, ...deps.snapshot() });
      outage.ok();
      deps.onHealth(null);
    } catch (error) {
      if (error instanceof SenditError && error.code === 'database-stopped') throw error;
      outage.failed(toMessage(error));
      deps.onHealth(`The database does not answer: ${toMessage(error)}`);
    }
    await clock.sleep(HEARTBEAT_MS, signal);
  }
  try {
    await deps.heartbeats.remove({ host, pid: process.pid, role: deps.snapshot().role });
  } catch (error) {
    deps.logger.verbose(`The heartbeat could not be removed and will lapse: ${toMessage(error)}`);
  }
}
