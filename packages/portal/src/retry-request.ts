import { BATCH_STATUSES, type RetryQuery, SenditError } from '@sendit/model';
import { checkBody, FIELDS, type FieldCheck, isText, optional } from './check-body.ts';

const CHECKS: Readonly<Record<keyof RetryQuery, FieldCheck>> = {
  statuses: [isStatusList, `a list of ${BATCH_STATUSES.join(', ')}`],
  root: optional(FIELDS.root),
  since: optional(FIELDS.time),
  after: optional([FIELDS.id[0], '`next` of the page before']),
  limit: FIELDS.limit,
  by: optional([isText, 'the name of an account']),
  dryRun: [(value) => typeof value === 'boolean', 'true or false'],
};

/**
 * Checks the body of `POST /api/batches/retry`, reporting every problem at once.
 * @throws SenditError `bad-arguments`
 */
export function parseRetryQuery(body: unknown): RetryQuery {
  return checkBody<RetryQuery>(body, CHECKS);
}

/**
 * Checks the body of `POST /api/batches/:id/retry`: `{"by"?}`, or none.
 * @throws SenditError `bad-arguments`
 */
export function parseRetryBody(body: unknown): { readonly by?: string } {
  const by: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'by') : undefined;
  if (by !== undefined && !isText(by))
    throw new SenditError('Expected `by` to be the name of an account.', { code: 'bad-arguments' });
  return typeof by === 'string' ? { by } : {};
}

function isStatusList(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => BATCH_STATUSES.some((known) => known === one));
}
