import { no, yes } from '../answer.ts';
import type { VetoRule } from '../rule.ts';

const UNFINISHED_NAME = /\.tmp[^.]*$/i;

/** Whether a base name is final: it has no last extension that starts with `.tmp`, in any case. */
export function isFinishedName(name: string): boolean {
  return !UNFINISHED_NAME.test(name);
}

/** The seed's rule: a real directory without a `.tmp*` extension. Necessary, whatever proves the rest. */
export const nameRule: VetoRule = {
  name: 'name',
  kind: 'veto',
  scope: 'always',
  judge: ({ name, listing }) => {
    if (!isFinishedName(name)) {
      return no('its name ends in .tmp*', { toFinish: 'Rename it to its final name when everything is in it.' });
    }
    if (!listing.exists) return no('it is gone', { toFinish: 'Send it again.' });
    // A folder that could not be looked at is the business of `readable`.
    if (!listing.isDirectory && listing.unreadable === 0) {
      return no('it is not a directory', { toFinish: 'Put it into a directory: links and loose files are not taken.' });
    }
    return yes('its name is final');
  },
};
