import { no, unknown, yes } from '../answer.ts';
import type { ProofRule } from '../rule.ts';

/** Proof: the sender's list and the folder hold the same files, with the listed sizes and digests. */
export const manifest: ProofRule = {
  name: 'manifest',
  kind: 'proof',
  grade: 'manifest',
  judge: ({ listing: { manifest: sighting } }) => {
    if (sighting === undefined) return unknown('no manifest was looked for');
    if (sighting.kind === 'absent') return no('there is no manifest', { toFinish: 'Write a manifest of its files.' });
    if (sighting.kind === 'unreadable') {
      const { name, reason } = sighting;
      return no('its manifest is not a list of files', {
        evidence: { manifest: name, reason },
        toFinish: 'Write the manifest again: JSON with `files`, or lines as of sha256sum.',
      });
    }
    const { kind: _, name, ...numbers } = sighting;
    const evidence = { manifest: name, ...numbers };
    if (sighting.listed === 0) return no('its manifest lists no file', { evidence, toFinish: 'List the files.' });
    if (sighting.missing > 0) {
      return no('files of its manifest are missing', { evidence, toFinish: 'Send the missing files.' });
    }
    if (sighting.wrongSize > 0 || sighting.wrongDigest > 0) {
      return no('files differ from its manifest', { evidence, toFinish: 'Send the files that differ again.' });
    }
    if (sighting.unlisted > 0) {
      return no('it has files that its manifest does not list', { evidence, toFinish: 'List every file.' });
    }
    return yes('it holds exactly what its manifest lists', evidence);
  },
};
