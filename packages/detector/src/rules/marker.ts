import { no, unknown, yes } from '../answer.ts';
import type { ProofRule } from '../rule.ts';

/** Proof: the sender left a done-file, and no file changed after it. */
export const marker: ProofRule = {
  name: 'marker',
  kind: 'proof',
  grade: 'marker',
  judge: ({ listing }) => {
    const sighting = listing.marker;
    if (sighting === undefined) return unknown('no done-file was looked for');
    if (sighting.kind === 'absent') return no('there is no done-file', { toFinish: 'Write the done-file.' });
    const { name, isOlder } = sighting;
    if (!isOlder) return yes('its done-file is there', { marker: name });
    return no('files changed after its done-file was written', {
      evidence: { marker: name, newest: listing.newestPath ?? null },
      toFinish: 'Write the done-file again when everything is in it.',
    });
  },
};
