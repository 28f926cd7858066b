import { touch } from '@sendit/detector';
import { type Clock, type DirectoryDecision, toKeptBack } from '@sendit/model';
import { Alarm } from '../turns/alarm.ts';
import type { DirectoryNotes } from '../seal/directory-notes.ts';
import { createEntry, type Entry, type PendingOutcome } from './entry.ts';
import { FolderWork, type FolderWorkDeps } from './folder-work.ts';
import { type Lane, Lanes } from '../turns/lanes.ts';
import type { Candidate } from '@sendit/processors';

/** A directory that is seen and not yet sealed. */
export interface PendingCandidate extends Candidate {
  /** What it waits for, or who keeps it back and why. */
  readonly reason: string;
  readonly waitingMs: number;
  /** Of one that was renamed, how many files were in it then. */
  readonly renamedFiles?: number | undefined;
  /** `hold` and `quarantine`: it has waited too long, or a person said so. `skipped`: it is never taken as it is. */
  readonly outcome: PendingOutcome | 'skipped';
  /** ISO time since when it is held or quarantined; null while it waits. */
  readonly since: string | null;
  /** What a person decided about it. */
  readonly decision: DirectoryDecision | null;
  readonly identity: string | null;
  /** Since it was last seen to change; null before the first look. */
  readonly unchangedMs: number | null;
  /** Of the last look; null before it. */
  readonly snapshotDigest: string | null;
}

/** What a {@link Sealer} works with. */
export interface SealerDeps extends Omit<FolderWorkDeps, 'pendingCount'> {
  /** Folders looked at or sealed at the same time. */
  readonly concurrency: number;
}

/**
 * Brings candidates to the store. A name goes through these states:
 *
 * due      (submitted, or its recheckAt has come) → looked at and judged
 * waiting  not finished, held or quarantined: due again when another look may tell more; the store does not answer: due when it may be asked again
 * sealing  finished: in the store's hands; whatever comes meanwhile makes it due again
 * recorded sealed or known; kept as a name only, to notice when it goes away
 *
 * A candidate leaves without being recorded only when its directory is gone or its name is not final.
 */
export class Sealer {
  readonly #clock: Clock;
  readonly #concurrency: number;
  readonly #quietMs: number;
  readonly #work: FolderWork;
  readonly #notes: DirectoryNotes;
  readonly #alarm: Alarm;
  readonly #entries = new Map<string, Entry>();
  readonly #lanes = new Lanes();
  readonly #recorded = new Set<string>();
  #running = false;

  constructor(deps: SealerDeps) {
    this.#clock = deps.clock;
    this.#concurrency = deps.concurrency;
    this.#quietMs = deps.quietMs;
    this.#notes = deps.notes;
    this.#work = new FolderWork({ ...deps, pendingCount: () => this.#entries.size }, this.#recorded);
    this.#alarm = new Alarm(deps.clock);
  }

  /** Names known to be recorded and still there. */
  get recorded(): ReadonlySet<string> {
    return this.#recorded;
  }

  get pendingCount(): number {
    let count = 0;
    for (const { candidate } of this.#entries.values()) if (candidate !== undefined) count += 1;
    return count;
  }

  pending(): readonly PendingCandidate[] {
    const now = this.#clock.now();
    return [...this.#entries.values()].flatMap((entry) => {
      const { candidate, facts, since } = entry;
      if (candidate === undefined) return [];
      const unchangedMs = facts === undefined ? null : Math.round(now - facts.lastChangeAt);
      const snapshotDigest = facts?.listing.snapshotDigest ?? null;
      const arrival = facts?.arrival ?? candidate.arrival;
      const waitingMs = Math.round(now - since);
      const identity = facts?.listing.identity ?? null;
      const renamed = facts?.renamedFiles === undefined ? {} : { renamedFiles: facts.renamedFiles };
      return [
        {
          ...candidate,
          ...renamed,
          arrival,
          ...this.#toState(entry),
          identity,
          waitingMs,
          unchangedMs,
          snapshotDigest,
        },
      ];
    });
  }

  /** How many are held and quarantined. */
  kept(): { readonly held: number; readonly quarantined: number } {
    let [held, quarantined] = [0, 0];
    for (const entry of this.#entries.values()) {
      if (entry.candidate === undefined) continue;
      const { outcome } = this.#toState(entry);
      if (outcome === 'hold') held += 1;
      if (outcome === 'quarantine') quarantined += 1;
    }
    return { held, quarantined };
  }

  /** A person's word stands above what the rules came to. */
  #toState({ name, outcome, reason }: Entry): Pick<PendingCandidate, 'outcome' | 'reason' | 'since' | 'decision'> {
    const note = this.#notes.get(name);
    if (note !== undefined && note.decision !== null) return toKeptBack(note);
    const since = outcome === note?.outcome && outcome !== 'waiting' ? note.since : null;
    return { outcome, reason, since, decision: null };
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** Whether it is waited for and was seen to change within its quiet time, or is being written. */
  isArriving(name: string): boolean {
    const entry = this.#entries.get(name);
    if (entry?.candidate === undefined) return false;
    if (entry.facts === undefined || entry.facts.listing.writers?.kind === 'open') return true;
    return this.#clock.now() < entry.facts.lastChangeAt + this.#quietMs;
  }

  /** Makes one that is waited for due at once. */
  look(name: string): void {
    const entry = this.#entries.get(name);
    if (entry !== undefined) this.#makeDue(entry);
  }

  addRecorded(name: string): void {
    this.#recorded.add(name);
  }

  /** Another folder took the watch path's place: what is absent there did not vanish. */
  forgetRecorded(): void {
    this.#recorded.clear();
  }

  /** Takes a candidate. A pending one that is only `found` again keeps what is known of it, but has changed. */
  submit(candidate: Candidate): void {
    const entry = this.#entryOf(candidate.name);
    if (candidate.arrival === 'found' && entry.candidate !== undefined) {
      if (entry.facts !== undefined) entry.facts = touch(entry.facts, this.#clock.now());
      return;
    }
    entry.candidate = candidate;
    entry.facts = undefined;
    entry.outcome = 'waiting';
    this.#makeDue(entry);
  }

  /** A person decided about it: it is looked at at once. */
  reconsider(candidate: Candidate): void {
    const entry = this.#entries.get(candidate.name);
    if (entry?.candidate === undefined) this.submit(candidate);
    else this.#makeDue(entry);
  }

  /** The directory went away. `mayBeRecorded`: also a name that is not known here may be in the store. */
  leave(name: string, mayBeRecorded: boolean): void {
    if (!mayBeRecorded && !this.#entries.has(name) && !this.#recorded.has(name)) return;
    const entry = this.#entryOf(name);
    entry.candidate = undefined;
    entry.facts = undefined;
    entry.told = undefined;
    entry.gone ||= mayBeRecorded || entry.working || this.#recorded.has(name);
    this.#makeDue(entry);
  }

  /** Works until the signal aborts; what was begun is finished first. @throws TypeError when it runs already. */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#running) throw new TypeError('Expected an intake to run once, got a second run while the first goes on');
    this.#running = true;
    const begun = new Set<Promise<void>>();
    while (!signal.aborted) {
      while (begun.size < this.#concurrency) {
        const name = this.#lanes.takeDue(this.#clock.now());
        const entry = name === undefined ? undefined : this.#entries.get(name);
        if (entry === undefined) break;
        const one = this.#advance(entry, signal).then(() => {
          begun.delete(one);
          this.#alarm.ring();
        });
        begun.add(one);
      }
      const nextAt = begun.size < this.#concurrency ? this.#lanes.nextAt() : undefined;
      await this.#alarm.wait(nextAt === undefined ? undefined : nextAt - this.#clock.now(), signal);
    }
    await Promise.all(begun);
    this.#running = false;
  }

  async #advance(entry: Entry, signal: AbortSignal): Promise<void> {
    const { candidate } = entry;
    entry.working = true;
    const againAt = await this.#work.step(entry, signal);
    entry.working = false;
    const replaced = entry.candidate !== candidate || entry.again;
    entry.again = false;
    if (againAt === undefined && !replaced) entry.candidate = undefined;
    if (entry.candidate === undefined && !entry.gone) this.#entries.delete(entry.name);
    else this.#lanes.set(entry.name, toLane(entry), replaced || againAt === undefined ? this.#clock.now() : againAt);
  }

  #entryOf(name: string): Entry {
    const entry = this.#entries.get(name) ?? createEntry(name, this.#clock.now());
    this.#entries.set(name, entry);
    return entry;
  }

  #makeDue(entry: Entry): void {
    entry.again = entry.working;
    if (entry.working) return;
    this.#lanes.set(entry.name, toLane(entry), this.#clock.now());
    this.#alarm.ring();
  }
}

function toLane({ candidate, facts }: Entry): Lane {
  if (candidate !== undefined && (candidate.arrival !== 'found' || candidate.isTold === true)) return 'arrived';
  return candidate === undefined || facts !== undefined ? 'seen' : 'found';
}
