import {
  type FolderFacts,
  type FolderSight,
  isFinishedName,
  judge,
  nextLookAt,
  observe,
  type Rule,
} from '@sendit/detector';
import type { Delivery } from './delivery.ts';
import type { Random } from './random.ts';

/** How one study ended under one policy. */
export interface Ending {
  readonly kind: 'sealed' | 'held' | 'quarantined' | 'never';
  /** When it was sealed. */
  readonly at: number;
  /** Sealed on something better than quiet. */
  readonly isProven: boolean;
  /** Files that changed after the sealing were noticed. */
  readonly lateReported: boolean;
}

/** Conditions of a watcher apart from the sender. */
export interface Weather {
  /** From the kernel to the candidate, ms. */
  readonly eventMs: number;
  /** The event is lost: the directory is found by the next rescan. */
  readonly eventLostUntil: number | undefined;
  /** It is restarted then and finds what is there. */
  readonly restartAt: number | undefined;
}

const RESCAN_MS = 60_000;

/** Rolls the dice once per delivery, so that every profile meets the same weather. */
export function rollWeather(random: Random, delivery: Delivery): Weather {
  return {
    eventMs: random.between(0.1, 8),
    eventLostUntil: random.chance(0.01) ? random.between(0, RESCAN_MS) : undefined,
    restartAt: random.chance(0.02) ? random.between(0, delivery.endedAt + 20_000) : undefined,
  };
}

/** How a delivery is watched. */
export interface WatchOptions {
  readonly quietMs: number;
  readonly weather: Weather;
}

interface Arriving {
  readonly at: number;
  readonly sight: FolderSight;
}

/**
 * Simulates the daemon on one directory: an event makes it a candidate, it is looked at, judged, and looked at again at
 * `recheckAt`.
 */
export function watch(delivery: Delivery, rules: readonly Rule[], options: WatchOptions): Ending {
  const { quietMs, weather } = options;
  const arrivals = toArrivals(delivery, weather);
  let facts: FolderFacts | undefined;
  let sight: FolderSight | undefined;
  let at = arrivals[0]?.at ?? Infinity;
  let held = false;
  for (let looks = 0; looks < 20_000; looks++) {
    const arrived = arrivals.filter((one) => one.at <= at).at(-1);
    if (arrived !== undefined && arrived.sight !== sight) {
      sight = arrived.sight;
      facts = undefined;
    }
    if (sight === undefined) break;
    const { listing, endedAt } = delivery.folder.look(at);
    const name = delivery.folder.nameAt(at) ?? sight.name;
    facts = observe(facts ?? { ...sight, name }, listing, endedAt);
    const verdict = judge(facts, rules, endedAt);
    if (verdict.finished) {
      const isProven = verdict.grade !== 'quiet' && verdict.grade !== 'incomplete';
      const lateReported =
        delivery.hasLateFiles || delivery.contractBroken ? noticesLate(delivery, facts, endedAt) : false;
      return { kind: 'sealed', at: endedAt, isProven, lateReported };
    }
    if (verdict.outcome === 'quarantine')
      return { kind: 'quarantined', at: endedAt, isProven: false, lateReported: false };
    held ||= verdict.outcome === 'hold';
    const nextEvent = arrivals.find((one) => one.at > at)?.at ?? Infinity;
    // A held directory on which nothing happens any more stays held.
    if (held && endedAt > delivery.endedAt && nextEvent === Infinity) break;
    at = Math.min(nextLookAt(verdict, endedAt, { quietMs, tookMs: endedAt - at }), nextEvent);
    if (at === Infinity) break;
  }
  return { kind: held ? 'held' : 'never', at, isProven: false, lateReported: false };
}

/** After sealing a directory is looked at again after ever longer waits. */
function noticesLate({ folder }: Delivery, sealed: FolderFacts, sealedAt: number): boolean {
  for (let wait = 15_000; wait <= 4 * 3_600_000; wait *= 2) {
    if (folder.look(sealedAt + wait).listing.manifestDigest !== sealed.listing.manifestDigest) return true;
  }
  return false;
}

function toArrivals({ folder }: Delivery, { eventMs, eventLostUntil, restartAt }: Weather): readonly Arriving[] {
  const last = folder.names.length - 1;
  const arrivals = folder.names.map(({ at, name }, index): Arriving => {
    const isLost = index === last && eventLostUntil !== undefined;
    const renamed = index > 0 || (folder.look(0.01).listing.files > 0 && isFinishedName(name));
    const arrival = isLost ? 'found' : renamed ? 'renamed' : 'created';
    return { at: at + (isLost ? eventLostUntil : eventMs), sight: { name, arrival } };
  });
  const name = restartAt === undefined ? undefined : folder.nameAt(restartAt);
  if (restartAt !== undefined && name !== undefined) {
    const after = arrivals.filter(({ at }) => at > restartAt);
    return [
      ...arrivals.filter(({ at }) => at <= restartAt),
      { at: restartAt, sight: { name, arrival: 'found' } },
      ...after,
    ];
  }
  return arrivals;
}
