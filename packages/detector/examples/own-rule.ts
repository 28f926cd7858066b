// A rule of your own: a directory that is only quiet must hold three series, or wait for them. In the configuration:
//
//   { folder: '/data', events: 'IN_ALL_EVENTS', processor: 'DicomQueue', profile: './own-rule.ts#rules' }
import { defineRules, type FolderFacts, no, profile, type VetoRule, yes } from '@sendit/detector';

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

/** The safe rules, with the settings of the watch path, and this one. */
export const rules = defineRules((options) => [...profile('safe', options), leastSeries(3, options.quietMs ?? 15_000)]);
