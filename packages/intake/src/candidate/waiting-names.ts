import type { Clock, Logger, MonotonicMs, Root } from '@sendit/model';
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
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Remembered at most; more are counted as seen just now. */
const MOST = 10_000;

/** Names that cannot be taken as they are, as the scans see them: nobody waits for them, but one that stays so is told once. */
export class WaitingNames {
  readonly #deps: WaitingNamesDeps;
  #waiting = new Map<string, { readonly since: MonotonicMs; readonly reason: string }>();
  readonly #told = new Set<string>();

  constructor(deps: WaitingNamesDeps) {
    this.#deps = deps;
  }

  /** What is there now, each with the reason, in place of what was there before. */
  see(names: ReadonlyMap<string, string>): void {
    const now = this.#deps.clock.now();
    this.#waiting = new Map(
      [...names]
        .slice(0, MOST)
        .map(([name, reason]) => [name, { since: this.#waiting.get(name)?.since ?? now, reason }]),
    );
    for (const name of this.#told) if (!this.#waiting.has(name)) this.#told.delete(name);
    for (const [name, { reason, since }] of this.#waiting)
      if (this.#isOverdue(since) && !this.#told.has(name)) this.#tell(name, reason, now - since);
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

  /** How many have waited too long. */
  get held(): number {
    return [...this.#waiting.values()].filter(({ since }) => this.#isOverdue(since)).length;
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
