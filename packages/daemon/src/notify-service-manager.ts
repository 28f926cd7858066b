import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Logger, silentLogger, toMessage, toErrno } from '@sendit/model';

const TIMEOUT_MS = 10_000;

export interface NotifyOptions {
  /** `NOTIFY_SOCKET`, as given by the service manager; without it nothing is done. */
  readonly socket: string | undefined;
  readonly logger?: Logger;
  /** Program that can write to a datagram socket, which Node cannot; `systemd-notify` by default. */
  readonly command?: string;
}

/**
 * Tells systemd about this service's state (sd_notify(3)): `READY=1`, `STOPPING=1`, `RELOADING=1`, `STATUS=…`. Never rejects: a
 * missing program is a debug line, a failing one a warning. The unit needs `NotifyAccess=all`, for the message comes from a child.
 */
export async function notifyServiceManager(
  state: `${string}=${string}`,
  { socket, logger = silentLogger, command = 'systemd-notify' }: NotifyOptions,
): Promise<'sent' | 'skipped' | 'failed'> {
  if (socket === undefined || socket === '') return 'skipped';
  try {
    await promisify(execFile)(command, [`--pid=${process.pid}`, state], {
      env: { NOTIFY_SOCKET: socket, PATH: '/usr/local/bin:/usr/bin:/bin' },
      timeout: TIMEOUT_MS,
    });
    return 'sent';
  } catch (error) {
    if (toErrno(error) === 'ENOENT') {
      logger.debug(`The service manager was not told ${state}: ${command} is not installed`);
      return 'skipped';
    }
    logger.warning(`The service manager could not be told ${state}: ${toMessage(error)}`);
    return 'failed';
  }
}
