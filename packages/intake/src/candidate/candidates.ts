import type { MonotonicMs } from '@sendit/model';
import type { Candidate } from '@sendit/processors';
import { Alarm } from '../turns/alarm.ts';
import { type Lane, Lanes } from '../turns/lanes.ts';
import { type CarryOutDeps, carryOut, perform } from './carry-out.ts';
import { isOverdue, type PendingCandidate, toPending, toStanding } from './pending.ts';
import {
  type CandidateState,
  createState,
  type Input,
  isInHand,
  type Moment,
  type RecordedBatch,
  type Work,
} from './state.ts';
import { step } from './step.ts';

export interface CandidatesDeps extends Omit<CarryOutDeps, 'onLate'> {
  /** Candidates looked at or sealed at the same time. */
  readonly concurrency: number;
}

/** Batches looked after at once; of more, the oldest are let go. */
const MOST_AFTERCARE = 10_000;

/** Names that cannot be taken, remembered at most. */
const MOST_UNFINISHED = 10_000;

/**
 * Owns the state of every candidate of one watch path: gives {@link step} its inputs, carries out what it asks for, and gives each name
 * its turn. A recorded name at rest is kept as a name only.
 */
export class Candidates {
  readonly #deps: CarryOutDeps;
  readonly #concurrency: number;
  readonly #alarm: Alarm;
  readonly #lanes = new Lanes();
  /** All that are not at rest. */
  readonly #states = new Map<string, CandidateState>();
  readonly #recorded = new Set<string>();
  readonly #unfinished = new Set<string>();
  /** In the order of sealing. */
  readonly #aftercare = new Set<string>();
  #lateChanges = 0;
  #running = false;

  constructor({ concurrency, ...deps }: CandidatesDeps) {
    this.#concurrency = concurrency;
    this.#alarm = new Alarm(deps.clock);
    this.#deps = { ...deps, onLate: () => void (this.#lateChanges += 1) };
  }

  /** Names known to be recorded and still there. */
  get recorded(): ReadonlySet<string> {
    return this.#recorded;
  }

  /** Contents seen after a seal, since the start. */
  get lateChanges(): number {
    return this.#lateChanges;
  }

  get pendingCount(): number {
    let count = 0;
    for (const state of this.#states.values()) if (state.candidate !== undefined) count += 1;
    return count;
  }

  /** Pending candidates, then those with an unfinished name. */
  pending(): readonly PendingCandidate[] {
    const { clock, notes, settings } = this.#deps;
    const when = { now: clock.now(), settings };
    const isLast = ({ phase }: CandidateState): number => (phase.kind === 'unfinished' ? 1 : 0);
    const all = [...this.#states.values()].sort((one, other) => isLast(one) - isLast(other));
    return all.flatMap((state) => toPending(state, notes.get(state.name), when) ?? []);
  }

  /** How many are held and quarantined. */
  kept(): { readonly held: number; readonly quarantined: number } {
    const { clock, notes, settings } = this.#deps;
    const now = clock.now();
    let [held, quarantined] = [0, 0];
    for (const state of this.#states.values()) {
      if (state.phase.kind === 'unfinished') held += isOverdue(state, now, settings.maxWaitMs) ? 1 : 0;
      if (state.candidate === undefined) continue;
      const { outcome } = toStanding(state, notes.get(state.name));
      if (outcome === 'hold') held += 1;
      else if (outcome === 'quarantine') quarantined += 1;
    }
    return { held, quarantined };
  }

  /** Names that cannot be taken, since when, and whether that was held against what is remembered. */
  get unfinished(): readonly { readonly name: string; readonly since: MonotonicMs; readonly isRecalled: boolean }[] {
    return [...this.#unfinished].map((name) => {
      const { phase, since } = this.#stateOf(name);
      return { name, since, isRecalled: phase.kind === 'unfinished' && phase.isRecalled };
    });
  }

  /** Whether it is to be judged or recorded as gone. */
  has(name: string): boolean {
    const state = this.#states.get(name);
    return state !== undefined && isInHand(state);
  }

  /** Whether it is waited for and was seen to change within its quiet time, or is being written. */
  isArriving(name: string): boolean {
    const state = this.#states.get(name);
    if (state?.candidate === undefined) return false;
    const { facts } = state;
    if (facts === undefined || facts.listing.writers?.kind === 'open') return true;
    return this.#deps.clock.now() < facts.lastChangeAt + this.#deps.settings.quietMs;
  }

  /** Takes a candidate. A pending one that is only `found` again keeps what is known of it, but has changed. */
  submit(candidate: Candidate): void {
    this.#apply(candidate.name, { kind: 'arrived', candidate });
  }

  /** Makes one that is waited for due at once. */
  look(name: string): void {
    this.#apply(name, { kind: 'wanted' });
  }

  /** A person decided about it: it is looked at at once. */
  reconsider(candidate: Candidate): void {
    const isPending = this.#states.get(candidate.name)?.candidate !== undefined;
    this.#apply(candidate.name, isPending ? { kind: 'wanted' } : { kind: 'arrived', candidate });
  }

  /** It went away. `mayBeRecorded`: also a name that is not known here may be in the store. */
  leave(name: string, mayBeRecorded: boolean): void {
    this.#apply(name, { kind: 'left', mayBeRecorded });
  }

  addRecorded(name: string): void {
    this.#apply(name, { kind: 'recorded' });
  }

  /** Another folder took the watch path's place: what is absent there did not vanish. */
  disownRecorded(): void {
    for (const name of this.#recorded) this.#apply(name, { kind: 'disowned' });
  }

  /** An event tells of a name that cannot be taken, and why. */
  name(name: string, reason: string): void {
    if (this.#unfinished.has(name) || this.#unfinished.size >= MOST_UNFINISHED) return;
    this.#apply(name, { kind: 'named', reason, isNew: true });
  }

  /** All names that cannot be taken now, each with the reason; what is not among them has gone. */
  seeNames(names: ReadonlyMap<string, string>): void {
    for (const name of this.#unfinished) if (!names.has(name)) this.leave(name, false);
    for (const [name, reason] of [...names].slice(0, MOST_UNFINISHED))
      this.#apply(name, { kind: 'named', reason, isNew: false });
  }

  /** Since when such a name is there; undefined where nothing is known of that. */
  recall(name: string, since: MonotonicMs | undefined): void {
    this.#apply(name, { kind: 'recalled', since });
  }

  /** Holds a recorded batch against the disk, unless something happens to its name anyway. Never rejects. */
  async check(batch: RecordedBatch, signal: AbortSignal): Promise<void> {
    if (!this.has(batch.name)) await this.#drive(batch.name, { kind: 'check', batch }, signal);
  }

  /** Works until the signal aborts; what was begun is finished first. @throws TypeError when it runs already. */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#running) throw new TypeError('Expected an intake to run once, got a second run while the first goes on');
    this.#running = true;
    const { clock } = this.#deps;
    const begun = new Set<Promise<void>>();
    while (!signal.aborted) {
      while (begun.size < this.#concurrency) {
        const name = this.#lanes.takeDue(clock.now());
        if (name === undefined) break;
        const one = this.#drive(name, { kind: 'turn' }, signal).then(() => {
          begun.delete(one);
          this.#alarm.ring();
        });
        begun.add(one);
      }
      const nextAt = begun.size < this.#concurrency ? this.#lanes.nextAt() : undefined;
      await this.#alarm.wait(nextAt === undefined ? undefined : nextAt - clock.now(), signal);
    }
    await Promise.all(begun);
    this.#running = false;
  }

  async #drive(name: string, input: Input, signal: AbortSignal): Promise<void> {
    let work = this.#apply(name, input);
    while (work !== undefined) work = this.#apply(name, await carryOut(work, this.#deps, signal));
  }

  #apply(name: string, input: Input): Work | undefined {
    const before = this.#stateOf(name);
    const { effects, state, work } = step(before, input, this.#moment());
    this.#keep(before, state);
    for (const effect of effects) perform(name, effect, this.#deps);
    return work;
  }

  #stateOf(name: string): CandidateState {
    return this.#states.get(name) ?? createState(name, this.#recorded.has(name), this.#deps.clock.now());
  }

  #moment(): Moment {
    const { clock, gate, settings } = this.#deps;
    const { closedUntil, isClosed } = gate;
    return {
      now: clock.now(),
      settings,
      storeClosedUntil: closedUntil,
      isStoreAway: isClosed,
      pending: this.#states.size - this.#unfinished.size - this.#aftercare.size,
    };
  }

  #keep(before: CandidateState, state: CandidateState): void {
    const { name, phase } = state;
    if (state.isRecorded) this.#recorded.add(name);
    else this.#recorded.delete(name);
    if (phase.kind === 'unfinished') this.#unfinished.add(name);
    else this.#unfinished.delete(name);
    if (phase.kind === 'resting') this.#states.delete(name);
    else this.#states.set(name, state);
    if (state.aftercare?.batch !== before.aftercare?.batch) this.#lookAfter(state);
    if (phase === before.phase || phase.kind !== 'waiting') return;
    this.#lanes.set(name, toLane(state), phase.until);
    this.#alarm.ring();
  }

  #lookAfter({ aftercare, name }: CandidateState): void {
    this.#aftercare.delete(name);
    if (aftercare === undefined) return;
    const [oldest] = this.#aftercare;
    this.#aftercare.add(name);
    if (this.#aftercare.size > MOST_AFTERCARE && oldest !== undefined) this.#apply(oldest, { kind: 'dismissed' });
  }
}

function toLane(state: CandidateState): Lane {
  const { aftercare, candidate, facts, isGone } = state;
  if (candidate === undefined) return isGone || aftercare === undefined ? 'seen' : 'after';
  if (candidate.arrival !== 'found' || candidate.isTold === true) return 'arrived';
  return facts !== undefined ? 'seen' : 'found';
}
