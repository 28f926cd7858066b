import { ALWAYS_TOLD, FINDING_CODES, FINDING_LEVELS, type FindingCode } from '@sendit/model';
import { z } from 'zod';
import { expecting, oneOf } from './field-types.ts';

const level = oneOf(FINDING_LEVELS).optional();

const loss = (() => {
  const error = 'one of error, warning, info: it is the only trace of a file that somebody gave up';
  return expecting(z.enum(['error', 'warning', 'info'], { error }), error).optional();
})();

const codes = Object.fromEntries(
  FINDING_CODES.map((code) => [code, ALWAYS_TOLD.includes(code) ? loss : level]),
) as Readonly<Record<FindingCode, typeof level>>;

const EXPECTED = `an object of codes (docs/findings.md), each with one of ${FINDING_LEVELS.join(', ')}`;

/** `findings`: how bad each finding is. */
export function findings() {
  return expecting(z.strictObject(codes, { error: EXPECTED }), EXPECTED);
}
