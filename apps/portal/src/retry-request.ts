import { BATCH_STATUSES, type RetryQuery, SenditError } from '@sendit/model';
import { MAX_LIMIT } from './batch-request.ts';

/** How a field of the body is checked: its value, or what was expected. */
type Check = (value: unknown) => boolean;

const CHECKS: Readonly<Record<keyof RetryQuery, readonly [check: Check, expected: string]>> = {
  statuses: [isStatusList, `a list of ${BATCH_STATUSES.join(', ')}`],
  root: [isTextOrAbsent, 'the name of a watch path'],
  since: [(value) => value === undefined || isTime(value), 'a time such as 2025-03-01T10:00:00Z'],
  after: [(value) => value === undefined || isId(value), '`next` of the page before'],
  limit: [isLimit, `a whole number from 1 to ${MAX_LIMIT}`],
  by: [isTextOrAbsent, 'the name of an account'],
  dryRun: [(value) => typeof value === 'boolean', 'true or false'],
};

/**
 * Checks the body of `POST /api/batches/retry`, reporting every problem at once.
 * @throws SenditError `bad-arguments`
 */
export function parseRetryQuery(body: unknown): RetryQuery {
  const values: Readonly<Record<string, unknown>> = typeof body === 'object' && body !== null ? { ...body } : {};
  const problems = Object.entries(CHECKS).flatMap(([key, [check, expected]]) =>
    check(values[key]) ? [] : [`Expected \`${key}\` to be ${expected}.`],
  );
  if (Object.keys(values).some((key) => !(key in CHECKS))) {
    problems.push(`Expected only the fields ${Object.keys(CHECKS).join(', ')}, got another one.`);
  }
  const [first] = problems;
  if (first !== undefined) throw new SenditError(first, { code: 'bad-arguments', problems });
  return values as unknown as RetryQuery;
}

/**
 * Checks the body of `POST /api/batches/:id/retry`: `{"by"?}`, or none.
 * @throws SenditError `bad-arguments`
 */
export function parseRetryBody(body: unknown): { readonly by?: string } {
  const by: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'by') : undefined;
  if (!isTextOrAbsent(by))
    throw new SenditError('Expected `by` to be the name of an account.', { code: 'bad-arguments' });
  return typeof by === 'string' ? { by } : {};
}

function isStatusList(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => BATCH_STATUSES.some((known) => known === one));
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && value !== '' && value.length <= 256);
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value));
}

function isId(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9]{1,15}$/.test(value);
}

function isLimit(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_LIMIT;
}
