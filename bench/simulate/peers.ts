import { isFinishedName } from '@sendit/detector';
import type { Delivery } from './delivery.ts';
import type { Ending } from './watcher.ts';

/** Longest that a policy is followed, ms. */
const HORIZON_MS = 3_600_000;

const NEVER: Ending = { kind: 'never', at: Infinity, isProven: false, lateReported: false };
const sealed = (at: number): Ending => ({ kind: 'sealed', at, isProven: false, lateReported: false });

/** Policies of simple tools, each in its kindest reading; unfinished names are honoured by all of them. */
export const PEERS: Readonly<Record<string, (delivery: Delivery) => Ending>> = {
  /** A directory is finished as soon as it has a final name, whether by mkdir or by rename. */
  'rename-only': ({ folder }) => {
    const final = folder.names.find(({ name }) => isFinishedName(name));
    return final === undefined ? NEVER : sealed(final.at);
  },
  /** Finished when the directory's own time is 5 s old; asked every second. */
  'folder-age-5s': (delivery) =>
    poll(delivery, 1_000, (at) => delivery.folder.fileCount(at) > 0 && at - delivery.folder.directoryTime(at) >= 5_000),
  /** Finished when every series that has arrived has had no new image for 60 s; a study is as early as its earliest series. */
  'series-timer-60s': (delivery) => {
    const bySeries = group(delivery);
    let latest = 0;
    for (const times of bySeries.values()) {
      times.sort((one, other) => one - other);
      const last = times.findLast((at) => at <= delivery.lastByteAt) ?? 0;
      const fired = times.find((at, index) => (times[index + 1] ?? Infinity) - at >= 60_000) ?? last;
      if (fired < last) return sealed(fired + 60_000);
      latest = Math.max(latest, fired + 60_000);
    }
    return bySeries.size === 0 || !isFinishedName(delivery.folder.nameAt(latest) ?? '.tmp') ? NEVER : sealed(latest);
  },
  /** Finished when the number of files was the same at two further looks, 5 s apart. */
  'count-unchanged-twice': (delivery) => {
    const counts: number[] = [];
    return poll(delivery, 5_000, (at) => {
      counts.push(delivery.folder.fileCount(at));
      const [third, second, first] = counts.slice(-3).reverse();
      return counts.length >= 3 && third !== 0 && first === second && second === third;
    });
  },
};

function poll({ folder, endedAt }: Delivery, everyMs: number, isFinished: (at: number) => boolean): Ending {
  for (let at = everyMs; at <= endedAt + HORIZON_MS; at += everyMs) {
    if (!isFinishedName(folder.nameAt(at) ?? '.tmp')) continue;
    if (isFinished(at)) return sealed(at);
  }
  return NEVER;
}

function group({ folder }: Delivery): Map<number, number[]> {
  const bySeries = new Map<number, number[]>();
  for (const { at, series } of folder.arrivals()) bySeries.set(series, [...(bySeries.get(series) ?? []), at]);
  return bySeries;
}
