import type { FolderLook } from '@sendit/detector/node';
import { type FolderSignature, type LatePolicy, type Logger, type Root, toErrorName } from '@sendit/model';
import type { Landing } from '../candidate/landing.ts';
import type { BatchStore, KnownBatch } from '../ports.ts';
import type { Sealer } from '../candidate/sealer.ts';
import type { StoreGate } from '../seal/store-gate.ts';

/** What a {@link Reconciler} works with. */
export interface ReconcilerDeps {
  readonly root: Root;
  /** Absolute path of a candidate. */
  readonly toPath: (name: string) => string;
  readonly late: LatePolicy;
  readonly landing: Landing;
  readonly store: BatchStore;
  readonly gate: StoreGate;
  readonly sealer: Pick<Sealer, 'has' | 'leave' | 'submit'>;
  /** Whether the watch path is what it was. */
  readonly isInPlace: () => Promise<boolean>;
  readonly isUnchanged: (path: string, signature: FolderSignature) => Promise<boolean>;
  /** A batch is in the outbox again. */
  readonly onReopened: () => void;
  readonly logger: Logger;
}

/** A recorded directory, to be looked at. */
export interface RecordedDirectory {
  readonly name: string;
  readonly path: string;
  readonly batchId: string;
}

/** Directories asked about together; more only queue up in libuv's four threads, before whatever an event asks for. */
const AT_ONCE = 8;

/**
 * Holds recorded directories against the disk: what changed after its seal, or was replaced while nobody watched, is told, counted and, by
 * the late-arrival policy, handed to the sealer to be judged and sealed anew; what an import waits for and is back is queued again.
 */
export class Reconciler {
  readonly #deps: ReconcilerDeps;
  #lateChanges = 0;

  constructor(deps: ReconcilerDeps) {
    this.#deps = deps;
  }

  /** Contents seen after a seal, since the start. */
  get lateChanges(): number {
    return this.#lateChanges;
  }

  /** Looks into those whose signature does not say that they are as they were; with `all`, into each. */
  async check(
    known: ReadonlyMap<string, KnownBatch>,
    { all }: { readonly all: boolean },
    signal: AbortSignal,
  ): Promise<void> {
    const there = [...known].filter(([name, batch]) => !batch.vanished && !this.#deps.sealer.has(name));
    for (let start = 0; start < there.length && !signal.aborted; start += AT_ONCE) {
      const some = there.slice(start, start + AT_ONCE);
      const suspect = await Promise.all(some.map(async ([name, batch]) => all || this.#mayHaveChanged(name, batch)));
      for (const [index, [name, { batchId }]] of some.entries()) {
        if (suspect[index]) await this.#look({ name, path: this.#deps.toPath(name), batchId }, signal);
      }
    }
  }

  async #mayHaveChanged(name: string, { isWaiting, signature }: KnownBatch): Promise<boolean> {
    if (isWaiting || signature === null) return true;
    return !(await this.#deps.isUnchanged(this.#deps.toPath(name), signature));
  }

  async #look(directory: RecordedDirectory, signal: AbortSignal): Promise<void> {
    const { landing, logger, root } = this.#deps;
    try {
      await this.see(directory, await landing.read(directory, signal));
    } catch (thrown) {
      if (signal.aborted) return;
      logger.verbose('A sealed directory could not be looked at', { root: root.name, error: toErrorName(thrown) });
    }
  }

  /** Acts on a look at a recorded directory. False when the store could not be told: look again later. */
  async see(directory: RecordedDirectory, { files, listing, signature }: FolderLook): Promise<boolean> {
    const { gate, isInPlace, landing, late, logger, onReopened, sealer, store } = this.#deps;
    const { batchId, name, path } = directory;
    if (!(await isInPlace())) return false;
    if (!listing.exists) {
      sealer.leave(name, true);
      return true;
    }
    if (!listing.isDirectory || listing.unreadable > 0) return true;
    const manifest = landing.unit === 'directory' ? {} : { manifest: files };
    const seen = { manifestDigest: listing.manifestDigest, signature, late, ...manifest };
    const asked = await gate.ask(() => store.noteSeen(batchId, seen));
    if (asked.kind === 'failed') return false;
    const outcome = asked.value;
    if (outcome.kind === 'reopened') {
      logger.log(`3|REOPENED: ${landing.toSubject(directory)}`, { batch: batchId });
      onReopened();
    }
    if (outcome.kind === 'late' && outcome.isNew) this.tellLate(directory);
    const isToBeSealed = outcome.kind === 'replaced' || (outcome.kind === 'late' && !outcome.isLeft);
    if (isToBeSealed) sealer.submit({ name, path, arrival: 'found' });
    return true;
  }

  /** Counts and tells a content that was not seen before. */
  tellLate(directory: RecordedDirectory): void {
    const { batchId } = directory;
    const { landing, late, logger, root } = this.#deps;
    this.#lateChanges += 1;
    logger.log(`3|LATE: ${landing.toSubject(directory)} (files changed after it was sealed)`, { batch: batchId });
    const what = `A ${landing.unit} changed after it was sealed`;
    const then = late === 'ignore' ? 'it is not processed again' : 'it is sealed anew when it is complete';
    logger.warning(`${what}; ${then}`, { root: root.name, batch: batchId, policy: late });
  }
}
