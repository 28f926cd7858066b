import { no, unknown, yes } from '../answer.ts';
import type { VetoRule } from '../rule.ts';

/**
 * Veto of what quiet or the deadline alone proves, a doubt beside any other proof: a process has a file in it open for writing. What cannot be
 * seen never blocks. Asked again every `againMs`.
 */
export function noOpenWriter({ againMs }: { readonly againMs: number }): VetoRule {
  return {
    name: 'noOpenWriter',
    kind: 'veto',
    scope: 'unproven',
    judge: ({ listing: { writers } }, now) => {
      if (writers === undefined) return unknown('nobody looked for open files');
      if (writers.kind === 'none') {
        if (writers.complete) return yes('no process has a file in it open for writing');
        return unknown('not every process can be looked into');
      }
      const { files, pids, example } = writers;
      const again = { recheckAt: now + againMs };
      if (pids.length === 0) {
        return no('a file in it was written and not closed since', {
          evidence: { files, example },
          ...again,
          toFinish: 'Wait until the sender closes its files, or end it; which process it is, root can see.',
        });
      }
      return no('a process still has a file in it open for writing', {
        evidence: { files, pids: pids.join(', '), example },
        ...again,
        toFinish: 'Wait until the sender closes its files, or end the process that keeps them open.',
      });
    },
  };
}
