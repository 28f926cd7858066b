import type { FolderLook } from '@sendit/detector/node';
import { type Clock, type Logger, type Root, toErrorName } from '@sendit/model';
import { Alarm } from '../turns/alarm.ts';
import type { Landing } from '../candidate/landing.ts';
import { Schedule } from '../turns/schedule.ts';

/** What {@link LateWatch} works with. */
export interface LateWatchDeps {
  readonly root: Root;
  readonly landing: Landing;
  /** It has other files than were sealed. False: it could not be recorded. */
  readonly onChanged: (directory: SealedDirectory, look: FolderLook) => Promise<boolean>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Wait before the first look, doubled for every further one. */
  readonly firstMs: number;
}

/** A directory as it was sealed. */
export interface SealedDirectory {
  readonly name: string;
  readonly path: string;
  readonly manifestDigest: string;
  readonly batch: string;
  readonly generation: number;
}

/** After this long nobody looks any more: an event or a person finds what changes then. */
const LONGEST_MS = 4 * 60 * 60 * 1000;

/** Directories looked after at once; of more, the oldest are let go. */
const MOST = 10_000;

const SHORTEST_MS = 1_000;

/**
 * Looks again at what was sealed, after ever longer waits, and tells when it changed: a sender that goes on writing after its
 * rename, or after a pause longer than the quiet time, is not lost in silence. A restart forgets what it looked after; the reconcile does not.
 */
export class LateWatch {
  readonly #deps: LateWatchDeps;
  readonly #alarm: Alarm;
  readonly #schedule = new Schedule();
  #running = false;
  /** In the order of sealing. */
  readonly #sealed = new Map<string, { readonly directory: SealedDirectory; waitMs: number }>();

  constructor(deps: LateWatchDeps) {
    this.#deps = deps;
    this.#alarm = new Alarm(deps.clock);
  }

  add(directory: SealedDirectory): void {
    const { clock, firstMs } = this.#deps;
    const waitMs = Math.max(firstMs, SHORTEST_MS);
    const [oldest] = this.#sealed.keys();
    if (this.#sealed.size >= MOST && oldest !== undefined) this.#sealed.delete(oldest);
    this.#sealed.delete(directory.name);
    this.#sealed.set(directory.name, { directory, waitMs });
    this.#schedule.set(directory.name, clock.now() + waitMs);
    this.#alarm.ring();
  }

  /** It went away, or came again: that is told elsewhere. */
  forget(name: string): void {
    this.#sealed.delete(name);
  }

  /** Looks until the signal aborts. @throws TypeError when it runs already. */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#running)
      throw new TypeError('Expected a late watch to run once, got a second run while the first goes on');
    this.#running = true;
    const { clock } = this.#deps;
    while (!signal.aborted) {
      const name = this.#schedule.takeDue(clock.now());
      if (name === undefined) {
        const nextAt = this.#schedule.nextAt();
        await this.#alarm.wait(nextAt === undefined ? undefined : nextAt - clock.now(), signal);
      } else await this.#look(name, signal);
    }
    this.#running = false;
  }

  async #look(name: string, signal: AbortSignal): Promise<void> {
    const { clock, landing, logger, onChanged, root } = this.#deps;
    const entry = this.#sealed.get(name);
    if (entry === undefined) return;
    const { manifestDigest } = entry.directory;
    try {
      const look = await landing.read(entry.directory, signal);
      const { listing } = look;
      if (this.#sealed.get(name) !== entry) return;
      if (
        listing.exists &&
        listing.isDirectory &&
        listing.unreadable === 0 &&
        listing.manifestDigest !== manifestDigest
      ) {
        if (await onChanged(entry.directory, look)) this.#sealed.delete(name);
        else this.#schedule.set(name, clock.now() + entry.waitMs);
        return;
      }
    } catch (thrown) {
      if (signal.aborted) return;
      logger.verbose('A sealed directory could not be looked at', { root: root.name, error: toErrorName(thrown) });
    }
    entry.waitMs *= 2;
    if (entry.waitMs > LONGEST_MS) this.#sealed.delete(name);
    else this.#schedule.set(name, clock.now() + entry.waitMs);
  }
}
