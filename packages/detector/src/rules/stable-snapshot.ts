import { no, toSeconds, yes } from '../answer.ts';
import type { VetoRule } from '../rule.ts';

/** Veto where quiet is the sole proof: the newest listing was taken at least `gapMs` after the last change, and showed none. */
export function stableSnapshot({ gapMs }: { readonly gapMs: number }): VetoRule {
  return {
    name: 'stableSnapshot',
    kind: 'veto',
    scope: 'quiet',
    judge: ({ lastChangeAt, observedAt, listing: { files } }, now) => {
      const stableAt = lastChangeAt + gapMs;
      const evidence = { gapMs, unchangedMs: Math.round(Math.max(0, observedAt - lastChangeAt)), files };
      if (observedAt >= stableAt) return yes(`two looks ${toSeconds(gapMs)} apart are equal`, evidence);
      return no(`no two equal looks ${toSeconds(gapMs)} apart yet`, {
        evidence,
        recheckAt: Math.max(stableAt, now),
        toFinish: `Leave it unchanged; it is looked at again ${toSeconds(gapMs)} after its last change.`,
      });
    },
  };
}
