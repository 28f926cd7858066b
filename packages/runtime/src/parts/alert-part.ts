import { hostname } from 'node:os';
import { runAlerts } from '@sendit/alerts';
import type { SenditApi } from '@sendit/api';
import type { Settings } from '@sendit/config';
import { type Logger, SenditError, systemClock } from '@sendit/model';
import type { Database } from '@sendit/persistence';
import type { Part } from './run-together.ts';

export interface AlertPartDeps {
  readonly database: Pick<Database, 'states'>;
  readonly api: Pick<SenditApi, 'status'>;
  readonly startedAt: string;
  readonly logger: Logger;
}

/** Sends alerts, where there are channels; of all processes on the database one does. */
export function toAlertParts({ alerts }: Pick<Settings, 'alerts'>, deps: AlertPartDeps): readonly Part[] {
  const { rules } = alerts;
  if (rules.channels.length === 0) return [];
  const { api, logger, startedAt } = deps;
  const { states } = deps.database;
  return [
    (signal) =>
      runAlerts(
        {
          rules,
          readProblems: async () => (await readStatus(api)).health?.problems ?? [],
          store: {
            lease: (holder, leaseMs) => states.lease('alerts', holder, leaseMs),
            keep: (holder, value) => states.keep('alerts', value, holder),
            release: (holder) => states.release('alerts', holder),
          },
          holder: `${hostname()} ${process.pid} ${startedAt}`,
          clock: systemClock,
          logger,
        },
        signal,
      ),
  ];
}

/** Only the watcher's own status answers while the database does not. */
async function readStatus(
  api: AlertPartDeps['api'],
): Promise<Pick<Awaited<ReturnType<SenditApi['status']>>, 'health'>> {
  try {
    return await api.status();
  } catch (error) {
    if (!(error instanceof SenditError) || error.code !== 'database-unavailable') throw error;
    const problem = {
      code: error.code,
      severity: 'error',
      since: null,
      subject: 'database',
      message: error.message,
    } as const;
    return { health: { level: 'error', problems: [problem] } };
  }
}
