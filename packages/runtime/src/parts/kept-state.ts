import { listFailing, readAlertState } from '@sendit/alerts';
import type { Settings } from '@sendit/config';
import type { FailingChannel, HealthLimits } from '@sendit/model';
import type { Database } from '@sendit/persistence';

/** What health is judged by beside counts: the configured limits, and what the database keeps. */
export interface KeptFacts {
  readonly limits: HealthLimits;
  readonly readFailing: () => Promise<readonly FailingChannel[]>;
}

/** The limits of the settings, and a reader of channels that take no alerts. */
export function toKeptFacts({ alerts }: Pick<Settings, 'alerts'>, { states }: Pick<Database, 'states'>): KeptFacts {
  const names = alerts.rules.channels.map(({ name }) => name);
  return {
    limits: alerts.limits,
    readFailing: async () =>
      names.length === 0 ? [] : listFailing(readAlertState(await states.read('alerts')), names),
  };
}
