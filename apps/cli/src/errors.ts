import { type ErrorCode, redactUrlsIn, SenditError, toErrno, toFirstCause, toMessage } from '@sendit/model';

/** Exit codes, once for the whole CLI: 2 means that something must be written differently before trying again. */
const EXIT_CODES: Readonly<Record<ErrorCode, number>> = {
  'bad-arguments': 2,
  'bad-configuration': 2,
  'needs-server': 2,
  'too-many-connections': 1,
  'too-many-attempts': 1,
  'not-running': 1,
  'already-running': 1,
  'start-failed': 1,
  'stop-timeout': 1,
  'state-directory': 1,
  'state-directory-lost': 1,
  'database-locked': 1,
  'database-unavailable': 1,
  'database-stopped': 1,
  'database-schema': 1,
  'queue-unavailable': 1,
  'watch-failed': 1,
  'port-in-use': 1,
  'not-found': 1,
  unreadable: 1,
  refused: 1,
  unauthorized: 1,
  interrupted: 130,
  internal: 1,
};

interface OclifFailure {
  readonly oclif?: { readonly exit?: number };
}

function oclifExit(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null && 'oclif' in error
    ? (error as OclifFailure).oclif?.exit
    : undefined;
}

/** The exit code for anything that a command threw. */
export function exitCodeOf(thrown: unknown): number {
  const error = toFirstCause(thrown);
  if (error instanceof SenditError) return EXIT_CODES[error.code];
  return oclifExit(error) ?? 1;
}

/** Text for stderr: the message, each problem, the next step. An unexpected error brings its stack. */
export function renderError(thrown: unknown): string {
  const error = toFirstCause(thrown);
  if (error instanceof SenditError) {
    const lines = [`Error: ${error.message}`, ...error.problems.map((problem) => `  ${problem}`)];
    if (error.hint !== undefined) lines.push(error.hint);
    return lines.join('\n');
  }
  const exit = oclifExit(error);
  if (exit === 0) return '';
  // oclif quotes what it was given.
  if (exit !== undefined) {
    return `Error: ${redactUrlsIn(toMessage(error))}`;
  }
  const isSystem = error instanceof Error && 'syscall' in error;
  const limit = toErrno(error) === 'EMFILE' ? ' (nofile): raise the limit, for example by `ulimit -n 1024`' : '';
  return redactUrlsIn(
    error instanceof Error && !isSystem ? (error.stack ?? error.message) : `Error: ${toMessage(error)}${limit}`,
  );
}

/** Output of `--json` for a failure. */
export function toErrorJson(thrown: unknown): object {
  const error = toFirstCause(thrown);
  if (error instanceof SenditError) {
    const { code, message, hint, problems } = error;
    return {
      error: { code, message, ...(hint === undefined ? {} : { hint }), ...(problems.length > 0 ? { problems } : {}) },
    };
  }
  return { error: { code: 'internal', message: redactUrlsIn(toMessage(error)) } };
}
