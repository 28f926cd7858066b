import { listFailing, readAlertState } from '@sendit/alerts';
import type { QueuePause } from '@sendit/api';
import type { Settings } from '@sendit/config';
import type { FailingChannel, HealthLimits } from '@sendit/model';
import type { Database } from '@sendit/persistence';

/** What health is judged by beside counts: the configured limits, and what the database keeps. */
export interface KeptFacts {
  readonly limits: HealthLimits;
  readonly readPause: () => Promise<QueuePause | null>;
  readonly readFailing: () => Promise<readonly FailingChannel[]>;
}

/** The limits of the settings, and readers of a paused queue and of channels that take no alerts. */
export function toKeptFacts({ alerts }: Pick<Settings, 'alerts'>, { states }: Pick<Database, 'states'>): KeptFacts {
  const names = alerts.rules.channels.map(({ name }) => name);
  return {
    limits: alerts.limits,
    readPause: async () => readPause(await states.read('queue')),
    readFailing: async () =>
      names.length === 0 ? [] : listFailing(readAlertState(await states.read('alerts')), names),
  };
}

function readPause(stored: unknown): QueuePause | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const { paused } = stored as { readonly paused?: QueuePause | null };
  return paused ?? null;
}
