import { toLimitReason } from '@sendit/model';
import { no, yes } from '../answer.ts';
import type { VetoRule } from '../rule.ts';

/** Veto: it is larger than a batch may be, so that it was not listed to its end. Held at once, asked again every `againMs`. */
export function withinLimits({ againMs }: { readonly againMs: number }): VetoRule {
  return {
    name: 'withinLimits',
    kind: 'veto',
    scope: 'always',
    judge: ({ listing: { exceeds } }, now) => {
      if (exceeds === undefined) return yes('it is within the limits of a batch');
      const { limit, allowed } = exceeds;
      const said = no(toLimitReason(exceeds), {
        evidence: { limit, allowed },
        recheckAt: now + againMs,
        toFinish: `Split it into smaller directories, or raise \`limits.${limit}\` in the configuration.`,
      });
      return { ...said, holds: true };
    },
  };
}
