import {
  FINDING_EXAMPLES,
  type FindingCode,
  type FindingRecord,
  type FindingSeverity,
  type FindingSummary,
  toFindingRecords,
} from '@sendit/model';

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
    if (known.examples.length < FINDING_EXAMPLES) known.examples.push(finding);
    if (SEVERITIES.indexOf(finding.severity) > SEVERITIES.indexOf(known.severity)) known.severity = finding.severity;
  }

  /** One entry for each code, in the order in which they came up. */
  toSummaries(): FindingSummary[] {
    return [...this.#byCode].map(([code, found]) => ({ code, ...found }));
  }

  /** What a batch keeps of them. */
  toRecords(): FindingRecord[] {
    return this.toSummaries().flatMap(toFindingRecords);
  }
}
