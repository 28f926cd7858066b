import { type AcceptMountRequest, DECISIONS, type DecisionRequest, SenditError } from '@sendit/model';

/** Longest texts that are taken: PATH_MAX of Linux, an account's name, a few sentences. */
const LONGEST = { ref: 4096, by: 256, reason: 2000 } as const;

/** How a query for decisions travels in a URL: a path may say who the patient is, so that it travels in a body. */
export interface AuditBody {
  readonly ref?: string;
  readonly limit?: number;
}

/**
 * Checks the body of `POST /api/decisions`: `{"ref", "decision", "by", "reason"}`.
 * @throws SenditError `bad-arguments`
 */
export function parseDecision(value: unknown): DecisionRequest {
  const texts = { ref: readText(value, 'ref'), by: readText(value, 'by'), reason: readText(value, 'reason') };
  const decision = DECISIONS.find((known) => known === readField(value, 'decision'));
  const problems = Object.entries(texts).flatMap(([field, text]) =>
    text === undefined
      ? [`Expected \`${field}\` to be a text of at most ${LONGEST[field as keyof typeof LONGEST]} characters.`]
      : [],
  );
  if (decision === undefined) problems.push(`Expected \`decision\` to be one of ${DECISIONS.join(', ')}.`);
  const { ref, by, reason } = texts;
  if (decision === undefined || ref === undefined || by === undefined || reason === undefined) {
    throw new SenditError(problems[0] ?? '', { code: 'bad-arguments', problems });
  }
  return { ref, decision, by, reason };
}

/**
 * Checks the body of `POST /api/roots/accept`: `{"ref", "by", "reason"}`, `ref` the name or path of a watch path.
 * @throws SenditError `bad-arguments`
 */
export function parseAcceptMount(value: unknown): AcceptMountRequest {
  const [ref, by, reason] = [readText(value, 'ref'), readText(value, 'by'), readText(value, 'reason')];
  if (ref === undefined || by === undefined || reason === undefined) {
    throw new SenditError('Expected a JSON body with the texts `ref`, `by` and `reason`.', { code: 'bad-arguments' });
  }
  return { ref, by, reason };
}

/**
 * Checks the body of `POST /api/decisions/lookup`: `{"ref"?, "limit"?}`.
 * @throws SenditError `bad-arguments`
 */
export function parseAuditBody(value: unknown): AuditBody {
  const ref = readField(value, 'ref') === undefined ? undefined : readText(value, 'ref');
  const limit = readField(value, 'limit');
  const isLimit = limit === undefined || (Number.isSafeInteger(limit) && Number(limit) >= 1 && Number(limit) <= 10_000);
  if (!isLimit || (ref === undefined && readField(value, 'ref') !== undefined)) {
    throw new SenditError('Expected a JSON body with `ref` (a text) and `limit` (1 to 10,000), both optional.', {
      code: 'bad-arguments',
    });
  }
  return { ...(ref === undefined ? {} : { ref }), ...(limit === undefined ? {} : { limit: Number(limit) }) };
}

function readText(value: unknown, field: keyof typeof LONGEST): string | undefined {
  const text = readField(value, field);
  if (typeof text !== 'string' || text.trim() === '' || text.length > LONGEST[field]) return undefined;
  return field === 'ref' ? text : text.trim();
}

function readField(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
}
