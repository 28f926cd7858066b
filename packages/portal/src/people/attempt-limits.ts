import { isIPv6 } from 'node:net';
import type { Clock } from '@sendit/model';

/** How many failures lock whom out, and for how long. */
const MOST = { account: 5, address: 20 } as const;
const LOCKED_MS = 15 * 60_000;
/** Names and addresses that are remembered; beyond it the oldest are forgotten. */
const MOST_KEPT = 10_000;

interface Failures {
  count: number;
  /** When they are forgotten: the time of a lock counts from the last one. */
  until: number;
}

/** What an attempt may do. */
export type Attempt =
  | { readonly kind: 'allowed'; readonly isLast: boolean }
  | { readonly kind: 'locked'; readonly afterMs: number };

/** Attempts to sign in, by account and by address, in bounded memory. */
export interface AttemptLimits {
  /** Counts one as failed before it is looked at, so that those that come at once count too. `isLast`: the next one is locked out. */
  begin(account: string, address: string): Attempt;
  /** It was right after all. */
  succeed(account: string, address: string): void;
}

/** Limits of one process; a name is locked out whether or not it is an account's. */
export function createAttemptLimits(clock: Pick<Clock, 'now'>): AttemptLimits {
  const kept = new Map<string, Failures>();
  const read = (key: string): Failures => {
    const found = kept.get(key);
    return found === undefined || found.until <= clock.now() ? { count: 0, until: 0 } : found;
  };
  const write = (key: string, failures: Failures): void => {
    kept.delete(key);
    if (failures.count > 0) kept.set(key, failures);
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  };
  return {
    begin(account, address) {
      const now = clock.now();
      const limits = [
        { key: `account ${account}`, most: MOST.account },
        { key: `address ${toNetwork(address)}`, most: MOST.address },
      ].map((limit) => ({ ...limit, failures: read(limit.key) }));
      const locked = limits.filter(({ failures, most }) => failures.count >= most);
      if (locked.length > 0) {
        return { kind: 'locked', afterMs: Math.max(...locked.map(({ failures }) => failures.until - now)) };
      }
      for (const { failures, key } of limits) write(key, { count: failures.count + 1, until: now + LOCKED_MS });
      return { kind: 'allowed', isLast: limits.some(({ failures, most }) => failures.count + 1 >= most) };
    },
    succeed(account, address) {
      kept.delete(`account ${account}`);
      const key = `address ${toNetwork(address)}`;
      const failures = read(key);
      write(key, { ...failures, count: failures.count - 1 });
    },
  };
}

/** One host has a whole /64 of IPv6. */
function toNetwork(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const all = tail === undefined ? front : [...front, ...Array(8 - front.length - back.length).fill('0'), ...back];
  return all.slice(0, 4).join(':');
}
