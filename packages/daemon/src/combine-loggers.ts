import type { Logger } from '@sendit/model';

/** One logger that tells several: the log files in plain text, the terminal in colour. */
export function combineLoggers(...loggers: readonly Logger[]): Logger {
  const toAll =
    (level: keyof Logger): Logger['log'] =>
    (message, fields) => {
      for (const logger of loggers) logger[level](message, fields);
    };
  return {
    abort: toAll('abort'),
    error: toAll('error'),
    warning: toAll('warning'),
    log: toAll('log'),
    info: toAll('info'),
    verbose: toAll('verbose'),
    debug: toAll('debug'),
  };
}
