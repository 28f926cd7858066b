import { DEFAULT_QUIET_MS, PROFILE_NAMES, profile } from '@sendit/detector';
import { BEHAVIOURS } from './delivery.ts';
import { PEERS } from './peers.ts';
import { Random } from './random.ts';
import { deliver } from './senders.ts';
import { type ProfileResult, Tally } from './tally.ts';
import { rollWeather, watch } from './watcher.ts';

export interface SimulationOptions {
  readonly studies: number;
  readonly seed: number;
  /** As configured; 15,000 ms by default. */
  readonly quietMs?: number;
}

/** One line per profile and per peer's policy. */
export interface SimulationResult {
  readonly studies: number;
  readonly seed: number;
  readonly quietMs: number;
  readonly maxWaitMs: number;
  readonly profiles: Readonly<Record<string, ProfileResult>>;
}

/** Longest wait in the simulation, in quiet times: shorter than in life, longer than any delivery. */
const MAX_WAIT = 240;

/** Delivers every study once and judges it by every policy. The same seed gives the same result. */
export function simulate({ studies, seed, quietMs = DEFAULT_QUIET_MS }: SimulationOptions): SimulationResult {
  const random = new Random(seed);
  const maxWaitMs = MAX_WAIT * quietMs;
  const profiles = PROFILE_NAMES.map((name) => ({ name, rules: profile(name, { quietMs, maxWaitMs }) }));
  const tallies = new Map([...PROFILE_NAMES, ...Object.keys(PEERS)].map((name) => [name, new Tally(quietMs)]));
  for (let study = 0; study < studies; study++) {
    const delivery = deliver(random.weighted(BEHAVIOURS), random, quietMs);
    const weather = rollWeather(random, delivery);
    for (const { name, rules } of profiles)
      tallies.get(name)?.add(delivery, watch(delivery, rules, { quietMs, weather }));
    for (const [name, judge] of Object.entries(PEERS)) tallies.get(name)?.add(delivery, judge(delivery));
  }
  const results = [...tallies].map(([name, tally]) => [name, tally.result()] as const);
  return { studies, seed, quietMs, maxWaitMs, profiles: Object.fromEntries(results) };
}
