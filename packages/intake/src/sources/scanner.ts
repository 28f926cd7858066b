import type { ChildDirectory, ChildrenListing } from '@sendit/detector/node';
import type { Clock, Logger, Root } from '@sendit/model';
import { findKnown } from '../seal/find-known.ts';
import { leaveVanished } from '../after/vanished.ts';
import type { BatchStore, KnownBatch } from '../ports.ts';
import type { Candidates } from '../candidate/candidates.ts';
import type { SealingLine } from '../candidate/sealing-line.ts';
import type { StoreGate } from '../seal/store-gate.ts';

/** What one scan of a watch path came to. `identity` changes when another folder took its place. */
export type ScanOutcome =
  | {
      readonly kind: 'scanned';
      readonly identity: string;
      readonly directories: number;
      readonly found: number;
      /** Of what was found: the directories right below the watch path. */
      readonly names: readonly string[];
    }
  | { readonly kind: 'unreadable'; readonly code: string }
  | { readonly kind: 'aborted' };

/** Every directory of one scan, and which folder it was. */
export interface ScannedFolder {
  readonly identity: string;
  readonly names: ReadonlySet<string>;
  /** Regular files beside the directories. */
  readonly files: readonly string[];
}

/** What a {@link Scanner} works with. */
export interface ScannerDeps {
  readonly root: Root;
  readonly folder: string;
  readonly candidates: Candidates;
  readonly reconcile: SealingLine['reconcile'];
  readonly store: BatchStore;
  readonly gate: StoreGate;
  readonly readChildren: (folder: string, signal: AbortSignal) => Promise<ChildrenListing>;
  /** Leaves out unfinished names, test directories, and what is to be ignored. */
  readonly isWanted: (name: string) => boolean;
  /** Called with what a scan saw. */
  readonly onListing: (listing: ScannedFolder, signal: AbortSignal) => void | Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Names asked of the store in one question. */
const CHUNK = 500;

/** Recorded directories whose signature one timed scan compares, and those it lists: few enough to go unnoticed beside the events. */
const COMPARED = 5_000;
const LISTED = 20;

/**
 * Compares the folder with what is recorded: what is there and not recorded becomes a candidate, what is recorded and not there has
 * vanished, what is both is compared: all of it by the first scan, a part by each later one, in turn. Events may come at the same time:
 * whatever they did to a name meanwhile stands.
 */
export class Scanner {
  readonly #deps: ScannerDeps;
  #identity: string | undefined;
  #complete = false;
  /** Where the next timed scan goes on among the recorded names, comparing and listing. */
  #compared = 0;
  #listed = 0;

  constructor(deps: ScannerDeps) {
    this.#deps = deps;
  }

  /** Whether a scan was finished, so that every recorded directory that is there is known by name. */
  get isComplete(): boolean {
    return this.#complete;
  }

  /** Scans once; waits through an outage of the store. */
  async scan(signal: AbortSignal): Promise<ScanOutcome> {
    const { clock, folder, gate, isWanted, logger, readChildren, reconcile, root, candidates, store } = this.#deps;
    if (signal.aborted) return { kind: 'aborted' };
    // Taken before the listing: what is recorded after it need not be in it.
    const recordedBefore = [...candidates.recorded];
    const listing = await this.#list(() => readChildren(folder, signal), signal);
    if (listing === undefined) return { kind: 'aborted' };
    if (listing.kind === 'unreadable') return listing;
    const { directories, files, identity } = listing;
    const isSameFolder = this.#identity === undefined || this.#identity === identity;
    this.#identity = identity;
    if (isSameFolder) this.#dropVanished(recordedBefore, directories);
    else candidates.disownRecorded();

    await this.#deps.onListing({ identity, names: new Set(directories.map(({ name }) => name)), files }, signal);
    const unknown = directories.filter(({ name }) => isWanted(name) && !this.#isInHand(name));
    const found: string[] = [];
    for (let start = 0; start < unknown.length; start += CHUNK) {
      const chunk = unknown.slice(start, start + CHUNK);
      const names = chunk.flatMap(({ name, rawName }) => (rawName === undefined ? [name] : []));
      const known = await findKnown({ clock, gate, store, rootId: root.id }, names, signal);
      if (known === undefined) return { kind: 'aborted' };
      found.push(...this.#take(chunk, known));
      await reconcile(known, { all: false }, signal);
    }
    const isFirst = !this.#complete;
    // What was recorded of the folder before is not to be looked for in another that took its place.
    const compared = isFirst
      ? await this.#dropVanishedUnseen(directories, signal)
      : await this.#compare(isSameFolder ? recordedBefore : [], signal);
    if (!compared) return { kind: 'aborted' };
    this.#complete = true;
    logger.verbose('Scanned a watch path', { root: root.name, directories: directories.length, found: found.length });
    return { kind: 'scanned', identity, directories: directories.length, found: found.length, names: found };
  }

  /** What vanished while nobody watched: recorded, and not in the listing. False when aborted. */
  async #dropVanishedUnseen(directories: readonly ChildDirectory[], signal: AbortSignal): Promise<boolean> {
    // An empty folder may be a share that is not mounted: nothing is taken for gone.
    if (directories.length === 0) return !signal.aborted;
    const here = new Set(directories.map(({ name }) => name));
    // A path with a slash is a unit of files, which its own intake looks after.
    const isOurs = (name: string): boolean => !name.includes('/');
    return leaveVanished(this.#deps, { isOurs, isThere: (name) => here.has(name) }, signal);
  }

  /** A part of what is recorded and there, in turn. False when aborted. */
  async #compare(recorded: readonly string[], signal: AbortSignal): Promise<boolean> {
    const { clock, gate, reconcile, root, store } = this.#deps;
    const compared = takeInTurn(recorded, this.#compared, COMPARED);
    const listed = takeInTurn(recorded, this.#listed, LISTED);
    this.#compared = compared.next;
    this.#listed = listed.next;
    const parts = [
      ...toChunks(compared.names, CHUNK).map((names) => ({ names, all: false })),
      { names: listed.names, all: true },
    ];
    for (const { names, all } of parts) {
      const known = await findKnown({ clock, gate, store, rootId: root.id }, names, signal);
      if (known === undefined) return false;
      await reconcile(known, { all }, signal);
    }
    return !signal.aborted;
  }

  async #list(read: () => Promise<ChildrenListing>, signal: AbortSignal): Promise<ChildrenListing | undefined> {
    try {
      return await read();
    } catch (thrown) {
      if (signal.aborted) return undefined;
      throw thrown;
    }
  }

  #isInHand(name: string): boolean {
    return this.#deps.candidates.recorded.has(name) || this.#deps.candidates.has(name);
  }

  #dropVanished(recorded: readonly string[], directories: readonly ChildDirectory[]): void {
    const here = new Set(directories.map(({ name }) => name));
    const { candidates } = this.#deps;
    // A name in hand is looked at anyway, and found gone then.
    for (const name of recorded) if (!here.has(name) && !candidates.has(name)) candidates.leave(name, false);
  }

  #take(chunk: readonly ChildDirectory[], known: ReadonlyMap<string, KnownBatch>): string[] {
    const { folder, candidates } = this.#deps;
    const prefix = folder.endsWith('/') ? folder : `${folder}/`;
    const found: string[] = [];
    for (const child of chunk) {
      if (this.#isInHand(child.name)) continue;
      if (known.get(child.name)?.vanished === false) {
        candidates.addRecorded(child.name);
        continue;
      }
      candidates.submit({ ...child, path: `${prefix}${child.name}`, arrival: 'found' });
      found.push(child.name);
    }
    return found;
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

function toChunks(names: readonly string[], size: number): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(names.length / size) }, (_, index) =>
    names.slice(index * size, (index + 1) * size),
  );
}
