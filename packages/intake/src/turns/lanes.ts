import type { MonotonicMs } from '@sendit/model';
import { Schedule } from './schedule.ts';

/**
 * Why a name is due, the most urgent first:
 *
 * arrived  an event told of it
 * seen     it was looked at before, or it is gone
 * found    a scan found it, and nobody has looked at it
 * after    it was sealed a short time ago, and is looked at again
 */
export type Lane = (typeof LANES)[number];

const LANES = ['arrived', 'seen', 'found', 'after'] as const;

/** Who goes first, turn by turn: every lane has turns of its own, so that none is starved by those before it. */
const TURNS: readonly Lane[] = [
  ...(['arrived', 'arrived', 'arrived', 'seen', 'arrived', 'arrived', 'arrived', 'found'] as const),
  'after',
];

/**
 * Names with a due time each, in lanes: among names that are due, those of a more urgent lane go first, except for the turns that the others
 * have of their own. So a directory that arrives does not wait until a hundred thousand that were found at the start are looked at, and one
 * that only has to be looked at again is sealed before they all are: a watcher that is killed every few seconds gets on with its backlog.
 */
export class Lanes {
  readonly #schedules: Readonly<Record<Lane, Schedule>> = {
    arrived: new Schedule(),
    seen: new Schedule(),
    found: new Schedule(),
    after: new Schedule(),
  };
  readonly #laneOf = new Map<string, Lane>();
  #turn = 0;

  /** Sets lane and due time of a name, in place of those it had. */
  set(name: string, lane: Lane, at: MonotonicMs): void {
    const before = this.#laneOf.get(name);
    if (before !== undefined && before !== lane) this.#schedules[before].delete(name);
    this.#laneOf.set(name, lane);
    this.#schedules[lane].set(name, at);
  }

  /** Takes away the name whose turn it is among those that are due. */
  takeDue(now: MonotonicMs): string | undefined {
    const first = TURNS[this.#turn % TURNS.length] ?? 'arrived';
    for (const lane of [first, ...LANES]) {
      const name = this.#schedules[lane].takeDue(now);
      if (name === undefined) continue;
      this.#turn += 1;
      this.#laneOf.delete(name);
      return name;
    }
    return undefined;
  }

  /** When the first name is due. */
  nextAt(): MonotonicMs | undefined {
    const times = LANES.flatMap((lane) => this.#schedules[lane].nextAt() ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }
}
