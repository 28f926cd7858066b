import { no, unknown, yes } from '../answer.ts';
import type { VetoRule } from '../rule.ts';

/**
 * Veto where quiet is the sole proof: another part of the same delivery still arrives, such as a series of the study that has no final
 * name yet. Asked again every `againMs`.
 */
export function siblingsArriving({ againMs }: { readonly againMs: number }): VetoRule {
  return {
    name: 'siblingsArriving',
    kind: 'veto',
    scope: 'quiet',
    judge: ({ listing: { siblings } }, now) => {
      if (siblings === undefined) return unknown('nobody looked for parts that still arrive');
      const { arriving, example, what } = siblings;
      if (arriving === 0) return yes('no part of it still arrives');
      if (what === 'series') {
        return no('another series of its study still arrives', {
          evidence: { arriving, example },
          recheckAt: now + againMs,
          toFinish: 'Wait until the other series are unchanged too.',
        });
      }
      return no('a part of it still arrives under an unfinished name', {
        evidence: { arriving, example },
        recheckAt: now + againMs,
        toFinish: 'Wait for the sender to rename it; delete what an aborted transfer left behind.',
      });
    },
  };
}
