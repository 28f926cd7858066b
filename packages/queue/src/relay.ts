import {
  type Clock,
  type Logger,
  type OutboxRow,
  toMessage,
  createOutageLog,
  type OutageLog,
  toBackoffMs,
  withJitter,
} from '@sendit/model';
import type { ImportQueue } from './import-queue.ts';
import { toGroups } from './to-groups.ts';
import type { Wake } from './wake.ts';

/** The outbox as the relay needs it. */
export interface OutboxPort {
  /** Takes due rows for `leaseMs`: no other relay gets them meanwhile. */
  claim(options: { limit: number; leaseMs: number }): Promise<readonly OutboxRow[]>;
  /** Makes rows due again after `resendAfterMs`, in case the queue forgets them; rows that are gone are skipped. */
  markSent(
    ids: readonly string[],
    options: { resendAfterMs: number; groups?: ReadonlyMap<string, string> },
  ): Promise<void>;
}

export interface RelayDeps {
  readonly outbox: OutboxPort;
  readonly queue: Pick<ImportQueue, 'add'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Woken by the sealer in the same process, so that a row does not wait for the next poll. */
  readonly wake: Wake;
  /** Pause between looks at an empty outbox; 1000 by default. */
  readonly pollMs?: number;
  /** After this a row whose effect is still missing is sent again; 60 000 by default. */
  readonly resendAfterMs?: number;
}

const LIMIT = 100;
const LEASE_MS = 30_000;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Moves outbox rows to the queue until aborted; any number of relays may share one outbox. An outage of either side is logged
 * once, retried with a growing pause of at most five seconds, and logged when over. A row is sent at least once.
 */
export async function runRelay(deps: RelayDeps, signal: AbortSignal): Promise<void> {
  const { clock, logger, pollMs = 1_000, resendAfterMs = 60_000 } = deps;
  const outbox = createOutageLog({ logger, clock, what: 'the outbox' });
  const queue = createOutageLog({ logger, clock, what: 'the import queue' });
  // Claimed and not yet marked: kept over a failure, since nobody else gets them before the lease ends.
  let rows: readonly OutboxRow[] = [];
  let claimedAt = 0;
  let failures = 0;
  const toShares = createShares();

  while (!signal.aborted) {
    if (clock.now() - claimedAt > LEASE_MS) rows = [];
    if (rows.length === 0) {
      claimedAt = clock.now();
      const claimed = await attempt(outbox, () => deps.outbox.claim({ limit: LIMIT, leaseMs: LEASE_MS }));
      rows = toShares(toGroups(claimed ?? []));
    }
    const sent = rows;
    const isQueued = sent.length > 0 && (await attempt(queue, () => add(deps.queue, sent))) === true;
    if (isQueued && (await attempt(outbox, () => mark(deps.outbox, sent, resendAfterMs))) === true) rows = [];

    if (outbox.isDown || queue.isDown) {
      failures += 1;
      const pauseMs = toBackoffMs(failures, { firstMs: pollMs, longestMs: LONGEST_PAUSE_MS });
      await clock.sleep(withJitter(pauseMs), signal);
    } else {
      failures = 0;
      if (sent.length < LIMIT) await deps.wake.wait(pollMs, signal);
    }
  }
}

/** Of what a scan found, one job in so many goes among what arrives: it gets on, however much arrives. */
const SHARE = 8;

function createShares(): (rows: readonly OutboxRow[]) => readonly OutboxRow[] {
  let jobs = 0;
  return (rows) => {
    const shared = new Set<string>();
    const met = new Set<string>();
    for (const { groupId, id, isFound } of rows) {
      const job = groupId ?? id;
      if (isFound !== true || met.has(job)) continue;
      met.add(job);
      jobs += 1;
      if (jobs % SHARE === 0) shared.add(job);
    }
    return rows.map((row) => (shared.has(row.groupId ?? row.id) ? { ...row, isFound: false } : row));
  };
}

async function add(queue: RelayDeps['queue'], rows: readonly OutboxRow[]): Promise<true> {
  await queue.add(rows);
  return true;
}

async function mark(outbox: OutboxPort, rows: readonly OutboxRow[], resendAfterMs: number): Promise<true> {
  const groups = new Map(rows.flatMap(({ groupId, id }) => (groupId === undefined ? [] : [[id, groupId] as const])));
  await outbox.markSent(
    rows.map((row) => row.id),
    { resendAfterMs, groups },
  );
  return true;
}

/** The result, or undefined after a failure that the log now knows of. */
async function attempt<T>(log: OutageLog, work: () => Promise<T>): Promise<T | undefined> {
  try {
    const result = await work();
    log.ok();
    return result;
  } catch (error) {
    log.failed(toMessage(error));
    return undefined;
  }
}
