import { type LogFields, type Logger, silentLogger } from '@sendit/model';

/** The four methods that `console`, pino and most other loggers have. */
export interface PlainLogger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** A logger of sendit's own levels, or one that has the usual four. */
export type AnyLogger = Logger | PlainLogger;

/** The logger of sendit's levels that a caller's stands for; a silent one for none. */
export function toLogger(logger: AnyLogger | undefined): Logger {
  if (logger === undefined) return silentLogger;
  if ('warning' in logger) return logger;
  const at =
    (level: keyof PlainLogger): Logger['log'] =>
    (message, fields) =>
      fields === undefined ? logger[level](message) : logger[level](message, fields);
  return {
    abort: at('error'),
    error: at('error'),
    warning: at('warn'),
    log: at('info'),
    info: at('info'),
    verbose: at('debug'),
    debug: at('debug'),
  };
}
