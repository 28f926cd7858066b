import type { Settings } from '@sendit/config';
import { createLogger } from '@sendit/daemon';
import type { Logger } from '@sendit/model';

/** A logger on this process's own stdout and stderr; colour only on a terminal and without NO_COLOR. */
export function openConsoleLogger(settings: Pick<Settings, 'messageLevel' | 'logFormat'>): Logger {
  return createLogger({
    level: settings.messageLevel,
    format: settings.logFormat,
    out: process.stdout,
    err: process.stderr,
    colour: process.stderr.isTTY && process.env['NO_COLOR'] === undefined,
  });
}
