import { BATCH_STATUSES, type BatchQuery, SenditError } from '@sendit/model';
import { checkBody, type FieldCheck, FIELDS, isText, MAX_LIMIT, optional } from './check-body.ts';

/** The longest reference that can name anything: PATH_MAX of Linux. */
const MAX_REF_LENGTH = 4096;

const QUERY_KEYS = ['status', 'root', 'late', 'limit'];

/** How a batch query travels in a URL. */
export type BatchQueryStrings = {
  readonly status?: string;
  readonly root?: string;
  readonly late?: string;
  readonly limit?: string;
};

/**
 * Checks the query of `GET /api/batches`, reporting every problem at once.
 * @throws SenditError `bad-arguments`
 */
export function parseBatchQuery(value: Readonly<Record<string, string | string[]>>): BatchQuery {
  const problems: string[] = [];
  for (const key of Object.keys(value)) {
    if (!QUERY_KEYS.includes(key)) problems.push(`Expected the parameters ${QUERY_KEYS.join(', ')}, got another one.`);
    else if (Array.isArray(value[key])) problems.push(`Expected \`${key}\` once, got it several times.`);
  }
  const status = BATCH_STATUSES.find((known) => known === value['status']);
  if (value['status'] !== undefined && status === undefined) {
    problems.push(`Expected \`status\` to be one of ${BATCH_STATUSES.join(', ')}.`);
  }
  const root = typeof value['root'] === 'string' ? value['root'] : undefined;
  if (root === '') problems.push('Expected `root` to be the name of a watch path, got nothing.');
  const limit = value['limit'] === undefined ? undefined : Number(value['limit']);
  const isCount = typeof value['limit'] === 'string' && /^[0-9]{1,9}$/.test(value['limit']);
  if (limit !== undefined && !(isCount && limit >= 1 && limit <= MAX_LIMIT)) {
    problems.push(`Expected \`limit\` to be a whole number from 1 to ${MAX_LIMIT}.`);
  }
  const late = value['late'] === undefined ? undefined : value['late'] === 'true';
  if (late === false) problems.push('Expected `late` to be true, or left out.');
  const [first] = problems;
  if (first !== undefined) throw new SenditError(first, { code: 'bad-arguments', problems });
  return { status, root, ...(late === true ? { late } : {}), limit };
}

const LIST_CHECKS: Readonly<Record<keyof BatchQuery, FieldCheck>> = {
  status: optional([(value) => BATCH_STATUSES.some((known) => known === value), `one of ${BATCH_STATUSES.join(', ')}`]),
  root: optional(FIELDS.root),
  since: optional(FIELDS.time),
  until: optional(FIELDS.time),
  name: optional([isText, 'a name, or a part of one with * and ?']),
  study: optional([(value) => isText(value) && /^[0-9.]{1,64}$/.test(String(value)), 'a StudyInstanceUID']),
  late: optional([(value) => value === true, 'true, or left out']),
  after: optional(FIELDS.id),
  offset: optional(FIELDS.offset),
  limit: optional(FIELDS.limit),
};

/**
 * Checks the body of `POST /api/batches/list`, reporting every problem at once. A name may say who the patient is: it stands in no URL.
 * @throws SenditError `bad-arguments`
 */
export function parseBatchList(body: unknown): BatchQuery {
  return checkBody<BatchQuery>(body, LIST_CHECKS);
}

/**
 * Checks the body of `POST /api/batches/lookup`: `{"ref": "<id, directory name or absolute path>"}`.
 * @throws SenditError `bad-arguments`
 */
export function parseLookup(value: unknown): { ref: string } {
  const ref: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'ref') : undefined;
  if (typeof ref !== 'string' || ref === '' || ref.length > MAX_REF_LENGTH) {
    throw new SenditError('Expected a JSON body with `ref`: the id, directory name or absolute path of a batch.', {
      code: 'bad-arguments',
      hint: 'Send Content-Type: application/json.',
    });
  }
  return { ref };
}
