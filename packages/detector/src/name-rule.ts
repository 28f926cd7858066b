import type { Answer, VetoRule } from './rule.ts';

const UNFINISHED_NAME = /\.tmp[^.]*$/i;

/** Whether a base name is final: it has no last extension that starts with `.tmp`, in any case. */
export function isFinishedName(name: string): boolean {
  return !UNFINISHED_NAME.test(name);
}

const never = (reason: string): Answer => ({ answer: 'no', reason, evidence: {}, recheckAt: null });

/** The seed's rule: a real directory without a `.tmp*` extension. Necessary, whatever proves the rest. */
export const nameRule: VetoRule = {
  name: 'name',
  kind: 'veto',
  scope: 'always',
  judge: ({ name, listing }) => {
    if (!isFinishedName(name)) return never('its name ends in .tmp*');
    if (!listing.exists) return never('it is gone');
    // A folder that could not be looked at is the business of `readable`.
    if (!listing.isDirectory && listing.unreadable === 0) return never('it is not a directory');
    return { answer: 'yes', reason: 'its name is final', evidence: {}, recheckAt: null };
  },
};
