import { no, yes } from '../answer.ts';
import type { VetoRule } from '../rule.ts';

/** Veto: something in it could not be read, so that its contents are not known. Asked again every `againMs`. */
export function readable({ againMs }: { readonly againMs: number }): VetoRule {
  return {
    name: 'readable',
    kind: 'veto',
    scope: 'always',
    judge: ({ listing }, now) => {
      const { problemCodes, refusedSidecars = [], unreadable } = listing;
      if (unreadable + refusedSidecars.length === 0) return yes('all of it can be read');
      const codes = [...new Set([...problemCodes, ...refusedSidecars])].sort().join(', ');
      return no(`it cannot be read: ${codes}`, {
        evidence: { unreadable: unreadable + refusedSidecars.length, codes },
        recheckAt: now + againMs,
        toFinish: 'Give the user of the watcher permission to read and enter everything in it.',
      });
    },
  };
}
