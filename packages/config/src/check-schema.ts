import { FINDING_LEVELS, isOwnFindingCode, type OwnFindingCode } from '@sendit/model';
import { z } from 'zod';
import { DAY_MS, expecting, text, wholeNumber } from './field-types.ts';

const CODE = 'a code such as own-few-slices: own-, small letters, digits and dashes';
const RUN = 'the function of a check';
const SEVERITIES = FINDING_LEVELS.filter((level) => level !== 'off');

const code = z
  .templateLiteral(['own-', z.string()], { error: CODE })
  .refine(isOwnFindingCode, { error: CODE }) satisfies z.ZodType<OwnFindingCode>;

/** A check as `defineCheck` gives it. */
export const checkObject = z.strictObject({
  code: code.describe('The code of its findings.'),
  check: z
    .custom<(...given: never[]) => unknown>((value) => typeof value === 'function', { error: RUN })
    .describe('The function itself.'),
  severity: z
    .enum(SEVERITIES, { error: `one of ${SEVERITIES.join(', ')}` })
    .optional()
    .describe('How bad its findings are; `warning` by default.'),
  timeoutMs: wholeNumber(1, DAY_MS, ' of milliseconds').optional().describe('Longest run; 60,000 by default.'),
});

const EXPECTED = 'a list of checks: modules such as "./checks.ts#fewSlices", or what `defineCheck` gives';
const ONE = 'a module such as "./checks.ts#fewSlices", or what `defineCheck` gives';

/** The checks of the worker. */
export const checks = expecting(
  z
    .array(z.union([text(ONE), checkObject], { error: ONE }), { error: EXPECTED })
    .max(50, { error: 'at most 50 checks' })
    .readonly(),
  EXPECTED,
);

/** The checks as the file gives them. */
export type ParsedChecks = z.output<typeof checks>;

/** One check, loaded. */
export type LoadedCheck = z.output<typeof checkObject>;
