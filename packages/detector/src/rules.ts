import type { MonotonicMs } from '@sendit/model';
import type { Answer, Evidence, ProofRule, VetoRule } from './rule.ts';

const yes = (reason: string, evidence: Evidence = {}): Answer => ({ answer: 'yes', reason, evidence, recheckAt: null });
const no = (reason: string, evidence: Evidence, recheckAt: MonotonicMs | null): Answer => ({
  answer: 'no',
  reason,
  evidence,
  recheckAt,
});

const seconds = (ms: number): string => `${ms / 1000} s`;

/** Veto: something in it could not be read, so that its contents are not known. Asked again every `againMs`. */
export function readable({ againMs }: { readonly againMs: number }): VetoRule {
  return {
    name: 'readable',
    kind: 'veto',
    scope: 'always',
    judge: ({ listing }, now) => {
      if (listing.unreadable === 0) return yes('all of it can be read');
      const codes = listing.problemCodes.join(', ');
      return no(`it cannot be read: ${codes}`, { unreadable: listing.unreadable, codes }, now + againMs);
    },
  };
}

/** Proof: it arrived under its final name by a rename, which the sender does last. */
export const rename: ProofRule = {
  name: 'rename',
  kind: 'proof',
  grade: 'renamed',
  judge: ({ arrival }) =>
    arrival === 'renamed'
      ? yes('it arrived by rename', { arrival })
      : no('it did not arrive by rename', { arrival }, null),
};

/** Proof: nothing was seen to change for `quietMs`. */
export function quiet({ quietMs }: { readonly quietMs: number }): ProofRule {
  return {
    name: 'quiet',
    kind: 'proof',
    grade: 'quiet',
    judge: ({ lastChangeAt }, now) => {
      const quietAt = lastChangeAt + quietMs;
      const evidence = { quietMs, sinceChangeMs: now - lastChangeAt };
      return now >= quietAt
        ? yes(`it was quiet for ${seconds(quietMs)}`, evidence)
        : no(`not yet quiet for ${seconds(quietMs)}`, evidence, quietAt);
    },
  };
}

/** Veto where quiet is the sole proof: at least `minFiles` regular files. Asked again every `againMs`. */
export function minFiles({
  minFiles: least,
  againMs,
}: {
  readonly minFiles: number;
  readonly againMs: number;
}): VetoRule {
  return {
    name: 'minFiles',
    kind: 'veto',
    scope: 'quiet',
    judge: ({ listing: { files } }, now) => {
      const evidence = { files, minFiles: least };
      if (files >= least) return yes('it has files', evidence);
      return no(least === 1 ? 'it has no file' : `it has fewer than ${least} files`, evidence, now + againMs);
    },
  };
}

/** Veto where quiet is the sole proof: the newest listing was taken at least `gapMs` after the last change, and showed none. */
export function stableSnapshot({ gapMs }: { readonly gapMs: number }): VetoRule {
  return {
    name: 'stableSnapshot',
    kind: 'veto',
    scope: 'quiet',
    judge: ({ lastChangeAt, observedAt }, now) => {
      const stableAt = lastChangeAt + gapMs;
      const evidence = { gapMs, unchangedMs: Math.max(0, observedAt - lastChangeAt) };
      return observedAt >= stableAt
        ? yes(`two looks ${seconds(gapMs)} apart are equal`, evidence)
        : no(`no two equal looks ${seconds(gapMs)} apart yet`, evidence, Math.max(stableAt, now));
    },
  };
}
