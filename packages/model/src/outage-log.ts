import type { Clock } from './clock.ts';
import type { LogFields, Logger } from './logger.ts';

/** One line when a service goes away, one when it is back. */
export interface OutageLog {
  readonly isDown: boolean;
  /** Logged once per outage. */
  failed(reason: string, fields?: LogFields): void;
  ok(): void;
}

export interface OutageLogOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** `The database`, `the import queue`. */
  readonly what: string;
  /** Meanwhile; `trying again until it does` by default. */
  readonly meanwhile?: string;
  /** Of the line that begins the outage; `warning` by default. */
  readonly level?: 'warning' | 'error';
  /** Added to both lines. */
  readonly fields?: LogFields;
}

/** Logs the edges of an outage, not every failure in it. */
export function createOutageLog(options: OutageLogOptions): OutageLog {
  const { clock, fields, level = 'warning', logger, meanwhile = 'trying again until it does', what } = options;
  let downSince: number | undefined;
  return {
    get isDown() {
      return downSince !== undefined;
    },
    failed(reason, more) {
      if (downSince !== undefined) return;
      downSince = clock.now();
      logger[level](`${what} does not answer; ${meanwhile}`, { ...fields, reason, ...more });
    },
    ok() {
      if (downSince === undefined) return;
      logger.info(`${what} answers again`, { ...fields, downMs: Math.round(clock.now() - downSince) });
      downSince = undefined;
    },
  };
}
