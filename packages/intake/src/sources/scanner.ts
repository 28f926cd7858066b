import type { KnownBatch } from '@sendit/model';
import type { Clock, Logger, Root } from '@sendit/model';
import { leaveVanished } from '../after/vanished.ts';
import type { Candidates } from '../candidate/candidates.ts';
import type { BatchStore } from '../ports.ts';
import { findKnown } from '../seal/find-known.ts';
import type { StoreGate } from '../seal/store-gate.ts';
import type { CandidateSource, SourceListing } from './candidate-source.ts';

/** Result of one scan of a watch path. `identity` changes when another folder took its place. */
export type ScanOutcome =
  | {
      readonly kind: 'scanned';
      readonly identity: string;
      readonly found: number;
      /** Of what was found: the directories right below the watch path. */
      readonly names: readonly string[];
    }
  | { readonly kind: 'unreadable'; readonly code: string }
  | { readonly kind: 'aborted' };

export interface ScannerDeps {
  readonly root: Root;
  readonly source: CandidateSource;
  readonly candidates: Candidates;
  /** Holds recorded batches against the disk: those that may have changed; with `all`, each. */
  readonly reconcile: (
    known: ReadonlyMap<string, KnownBatch>,
    options: { readonly all: boolean },
    signal: AbortSignal,
  ) => Promise<void>;
  /** Called with every listing, once what vanished is known. */
  readonly onListing: (listing: SourceListing, signal: AbortSignal) => Promise<void>;
  readonly store: BatchStore;
  readonly gate: StoreGate;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Names asked of the store in one question. */
const CHUNK = 500;

/** Recorded batches that one timed scan compares without looking at their files, and those it looks at: few enough to go unnoticed beside the events. */
const COMPARED = 5_000;
const LISTED = 20;

/**
 * Compares a watch path with what is recorded: what is there and not recorded becomes a candidate, what is recorded and not there has
 * vanished, what is both is compared: all of it by the first scan, a part by each later one, in turn. Events may come at the same time:
 * whatever they did to a name meanwhile stands.
 */
export class Scanner {
  readonly #deps: ScannerDeps;
  #identity: string | undefined;
  #isComplete = false;
  /** Batches that vanished while no watcher ran have been marked. */
  #toldVanished = false;
  /** Where the next timed scan goes on among the recorded names, comparing and listing. */
  #compared = 0;
  #listed = 0;

  constructor(deps: ScannerDeps) {
    this.#deps = deps;
  }

  /** Whether a scan was finished, so that every recorded candidate that is there is known by name. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Scans once; waits through an outage of the store. */
  async scan(signal: AbortSignal): Promise<ScanOutcome> {
    if (signal.aborted) return { kind: 'aborted' };
    try {
      return await this.#scan(signal);
    } catch (thrown) {
      if (signal.aborted) return { kind: 'aborted' };
      throw thrown;
    }
  }

  async #scan(signal: AbortSignal): Promise<ScanOutcome> {
    const { candidates, logger, onListing, root, source } = this.#deps;
    // Taken before the listing: what is recorded after it need not be in it.
    const recordedBefore = [...candidates.recorded];
    const listing = await source.list(signal);
    if (listing.kind === 'unreadable') return listing;
    const { identity } = listing;
    const isSameFolder = this.#identity === undefined || this.#identity === identity;
    this.#identity = identity;
    if (isSameFolder) this.#dropVanished(recordedBefore, listing);
    else candidates.disownRecorded();
    await onListing(listing, signal);
    const found = await this.#take(listing, signal);
    // What was recorded of the folder before is not to be looked for in another that took its place.
    const compared = this.#isComplete
      ? await this.#compare(isSameFolder ? recordedBefore : [], signal)
      : !signal.aborted;
    if (found === undefined || !compared || !(await this.#tellVanished(listing, signal))) return { kind: 'aborted' };
    this.#isComplete = true;
    logger.verbose('Scanned a watch path', { root: root.name, ...listing.counts, found: found.length });
    return { kind: 'scanned', identity, found: found.length, names: source.isRecursive ? [] : found };
  }

  #dropVanished(recorded: readonly string[], { gone, isThere }: SourceListing): void {
    const { candidates } = this.#deps;
    for (const name of gone) candidates.leave(name, !this.#isComplete);
    // A name in hand is looked at anyway, and found gone then.
    for (const name of recorded) if (!isThere(name) && !candidates.has(name)) candidates.leave(name, false);
  }

  /** Submits what is not recorded, and compares what is. Undefined when aborted. */
  async #take({ candidates: there, isOfChanges }: SourceListing, signal: AbortSignal): Promise<string[] | undefined> {
    const { candidates, reconcile } = this.#deps;
    const isInHand = (name: string): boolean => candidates.recorded.has(name) || candidates.has(name);
    const unknown = isOfChanges ? there : there.filter(({ name }) => !isInHand(name));
    const found: string[] = [];
    for (const chunk of toChunks(unknown, CHUNK)) {
      const asked = chunk.filter(({ name, rawName }) => rawName === undefined && !isInHand(name));
      const known = await this.#findKnown(
        asked.map(({ name }) => name),
        signal,
      );
      if (known === undefined) return undefined;
      for (const candidate of chunk) {
        const { name } = candidate;
        if (isInHand(name) && !isOfChanges) continue;
        if (known.get(name)?.vanished === false) candidates.addRecorded(name);
        else {
          candidates.submit(candidate);
          found.push(name);
        }
      }
      await reconcile(known, { all: false }, signal);
    }
    return found;
  }

  /** Marks batches that vanished while no watcher ran, once a listing shows it. False when aborted. */
  async #tellVanished({ isThere, tellsGone }: SourceListing, signal: AbortSignal): Promise<boolean> {
    if (this.#toldVanished || !tellsGone) return !signal.aborted;
    const { source } = this.#deps;
    const isOurs = (name: string): boolean => source.isOwnName(name);
    this.#toldVanished = await leaveVanished(this.#deps, { isOurs, isThere }, signal);
    return this.#toldVanished;
  }

  /** A part of what is recorded and there, in turn. False when aborted. */
  async #compare(recorded: readonly string[], signal: AbortSignal): Promise<boolean> {
    const { reconcile, source } = this.#deps;
    const compared = takeInTurn(recorded, this.#compared, source.comparesCheaply ? COMPARED : 0);
    const listed = takeInTurn(recorded, this.#listed, LISTED);
    this.#compared = compared.next;
    this.#listed = listed.next;
    const parts = [
      ...toChunks(compared.names, CHUNK).map((names) => ({ names, all: false })),
      { names: listed.names, all: true },
    ];
    for (const { all, names } of parts) {
      const known = await this.#findKnown(names, signal);
      if (known === undefined) return false;
      await reconcile(known, { all }, signal);
    }
    return !signal.aborted;
  }

  #findKnown(names: readonly string[], signal: AbortSignal): ReturnType<typeof findKnown> {
    const { clock, gate, root, store } = this.#deps;
    return findKnown({ clock, gate, store, rootId: root.id }, names, signal);
  }
}

/** Some names from a position on, beginning anew behind the last. */
function takeInTurn(
  names: readonly string[],
  from: number,
  count: number,
): { readonly names: readonly string[]; readonly next: number } {
  const start = from < names.length ? from : 0;
  return { names: names.slice(start, start + count), next: start + count };
}

function toChunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
