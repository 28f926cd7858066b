// A rule of your own: a study must hold a series of localizers, or wait for one.
import { type FolderFacts, no, profile, type Rule, type VetoRule, yes } from '@sendit/detector';

/** Veto where quiet is the only proof: fewer series than a protocol always has. */
function leastSeries(least: number, againMs: number): VetoRule {
  return {
    name: 'leastSeries',
    kind: 'veto',
    scope: 'quiet',
    judge: ({ listing }: FolderFacts, now) => {
      const series = listing.dicom?.series.length ?? 0;
      if (series >= least) return yes('it has every series of the protocol', { series });
      return no('it lacks a series of the protocol', {
        evidence: { series, least },
        recheckAt: now + againMs,
        toFinish: 'Send the series that is missing.',
      });
    },
  };
}

/** The safe rules and this one. */
export const rules: readonly Rule[] = [...profile('safe'), leastSeries(3, 15_000)];
