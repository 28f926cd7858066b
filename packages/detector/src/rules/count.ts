import { no, unknown, yes } from '../answer.ts';
import type { ProofRule } from '../rule.ts';

/**
 * Proof: it holds as many distinct SOPInstanceUIDs as somebody outside said. `instances` is used where the folder brings no number of
 * its own. More than announced proves nothing: the number was not that of this delivery.
 */
export function count({ instances: configured }: { readonly instances?: number | undefined } = {}): ProofRule {
  return {
    name: 'count',
    kind: 'proof',
    grade: 'count',
    judge: ({ listing: { dicom, expected } }) => {
      const wanted = expected?.instances ?? configured;
      if (wanted === undefined) return unknown('nobody said how many instances there will be');
      const evidence = { expected: wanted, source: expected?.source ?? 'configuration' };
      if (dicom === undefined) return unknown('its instances were not counted', evidence);
      const counted = { ...evidence, instances: dicom.instances };
      if (dicom.truncated > 0) {
        return no('an instance is not whole yet', {
          evidence: { ...counted, truncated: dicom.truncated, example: dicom.example },
          toFinish: 'Send the truncated files again.',
        });
      }
      if (wanted > 0 && dicom.instances === wanted) return yes('it has as many instances as announced', counted);
      if (dicom.instances < wanted) {
        return no('it has fewer instances than announced', {
          evidence: counted,
          toFinish: 'Send the instances that are missing.',
        });
      }
      return no('it has another number of instances than announced', {
        evidence: counted,
        toFinish: 'Correct the announced number.',
      });
    },
  };
}
