import type { Clock, Logger } from '@sendit/model';

/** One line when a service goes away, one when it is back. */
export interface OutageLog {
  readonly isDown: boolean;
  failed(reason: string): void;
  ok(): void;
}

/** Logs the edges of an outage of `what`, not every failure in it. */
export function createOutageLog(deps: { logger: Logger; clock: Clock; what: string }): OutageLog {
  let downSince: number | undefined;
  return {
    get isDown() {
      return downSince !== undefined;
    },
    failed(reason) {
      if (downSince !== undefined) return;
      downSince = deps.clock.now();
      deps.logger.warning(`${deps.what} does not answer; trying again until it does`, { reason });
    },
    ok() {
      if (downSince === undefined) return;
      deps.logger.info(`${deps.what} answers again`, { downMs: Math.round(deps.clock.now() - downSince) });
      downSince = undefined;
    },
  };
}
