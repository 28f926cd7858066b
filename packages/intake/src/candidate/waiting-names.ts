import type { Clock, Logger, MonotonicMs, Root } from '@sendit/model';
import type { DirectoryNotes } from '../seal/directory-notes.ts';
import type { PendingCandidate } from './sealer.ts';

/** What {@link WaitingNames} works with. */
export interface WaitingNamesDeps {
  readonly root: Root;
  /** Ends with a slash. */
  readonly prefix: string;
  /** What is said, without names, when one has waited too long. */
  readonly warning: string;
  /** Longest that a name may wait before somebody is told; `false` for ever. */
  readonly maxWaitMs: number | false;
  /** Where it is remembered since when one is there. */
  readonly notes: Pick<DirectoryNotes, 'get' | 'remember'>;
  /** As `FolderListing.identity`; null where there is no directory. */
  readonly readIdentity: (path: string) => Promise<string | null>;
  /** Ms since the epoch: only the wall clock goes on while no watcher runs. */
  readonly wallNow: () => number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Remembered at most; more are counted as seen just now. */
const MOST = 10_000;

/** What is renamed sooner leaves no trace in the database: most transfers do. */
const REMEMBERED_AFTER_MS = 30_000;

interface Waiting {
  readonly since: MonotonicMs;
  readonly reason: string;
  /** It was held against what is remembered. */
  isRecalled: boolean;
}

/**
 * Names that cannot be taken as they are, from the first event or scan that tells of them: one that stays so is told once. Since when it is
 * there is remembered over restarts, where {@link remember} is called.
 */
export class WaitingNames {
  readonly #deps: WaitingNamesDeps;
  #waiting = new Map<string, Waiting>();
  readonly #told = new Set<string>();

  constructor(deps: WaitingNamesDeps) {
    this.#deps = deps;
  }

  /** What is there now, each with the reason, in place of what was there before. */
  see(names: ReadonlyMap<string, string>): void {
    const now = this.#deps.clock.now();
    this.#waiting = new Map(
      [...names].slice(0, MOST).map(([name, reason]) => {
        const known = this.#waiting.get(name);
        return [name, { since: known?.since ?? now, reason, isRecalled: known?.isRecalled ?? false }];
      }),
    );
    for (const name of this.#told) if (!this.#waiting.has(name)) this.#told.delete(name);
    this.#tellOverdue();
  }

  /** An event tells of it. */
  add(name: string, reason: string): void {
    if (this.#waiting.has(name) || this.#waiting.size >= MOST) return;
    this.#waiting.set(name, { since: this.#deps.clock.now(), reason, isRecalled: true });
  }

  /** Takes over since when each is there, from before a restart, and has that remembered of those that stay. */
  async remember(signal: AbortSignal): Promise<void> {
    const { clock, notes, prefix, readIdentity, wallNow } = this.#deps;
    for (const [name, waiting] of this.#waiting) {
      if (signal.aborted) return;
      const note = notes.get(name);
      const isToBeRecalled = !waiting.isRecalled && note !== undefined;
      const isToBeKept = clock.now() - waiting.since >= REMEMBERED_AFTER_MS && note === undefined;
      waiting.isRecalled = true;
      if (!isToBeRecalled && !isToBeKept) continue;
      const identity = await readIdentity(`${prefix}${name}`);
      if (identity === null) continue;
      if (note?.identity !== identity) await notes.remember(name, identity);
      else if (this.#waiting.get(name) === waiting) {
        const waitedMs = Math.max(0, wallNow() - Date.parse(note.since));
        this.#waiting.set(name, { ...waiting, since: clock.now() - waitedMs });
      }
    }
    this.#tellOverdue();
  }

  /** It went away, or has another name now. */
  forget(name: string): void {
    this.#waiting.delete(name);
    this.#told.delete(name);
  }

  pending(): readonly PendingCandidate[] {
    const { clock, prefix } = this.#deps;
    return [...this.#waiting].map(([name, { reason, since }]) => ({
      name,
      path: `${prefix}${name}`,
      arrival: 'found',
      reason,
      waitingMs: Math.round(clock.now() - since),
      outcome: this.#isOverdue(since) ? 'hold' : 'waiting',
      since: null,
      decision: null,
      identity: null,
      unchangedMs: null,
      snapshotDigest: null,
    }));
  }

  get count(): number {
    return this.#waiting.size;
  }

  /** How many have waited too long. */
  get held(): number {
    return [...this.#waiting.values()].filter(({ since }) => this.#isOverdue(since)).length;
  }

  #tellOverdue(): void {
    const now = this.#deps.clock.now();
    for (const [name, { reason, since }] of this.#waiting)
      if (this.#isOverdue(since) && !this.#told.has(name)) this.#tell(name, reason, now - since);
  }

  #isOverdue(since: MonotonicMs): boolean {
    const { clock, maxWaitMs } = this.#deps;
    return maxWaitMs !== false && clock.now() - since >= maxWaitMs;
  }

  #tell(name: string, reason: string, waitedMs: number): void {
    const { logger, prefix, root, warning } = this.#deps;
    this.#told.add(name);
    logger.log(`3|HELD: ${prefix}${name} (${reason})`);
    const fields = { root: root.name, reason, waitedMs: Math.round(waitedMs) };
    logger.warning(warning, fields);
  }
}
