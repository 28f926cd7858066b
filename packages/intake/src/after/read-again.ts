import type { UnreadableBatch } from '@sendit/model';
import type { Clock, Logger, ManifestFile, Root } from '@sendit/model';
import { toErrorName } from '@sendit/model';
import type { BatchStore } from '../ports.ts';
import { askStore } from '../seal/find-known.ts';
import type { StoreGate } from '../seal/store-gate.ts';

export interface ReadAgainDeps {
  readonly root: Root;
  readonly store: BatchStore;
  readonly gate: StoreGate;
  /** Whether what is mounted at the watch path is what it was: of another mount nothing is to be read. */
  readonly isInPlace: () => Promise<boolean>;
  /** Looks at each file and returns the errno code of the first that cannot be read, or undefined. */
  readonly findRefusal: (
    directory: string,
    parts: AsyncIterable<readonly ManifestFile[]>,
    signal: AbortSignal,
  ) => Promise<string | undefined>;
  /** The transcript's name of a batch. */
  readonly toSubject: (batch: UnreadableBatch) => string;
  /** A batch is in the outbox again. */
  readonly onReopened: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Queues again what was held since its files could not be read, and now can be; tells each. Waits through an outage of the store. */
export async function readAgain(deps: ReadAgainDeps, signal: AbortSignal): Promise<void> {
  const { logger, onReopened, root, store, toSubject } = deps;
  const due = (await askStore(deps, () => store.listUnreadable(root.id), signal)) ?? [];
  for (const batch of due) {
    if (signal.aborted) return;
    if (!(await canBeRead(deps, batch, signal))) continue;
    const { batchId } = batch;
    if ((await askStore(deps, () => store.reopenUnreadable(batchId), signal)) !== true) continue;
    logger.log(`3|REOPENED: ${toSubject(batch)}`, { batch: batchId });
    onReopened();
  }
}

async function canBeRead(
  { findRefusal, isInPlace, logger, root, store }: ReadAgainDeps,
  { batchId, path }: UnreadableBatch,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const code = await findRefusal(path, store.manifest(batchId), signal);
    if (code !== undefined) logger.verbose('A batch waits: its files still cannot be read', { batch: batchId, code });
    return code === undefined && (await isInPlace());
  } catch (thrown) {
    if (!signal.aborted)
      logger.verbose('A held batch could not be looked at', { root: root.name, error: toErrorName(thrown) });
    return false;
  }
}
