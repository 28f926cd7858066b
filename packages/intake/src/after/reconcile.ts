import type { KnownBatch } from '@sendit/model';
import type { Candidates } from '../candidate/candidates.ts';

/** What {@link reconcile} works with. */
export interface ReconcileDeps {
  readonly candidates: Pick<Candidates, 'has' | 'check'>;
  /** Absolute path of a candidate. */
  readonly toPath: (name: string) => string;
  /** Whether a recorded batch is, by what can be told without looking at its files, as it was. */
  readonly isUnchanged: (name: string, batch: KnownBatch) => Promise<boolean>;
}

/** Batches asked about together; more only queue up in libuv's four threads, before whatever an event asks for. */
const AT_ONCE = 8;

/**
 * Holds recorded batches against the disk: what changed after its seal, or was replaced while nobody watched, is told, counted and, by
 * the late-arrival policy, judged and sealed anew; what an import waits for and is back is queued again. Looks into those that may have
 * changed; with `all`, into each.
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
