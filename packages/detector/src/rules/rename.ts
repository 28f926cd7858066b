import { no, yes } from '../answer.ts';
import type { ProofRule } from '../rule.ts';

/** Proof: it arrived under its final name by a rename, which the sender does last. */
export const rename: ProofRule = {
  name: 'rename',
  kind: 'proof',
  grade: 'renamed',
  judge: ({ arrival }) =>
    arrival === 'renamed'
      ? yes('it arrived by rename', { arrival })
      : no('it did not arrive by rename', {
          evidence: { arrival },
          toFinish: 'Rename it to a name ending in .tmp and back when everything is in it.',
        }),
};
