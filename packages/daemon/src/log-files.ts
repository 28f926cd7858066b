import { writeSync } from 'node:fs';
import { type Clock, type Handle, SenditError, systemClock, toHandle, toMessage } from '@sendit/model';
import { toLocalIso } from './local-iso.ts';
import { LogFile } from './log-file.ts';

/** Where the two log files are and how large they become. */
export interface LogFilesOptions {
  readonly outFile: string;
  readonly errFile: string;
  /** Size in bytes at which a file is rotated. */
  readonly maxBytes: number;
  /** How many rotated files are kept of each; at least 1. */
  readonly keep: number;
  /** Keeps beside `outFile` when each of its lines came. */
  readonly outTimes?: boolean;
  /** Ms since the epoch; `Date.now` by default. */
  readonly wallNow?: () => number;
  readonly clock?: Clock;
  /** Where a failing log file complains, once per failure; this process's stderr by default. */
  readonly warn?: (message: string) => void;
}

/** watcher.out and watcher.err, open. */
export interface LogFiles extends Handle {
  readonly out: LogFile;
  readonly err: LogFile;
  /** For SIGHUP: opens both names anew, so that logrotate may move the files away. Never rejects. */
  reopen(): Promise<void>;
}

/**
 * Opens both log files for appending and creates what is missing (files 0640, folders 0750); nothing in them is ever cut off.
 * @throws SenditError `state-directory` when one cannot be opened.
 */
export async function openLogFiles(options: LogFilesOptions): Promise<LogFiles> {
  const { maxBytes, keep, outTimes = false, wallNow = Date.now, clock = systemClock, warn = warnOnStderr } = options;
  const open = (path: string, times: boolean): LogFile => {
    try {
      return new LogFile(path, { maxBytes, keep, times, wallNow, clock, warn });
    } catch (error) {
      if (error instanceof TypeError) throw error;
      throw new SenditError(`The log file ${path} cannot be opened: ${toMessage(error)}`, {
        code: 'state-directory',
        hint: 'Make its folder writable, or set another path for the log files.',
        cause: error,
      });
    }
  };
  const out = open(options.outFile, outTimes);
  try {
    const err = open(options.errFile, false);
    return {
      out,
      err,
      async reopen() {
        out.reopen();
        err.reopen();
      },
      ...toHandle(async () => {
        out.close();
        err.close();
      }),
    };
  } catch (error) {
    out.close();
    throw error;
  }
}

/** Straight to the descriptor: on a full disk, `process.stderr` would turn its own failure into an uncaught error. */
function warnOnStderr(message: string): void {
  try {
    writeSync(2, `${toLocalIso(new Date())} WARNING ${message}\n`);
  } catch {
    // There is nobody left to tell.
  }
}
