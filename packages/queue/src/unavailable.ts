import { redactUrl, SenditError, toMessage, toCode } from '@sendit/model';
import type { QueueTarget } from './import-queue.ts';

const NETWORK = /^(?:ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|ENOENT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)/;
/** PostgreSQL: connection exceptions, too many connections, shutdown and start-up, read-only standby. */
const SQLSTATE = /^(?:08\w{3}|53\w{3}|57P\w{2}|25006)$/;
const WORDS =
  /connection (?:is closed|terminated|timeout|ended)|timeout exceeded|max retries per request|closed state|^(?:LOADING|READONLY|MASTERDOWN|NOAUTH|WRONGPASS)|socket closed|stream isn't writeable|PGlite is closed/i;

/** Whether an error of a driver says that the service is away, rather than that a request was wrong. */
export function isOutage(error: unknown): boolean {
  const code = toCode(error) ?? '';
  return NETWORK.test(code) || SQLSTATE.test(code) || NETWORK.test(toMessage(error)) || WORDS.test(toMessage(error));
}

/** Names a target for people: host, port and path; never user or password. */
export function describeTarget(target: QueueTarget): string {
  if (target.kind === 'pglite') return 'the embedded database';
  const name = target.kind === 'redis' ? 'Redis' : 'PostgreSQL';
  // Redacted first: in a malformed URL what looks like a host or path may be a part of the password.
  const [, place = ''] = /^[a-z]+:\/\/(?:.*@)?([^?#]*)/is.exec(redactUrl(target.url)) ?? [];
  return place === '' || place.includes('***') || !URL.canParse(target.url)
    ? name
    : `${name} at ${place.replace(/\/$/, '')}`;
}

/** The message of an error without what is secret in the target's URL; drivers put whole commands and URLs into theirs. */
export function toSafeMessage(error: unknown, target: QueueTarget): string {
  const message = toMessage(error) || (toCode(error) ?? 'no reason given');
  if (/max retries per request/i.test(message)) return 'no connection';
  return secretsOf(target).reduce((text, secret) => text.replaceAll(secret, '***'), message);
}

function secretsOf(target: QueueTarget): readonly string[] {
  if (target.kind === 'pglite') return [];
  const userInfo = /^[a-z]+:\/\/([^/]*)@/i.exec(target.url)?.[1];
  const raw = userInfo?.slice(userInfo.indexOf(':') + 1) ?? '';
  return [target.url, raw, decode(raw)].filter((secret) => secret !== '');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const HINTS = {
  pglite: 'Look at the state directory: its disk may be full or not writable.',
  postgres:
    'Check DATABASE_URL, that PostgreSQL runs and accepts this user, and that the user may create the schema bullmq.',
  redis: 'Check REDIS_URL, and that Redis runs and accepts connections from this host.',
} as const;

/** Anything that a backend threw, as the error that a caller may show and retry. The cause carries no secret. */
export function toUnavailable(error: unknown, target: QueueTarget): SenditError {
  if (error instanceof SenditError) return error;
  const reason = toSafeMessage(error, target);
  return new SenditError(`expected the import queue on ${describeTarget(target)} to answer, got: ${reason}`, {
    code: 'queue-unavailable',
    retry: 'safe',
    hint: HINTS[target.kind],
    cause: new Error(reason),
  });
}
