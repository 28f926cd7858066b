import { FINDING_CODES, type FindingCode, isOwnFindingCode } from '@sendit/model';
import { z } from 'zod';

const EXPECTED = 'a finding code of docs/findings.md, or one of a check of your own such as own-few-slices';

/** Code of a finding: one of sendit's, or `own-…` of a check of the user's. */
export const findingCode = z.union([z.enum(FINDING_CODES), z.templateLiteral(['own-', z.string()])], {
  error: EXPECTED,
}) satisfies z.ZodType<FindingCode>;

/** The same where it is asked for. */
export const askedFindingCode = findingCode.refine(
  (code) => (FINDING_CODES as readonly string[]).includes(code) || isOwnFindingCode(code),
  { error: EXPECTED },
);
