import { type ErrorCode, SenditError } from '@sendit/model';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** The one table from error codes to HTTP statuses. */
const HTTP_STATUS: Readonly<Record<ErrorCode, ContentfulStatusCode>> = {
  'bad-arguments': 400,
  'bad-configuration': 500,
  'not-running': 503,
  'already-running': 409,
  'start-failed': 500,
  'stop-timeout': 504,
  'state-directory': 500,
  'state-directory-lost': 500,
  'database-locked': 503,
  'database-unavailable': 503,
  'database-stopped': 503,
  'database-schema': 503,
  'queue-unavailable': 503,
  'watch-failed': 500,
  'port-in-use': 409,
  'not-found': 404,
  unreadable: 503,
  'needs-server': 501,
  'too-many-connections': 503,
  'too-many-attempts': 429,
  refused: 403,
  unauthorized: 401,
  interrupted: 503,
  internal: 500,
};

/** The HTTP status of a {@link SenditError}'s code. */
export function toHttpStatus(code: ErrorCode): ContentfulStatusCode {
  return HTTP_STATUS[code];
}

/** Turns anything thrown into a {@link SenditError}; the message of an unexpected error is withheld, it may quote what was asked for. */
export function toSenditError(thrown: unknown): SenditError {
  if (thrown instanceof SenditError) return thrown;
  if (thrown instanceof HTTPException && thrown.status < 500) {
    return new SenditError(thrown.message, { code: 'bad-arguments', cause: thrown });
  }
  return new SenditError('The request failed inside sendit.', {
    code: 'internal',
    retry: 'unsafe',
    hint: 'Look for "request failed" in the log of the watcher.',
    cause: thrown,
  });
}

/** Loggable facts of an unexpected error: its kind and place, not its message. */
export function describeForLog(thrown: unknown): { kind: string; code: string | null; at: string | null } {
  if (!(thrown instanceof Error)) return { kind: typeof thrown, code: null, at: null };
  const code = readField(thrown, 'code');
  const at = thrown.stack?.split('\n').find((line) => line.startsWith('    at '));
  return { kind: thrown.name, code: typeof code === 'string' ? code : null, at: at?.trim() ?? null };
}

function readField(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
}
