import type { PruneQuery, SenditApi } from '@sendit/api';

/** `sendit db prune --json`. */
export interface PruneReport {
  readonly dryRun: boolean;
  /** Batches that are pruned, or would be, and their sealed files. */
  readonly batches: number;
  readonly files: number;
  /** Interrupted: the same command goes on where it ended. */
  readonly isInterrupted: boolean;
}

/** Batches of one transaction: few enough for others to have their turn between. */
const SLICE = 200;

/** Prunes what is old enough, slice by slice; `onProgress` hears how many there are so far. Ends after a slice once the signal aborts. */
export async function pruneBatches(
  api: Pick<SenditApi, 'pruneBatches'>,
  query: Pick<PruneQuery, 'endedBefore' | 'root' | 'dryRun'>,
  { onProgress, signal }: { readonly onProgress: (batches: number) => void; readonly signal: AbortSignal },
): Promise<PruneReport> {
  let [batches, files] = [0, 0];
  let after: string | null | undefined;
  while (after !== null && !signal.aborted) {
    const slice = await api.pruneBatches({ ...query, limit: SLICE, ...(after !== undefined && { after }) });
    batches += slice.batches;
    files += slice.files;
    onProgress(batches);
    after = slice.next;
  }
  return { dryRun: query.dryRun, batches, files, isInterrupted: after !== null };
}
