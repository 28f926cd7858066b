import { type FindingCode, type FindingRecord, type FindingSeverity, isOwnFindingCode, toFinding } from './finding.ts';

/** Configurable levels of a finding code: a severity, or `off` to omit it. */
export const FINDING_LEVELS = ['error', 'warning', 'info', 'off'] as const satisfies readonly (
  | FindingSeverity
  | 'off'
)[];

/** One word of {@link FINDING_LEVELS}. */
export type FindingLevel = (typeof FINDING_LEVELS)[number];

/** The codes whose findings are judged otherwise than by default. */
export type FindingPolicy = { readonly [code in FindingCode]?: FindingLevel | undefined };

/** The only trace of a file that a person gave up: these cannot be off. */
export const ALWAYS_TOLD: readonly FindingCode[] = ['vanished', 'not-read'];

/**
 * A finding with the severity that a policy gives it; undefined where it is off. One that is milder than its code usually is stays as mild.
 */
export function judgeFinding(finding: FindingRecord, policy: FindingPolicy): FindingRecord | undefined {
  const level = policy[finding.code];
  if (level === 'off') return undefined;
  if (level !== undefined && isOwnFindingCode(finding.code)) return { ...finding, severity: level };
  if (level === undefined || finding.severity !== toFinding(finding.code, null).severity) return finding;
  return { ...finding, severity: level };
}

/** Why a batch with these findings ends in ERROR: its errors in words; null where it has none. */
export function toErrorReason(findings: readonly FindingRecord[]): string | null {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return null;
  if (errors.length === 1 && first.path === null) return first.message;
  const codes = [...new Set(errors.map(({ code }) => code))];
  return `It has findings that are errors: ${codes.join(', ')}.`;
}
