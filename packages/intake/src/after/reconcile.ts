import type { KnownBatch } from '@sendit/model';
import type { Candidates } from '../candidate/candidates.ts';

export interface ReconcileDeps {
  readonly candidates: Pick<Candidates, 'has' | 'check'>;
  /** Absolute path of a candidate. */
  readonly toPath: (name: string) => string;
  /** Whether a recorded batch is unchanged, as far as its signature tells without a look at its files. */
  readonly isUnchanged: (name: string, batch: KnownBatch) => Promise<boolean>;
}

/** Batches asked about together; more only queue up in libuv's four threads, before whatever an event asks for. */
const AT_ONCE = 8;

/**
 * Compares recorded batches with the disk. A batch that changed after its seal, or was replaced while no watcher ran,
 * is reported, counted and, by the late-arrival policy, judged and sealed anew; a batch whose missing files are back is
 * queued again. Looks at those that may have changed; with `all`, at each.
 */
export async function reconcile(
  known: ReadonlyMap<string, KnownBatch>,
  { all, candidates, isUnchanged, toPath }: ReconcileDeps & { readonly all: boolean },
  signal: AbortSignal,
): Promise<void> {
  const there = [...known].filter(([name, { vanished }]) => !vanished && !candidates.has(name));
  for (let start = 0; start < there.length && !signal.aborted; start += AT_ONCE) {
    const some = there.slice(start, start + AT_ONCE);
    const suspect = await Promise.all(
      some.map(async ([name, batch]) => all || batch.isWaiting || !(await isUnchanged(name, batch))),
    );
    for (const [index, [name, { batchId }]] of some.entries()) {
      if (suspect[index] && !signal.aborted) await candidates.check({ name, path: toPath(name), batchId }, signal);
    }
  }
}
