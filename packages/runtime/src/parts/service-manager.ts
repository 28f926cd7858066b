import { notifyServiceManager, runWatchdog } from '@sendit/daemon';
import { type Logger, systemClock } from '@sendit/model';

/** A service manager that started this process, if one did: systemd, by `NOTIFY_SOCKET`. */
export interface ServiceManager {
  /** Says `READY=1`, and from then on that the process lives, where that was asked for. */
  ready(): Promise<void>;
}

/** Says `STOPPING=1` once aborted; what follows a start is up to {@link ServiceManager.ready}. */
export function toServiceManager(logger: Logger, signal: AbortSignal, env = process.env): ServiceManager {
  const service = { socket: env['NOTIFY_SOCKET'], logger };
  const watchdog = { ...service, usec: env['WATCHDOG_USEC'], pid: env['WATCHDOG_PID'], clock: systemClock };
  signal.addEventListener('abort', () => void notifyServiceManager('STOPPING=1', service), { once: true });
  return {
    async ready() {
      await notifyServiceManager('READY=1', service);
      void runWatchdog(watchdog, signal);
    },
  };
}
