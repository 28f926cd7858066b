import type { Clock, Logger, MonotonicMs, Root } from '@sendit/model';
import type { PendingCandidate } from './sealer.ts';

/** What {@link UnfinishedNames} works with. */
export interface UnfinishedNamesDeps {
  readonly root: Root;
  /** Ends with a slash. */
  readonly prefix: string;
  /** Longest that a name may be unfinished before somebody is told; `false` for ever. */
  readonly maxWaitMs: number | false;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Remembered at most; more are counted as seen just now. */
const MOST = 10_000;

const REASON = 'its name ends in .tmp*';

/** Directories under an unfinished name, as the scans see them: nobody waits for them, but one that stays so is told once. */
export class UnfinishedNames {
  readonly #deps: UnfinishedNamesDeps;
  #since = new Map<string, MonotonicMs>();
  readonly #told = new Set<string>();

  constructor(deps: UnfinishedNamesDeps) {
    this.#deps = deps;
  }

  /** What a scan found, in place of what the one before found. */
  see(names: readonly string[]): void {
    const now = this.#deps.clock.now();
    this.#since = new Map(names.slice(0, MOST).map((name) => [name, this.#since.get(name) ?? now]));
    for (const name of this.#told) if (!this.#since.has(name)) this.#told.delete(name);
    for (const [name, since] of this.#since)
      if (this.#isOverdue(since) && !this.#told.has(name)) this.#tell(name, now - since);
  }

  pending(): readonly PendingCandidate[] {
    const { clock, prefix } = this.#deps;
    return [...this.#since].map(([name, since]) => ({
      name,
      path: `${prefix}${name}`,
      arrival: 'found',
      reason: REASON,
      waitingMs: Math.round(clock.now() - since),
      outcome: this.#isOverdue(since) ? 'hold' : 'waiting',
      unchangedMs: null,
      snapshotDigest: null,
    }));
  }

  #isOverdue(since: MonotonicMs): boolean {
    const { clock, maxWaitMs } = this.#deps;
    return maxWaitMs !== false && clock.now() - since >= maxWaitMs;
  }

  #tell(name: string, waitedMs: number): void {
    const { logger, prefix, root } = this.#deps;
    this.#told.add(name);
    logger.log(`3|HELD: ${prefix}${name} (${REASON})`);
    const fields = { root: root.name, reason: REASON, waitedMs: Math.round(waitedMs) };
    logger.warning('A directory keeps its unfinished name; it is not taken: see `sendit watcher pending`', fields);
  }
}
