import type { FindingCode, FindingRecord, FindingSeverity } from '@sendit/model';
import { toFinding } from './finding.ts';

/** All findings of one code: how many there are, and the first few of them. */
export interface FindingSummary {
  readonly code: FindingCode;
  /** The worst of them. */
  readonly severity: FindingSeverity;
  readonly count: number;
  readonly examples: readonly FindingRecord[];
}

/** Examples kept for each code; a batch of a million bad files costs no more than one of twenty. */
const EXAMPLES = 20;

/** Codes of which one line with the number says enough; of the others each file is named. */
const COUNTED: ReadonlySet<FindingCode> = new Set(['private-data', 'burned-in-likely', 'repeated-instance-numbers']);

const SEVERITIES: readonly FindingSeverity[] = ['info', 'warning', 'error'];

/** Counts findings by code and keeps the first of each. */
export class FindingList {
  readonly #byCode = new Map<FindingCode, { severity: FindingSeverity; count: number; examples: FindingRecord[] }>();

  add(finding: FindingRecord): void {
    const known = this.#byCode.get(finding.code);
    if (known === undefined) {
      this.#byCode.set(finding.code, { severity: finding.severity, count: 1, examples: [finding] });
      return;
    }
    known.count += 1;
    if (known.examples.length < EXAMPLES) known.examples.push(finding);
    if (SEVERITIES.indexOf(finding.severity) > SEVERITIES.indexOf(known.severity)) known.severity = finding.severity;
  }

  /** One entry for each code, in the order in which they came up. */
  toSummaries(): FindingSummary[] {
    return [...this.#byCode].map(([code, found]) => ({ code, ...found }));
  }

  /**
   * What a batch keeps: of a code that is only counted one line, of another the examples and a line for the rest.
   */
  toRecords(): FindingRecord[] {
    return this.toSummaries().flatMap(({ code, severity, count, examples }) => {
      const [first] = examples;
      if (first === undefined) return [];
      if (COUNTED.has(code))
        return [count === 1 ? first : { ...first, message: `${first.message} ${count} times in the batch.` }];
      if (count <= examples.length) return examples;
      const rest = `${count - examples.length} more findings of this kind, ${count} in all.`;
      return [...examples, { ...toFinding(code, null, rest), severity }];
    });
  }
}
