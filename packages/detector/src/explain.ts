import type { MonotonicMs } from '@sendit/model';
import type { FolderFacts } from './facts.ts';
import { judge } from './judge.ts';
import type { Rule, Verdict } from './rule.ts';

/** One folder's verdict with everything a person needs to act on it. */
export interface Explanation extends Verdict {
  readonly path: string;
  /** Steps that would finish it, most direct first; empty when finished. */
  readonly toFinish: readonly string[];
}

/** Everything {@link explain} is asked. */
export interface ExplainRequest {
  readonly path: string;
  readonly facts: FolderFacts;
  readonly rules: readonly Rule[];
  readonly now: MonotonicMs;
}

/** Judges a folder and says of every rule what it answers, on what evidence, and what would turn it. Pure. */
export function explain({ path, facts, rules, now }: ExplainRequest): Explanation {
  const verdict = judge(facts, rules, now);
  if (verdict.finished) return { path, ...verdict, toFinish: [] };
  const against = verdict.findings.filter(({ answer }) => answer === 'no');
  const vetoes = against.filter(({ kind }) => kind === 'veto');
  // Where nothing forbids, any one proof will do: those that waiting alone can bring come first.
  const proofs = against
    .filter(({ kind }) => kind === 'proof')
    .sort((one, other) => Number(one.recheckAt === null) - Number(other.recheckAt === null));
  // A name that is not final becomes final by a rename, which is a proof itself: to wait or to write a done-file would change nothing.
  const isRenameEnough =
    vetoes.some(({ rule }) => rule === 'name') && proofs.some(({ rule }) => rule === 'rename' || rule === 'renamed');
  const asked = new Set(
    rules.filter((rule) => rule.kind === 'veto' && rule.scope === 'always').map(({ name }) => name),
  );
  const standing = isRenameEnough
    ? vetoes.filter(({ rule }) => asked.has(rule) || rule === 'minFiles')
    : [...vetoes, ...proofs];
  const orders = standing.flatMap(({ toFinish }) => (toFinish === null ? [] : [toFinish]));
  return { path, ...verdict, toFinish: [...new Set(orders)] };
}
