import { no, toSeconds, yes } from '../answer.ts';
import type { ProofRule } from '../rule.ts';

/** Proof: nothing was seen to change for `quietMs`. */
export function quiet({ quietMs }: { readonly quietMs: number }): ProofRule {
  return {
    name: 'quiet',
    kind: 'proof',
    grade: 'quiet',
    judge: ({ lastChangeAt, listing }, now) => {
      const quietAt = lastChangeAt + quietMs;
      const newest = typeof listing.newestPath === 'string' ? { newest: listing.newestPath } : {};
      const evidence = { quietMs, sinceChangeMs: Math.round(now - lastChangeAt), ...newest };
      if (now >= quietAt) return yes(`it was quiet for ${toSeconds(quietMs)}`, evidence);
      return no(`not yet quiet for ${toSeconds(quietMs)}`, {
        evidence,
        recheckAt: quietAt,
        toFinish: `Leave it unchanged for ${toSeconds(quietMs)}.`,
      });
    },
  };
}
