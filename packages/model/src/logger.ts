/**
 * The seed's levels: a message is shown when its level is not above the one set; nothing is shown at `QUIET` (0), and only the
 * failures at the negative ones.
 */
export const MESSAGE_LEVELS = {
  ABRT: -4,
  ERROR: -3,
  WARNING: -2,
  LOG: -1,
  QUIET: 0,
  INFO: 1,
  VERBOSE: 2,
  VERBOSE2: 3,
  VERBOSE3: 4,
  DEBUG: 5,
} as const;

/** Name of a level. */
export type MessageLevel = keyof typeof MESSAGE_LEVELS;

/** Fields beside a message: our own ids, counts and times; never header values or patient data. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The small logger every layer takes; implementations live in `@sendit/daemon`. */
export interface Logger {
  abort(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  warning(message: string, fields?: LogFields): void;
  /** The seed's transcript (`1|CREATE EVENT: …`): goes to stdout. */
  log(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  verbose(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
}

const ignore = (): void => undefined;

/** A logger that says nothing, for libraries used without one. */
export const silentLogger: Logger = {
  abort: ignore,
  error: ignore,
  warning: ignore,
  log: ignore,
  info: ignore,
  verbose: ignore,
  debug: ignore,
};
