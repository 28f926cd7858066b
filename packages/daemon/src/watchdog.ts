import type { Clock } from '@sendit/model';
import { type NotifyOptions, notifyServiceManager } from './notify-service-manager.ts';

export interface WatchdogOptions extends NotifyOptions {
  /** `WATCHDOG_USEC`: the service manager kills a service after this many microseconds of silence. */
  readonly usec: string | undefined;
  /** `WATCHDOG_PID`: whom it watches; another process than this one sends nothing. */
  readonly pid: string | undefined;
  readonly clock: Clock;
}

/**
 * Sends `WATCHDOG=1` twice in each interval that the service manager asked for (sd_watchdog_enabled(3)), until aborted; returns at once
 * where it asked for none. A process whose event loop stands still sends nothing, and is restarted.
 */
export async function runWatchdog(options: WatchdogOptions, signal: AbortSignal): Promise<void> {
  const { clock, pid, usec, ...notify } = options;
  const intervalMs = Number(usec) / 2_000;
  if (!(intervalMs > 0) || (pid !== undefined && Number(pid) !== process.pid)) return;
  while (!signal.aborted) {
    if ((await notifyServiceManager('WATCHDOG=1', notify)) === 'skipped') return;
    await clock.sleep(intervalMs, signal);
  }
}
