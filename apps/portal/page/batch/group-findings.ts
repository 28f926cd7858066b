import { compareFindings, type FindingRecord } from '@sendit/model';

/** All findings of one code, with their severity. */
export interface FindingGroup {
  readonly code: string;
  readonly severity: FindingRecord['severity'];
  /** What is said of all of them, or of the first where they differ. */
  readonly message: string;
  readonly findings: readonly FindingRecord[];
}

/** Findings by code, the worst first. */
export function groupFindings(findings: readonly FindingRecord[]): readonly FindingGroup[] {
  const groups = new Map<string, FindingRecord[]>();
  for (const finding of findings.toSorted(compareFindings)) {
    const key = `${finding.severity} ${finding.code}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return Array.from(groups.values(), (group) => {
    const [first] = group;
    if (first === undefined) throw new TypeError('Expected a group to have a finding.');
    return { code: first.code, severity: first.severity, message: first.message, findings: group };
  });
}
