import {
  FINDING_EXAMPLES,
  type FindingCode,
  type FindingPolicy,
  type FindingRecord,
  type FindingSeverity,
  type FindingSummary,
  judgeFinding,
  toFindingRecords,
} from '@sendit/model';

const SEVERITIES: readonly FindingSeverity[] = ['info', 'warning', 'error'];

/** Judges findings by a policy, counts them by code and keeps the first of each. */
export class FindingList {
  readonly #policy: FindingPolicy;
  readonly #byCode = new Map<FindingCode, { severity: FindingSeverity; count: number; examples: FindingRecord[] }>();

  constructor(policy: FindingPolicy = {}) {
    this.#policy = policy;
  }

  add(found: FindingRecord): void {
    const finding = judgeFinding(found, this.#policy);
    if (finding === undefined) return;
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
