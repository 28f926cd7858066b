import { no, yes } from '../answer.ts';
import { toRenamedFiles } from '../facts.ts';
import type { ProofRule } from '../rule.ts';

const TO_FINISH = 'Rename it to a name ending in .tmp and back when everything is in it.';

/**
 * Proof: it arrived under its final name by a rename, which the sender does last. A rename proves what was there when it happened: one of
 * a folder with fewer than `minFiles` files, such as an empty "New folder", proves nothing. Nor does one whose files went away since.
 */
export function rename({ minFiles = 1 }: { readonly minFiles?: number } = {}): ProofRule {
  return {
    name: 'rename',
    kind: 'proof',
    grade: 'renamed',
    judge: (facts) => {
      const { arrival, listing } = facts;
      if (arrival !== 'renamed') {
        return no('it did not arrive by rename', { evidence: { arrival }, toFinish: TO_FINISH });
      }
      const files = toRenamedFiles(facts, listing) ?? 0;
      const evidence = { arrival, filesThen: files };
      if (files >= minFiles && listing.files < minFiles) {
        const reason = 'it was renamed with files that are not in it any more';
        return no(reason, { evidence: { ...evidence, files: listing.files, minFiles }, toFinish: TO_FINISH });
      }
      if (files >= minFiles) return yes('it arrived by rename', evidence);
      return no(files === 0 ? 'it was renamed while it had no file' : 'it was renamed while it had too few files', {
        evidence: { ...evidence, minFiles },
        toFinish: TO_FINISH,
      });
    },
  };
}
