import { no, yes } from '../answer.ts';
import type { VetoRule } from '../rule.ts';

export interface MinFilesOptions {
  readonly minFiles: number;
  /** Wait before it is asked again, ms. */
  readonly againMs: number;
}

/** Veto where quiet is the sole proof: at least `minFiles` regular files. */
export function minFiles({ minFiles: least, againMs }: MinFilesOptions): VetoRule {
  return {
    name: 'minFiles',
    kind: 'veto',
    scope: 'quiet',
    judge: ({ listing: { files } }, now) => {
      const evidence = { files, minFiles: least };
      if (files >= least) return yes('it has files', evidence);
      return no(least === 1 ? 'it has no file' : `it has fewer than ${least} files`, {
        evidence,
        recheckAt: now + againMs,
        toFinish: least === 1 ? 'Put files into it, or delete it.' : `Send at least ${least} files, or delete it.`,
      });
    },
  };
}
