import { ALWAYS_TOLD } from './finding-policy.ts';
import { type FindingCode, type FindingRecord, type FindingSeverity, toFinding } from './finding.ts';

/** All findings of one code and severity: how many there are, and the first few of them. */
export interface FindingSummary {
  readonly code: FindingCode;
  readonly severity: FindingSeverity;
  readonly count: number;
  readonly examples: readonly FindingRecord[];
}

/** Examples kept for each code and severity; a batch of a million bad files costs no more than one of twenty. */
export const FINDING_EXAMPLES = 20;

/** Files that a person accepts a batch without, at most: each is named, since an action must leave it where it is. */
export const MOST_LEFT_OUT = 10_000;

/** How many findings of a code a batch keeps. */
export function toExamplesKept(code: FindingCode): number {
  return ALWAYS_TOLD.includes(code) ? MOST_LEFT_OUT : FINDING_EXAMPLES;
}

/** Codes of which one line with the number says enough; of the others each file is named. */
const COUNTED: ReadonlySet<FindingCode> = new Set([
  'private-data',
  'burned-in-likely',
  'repeated-instance-numbers',
  'charset-guessed',
  'side-files',
  'touched-since-seal',
]);

/** The records a batch keeps: one line for a code that is only counted; else the examples and a line for the rest. */
export function toFindingRecords({ code, severity, count, examples }: FindingSummary): readonly FindingRecord[] {
  const [first] = examples;
  if (first === undefined) return [];
  if (COUNTED.has(code))
    return [count === 1 ? first : { ...first, message: `${first.message} ${count} times in the batch.` }];
  if (count <= examples.length) return examples;
  const rest = `${count - examples.length} more findings of this kind, ${count} in all.`;
  return [...examples, { ...toFinding(code, null, rest), severity }];
}
