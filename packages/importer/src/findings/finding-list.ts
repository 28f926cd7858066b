import {
  compareFindings,
  type FindingPolicy,
  type FindingRecord,
  type FindingSummary,
  judgeFinding,
  toExamplesKept,
  toFindingRecords,
} from '@sendit/model';

interface Found {
  count: number;
  readonly examples: FindingRecord[];
}

/** Judges findings by a policy, counts them by code and severity and keeps the first of each: mild ones take no place from worse. */
export class FindingList {
  readonly #policy: FindingPolicy;
  readonly #byKind = new Map<string, Omit<FindingSummary, 'count' | 'examples'> & Found>();

  constructor(policy: FindingPolicy = {}) {
    this.#policy = policy;
  }

  add(found: FindingRecord): void {
    const finding = judgeFinding(found, this.#policy);
    if (finding === undefined) return;
    const { code, severity } = finding;
    const kind = `${code} ${severity}`;
    const known = this.#byKind.get(kind);
    if (known === undefined) {
      this.#byKind.set(kind, { code, severity, count: 1, examples: [finding] });
      return;
    }
    known.count += 1;
    if (known.examples.length < toExamplesKept(finding.code)) known.examples.push(finding);
  }

  /** One entry for each code and severity: the worst first, then by code. */
  toSummaries(): FindingSummary[] {
    return [...this.#byKind.values()].toSorted(compareFindings);
  }

  /** The findings that the batch keeps. */
  toRecords(): FindingRecord[] {
    return this.toSummaries().flatMap(toFindingRecords);
  }
}
