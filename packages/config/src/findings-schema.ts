import { ALWAYS_TOLD, FINDING_CODES, FINDING_LEVELS, isOwnFindingCode, toFinding } from '@sendit/model';
import { z } from 'zod';
import { expecting, oneOf } from './field-types.ts';

const level = oneOf(FINDING_LEVELS).optional();

const loss = (() => {
  const error = 'one of error, warning, info: it is the only trace of a file that somebody gave up';
  return expecting(z.enum(['error', 'warning', 'info'], { error }), error).optional();
})();

const codes = Object.fromEntries(
  FINDING_CODES.map((code) => {
    const { message, severity } = toFinding(code, null);
    const own = ALWAYS_TOLD.includes(code) ? loss : level;
    return [code, own.describe(`${message} By default \`${severity}\`.`)];
  }),
) as Readonly<Record<(typeof FINDING_CODES)[number], typeof level>>;

const EXPECTED = `an object of codes (docs/findings.md), each with one of ${FINDING_LEVELS.join(', ')}`;

/** `findings`: how bad each finding is, those of checks of the user's own too. */
export function findings() {
  const policy = z
    .object(codes, { error: EXPECTED })
    .catchall(level)
    .superRefine((given, context) => {
      const keys = Object.keys(given).filter((key) => !(key in codes) && !isOwnFindingCode(key));
      if (keys.length > 0) context.addIssue({ code: 'unrecognized_keys', keys, input: given });
    });
  return expecting(policy, EXPECTED);
}
