import type { HealthProblem } from '@sendit/api';
import type { AlertRules, Clock, Logger } from '@sendit/model';
import { type AlertState, readAlertState } from './alert-state.ts';
import { send as sendBy } from './channels/send.ts';
import type { SendOutcome } from './channels/send-outcome.ts';
import { toNotice } from './notice.ts';
import { forgetSilent, markFailed, markTold, planNotices } from './plan-notices.ts';

/** How often health is looked at. */
const LOOK_MS = 5_000;
/** Another process sends once the sender has given no sign for so long. */
const LEASE_MS = 30_000;

/** Where the alarms of an installation are kept, for one holder at a time. */
export interface AlertStore {
  /** What is kept, when the holder has or gets it; undefined while another one has. @throws when the database does not answer. */
  lease(holder: string, leaseMs: number): Promise<{ readonly value: unknown } | undefined>;
  /** False when another holder has it by now. */
  keep(holder: string, value: unknown): Promise<boolean>;
  release(holder: string): Promise<void>;
}

export interface AlertDeps {
  readonly rules: AlertRules;
  readonly readProblems: () => Promise<readonly HealthProblem[]>;
  readonly store: AlertStore;
  /** Unique to this process. */
  readonly holder: string;
  readonly clock: Clock;
  /** Epoch ms. */
  readonly now?: () => number;
  readonly logger: Logger;
  readonly send?: typeof sendBy;
}

/**
 * Watches health until aborted and tells the channels what changes. Any number of processes may run it on one database: one of them holds the
 * lease and sends. While the database is away, the one that held it last goes on from memory.
 */
export async function runAlerts(deps: AlertDeps, signal: AbortSignal): Promise<void> {
  const { clock, holder, store } = deps;
  const sender = createSender(deps);
  while (!signal.aborted) {
    await sender.look(signal);
    await clock.sleep(LOOK_MS, signal);
  }
  await store.release(holder).catch(() => undefined);
}

/** One look at a time: takes the lease, compares, sends. */
export function createSender(deps: AlertDeps): { look(signal: AbortSignal): Promise<void> } {
  const { holder, logger, now = Date.now, readProblems, rules, send = sendBy, store } = deps;
  let held: AlertState | undefined;
  let stored = '';

  async function take(): Promise<AlertState | undefined> {
    try {
      const lease = await store.lease(holder, LEASE_MS);
      if (lease === undefined) return undefined;
      // What it could not store while the database was away it still knows.
      return held !== undefined && JSON.stringify(held) !== stored ? held : readAlertState(lease.value);
    } catch {
      return held;
    }
  }

  async function keep(state: AlertState): Promise<void> {
    const text = JSON.stringify(state);
    if (text === stored) return;
    try {
      if (await store.keep(holder, state)) stored = text;
      else held = undefined;
    } catch {
      // Kept in memory until the database answers.
    }
  }

  return {
    async look(signal) {
      held = await take();
      if (held === undefined) return;
      const problems = await readProblems().catch(() => undefined);
      if (problems === undefined || signal.aborted) return;
      const planned = planNotices(held, problems, { now: now(), rules });
      let state = planned.state;
      await Promise.all(
        rules.channels.map(async (channel) => {
          const notice = planned.notices.get(channel.name);
          const alarms = state[channel.name]?.alarms;
          if (notice === undefined || alarms === undefined) return;
          const { installation } = rules;
          const outcome: SendOutcome = await send(
            channel,
            toNotice(notice, alarms, { at: now(), channel: channel.name, installation }),
            signal,
          );
          if (outcome.kind === 'sent') {
            state = markTold(state, channel.name, { ...notice, now: now() });
            return;
          }
          if (signal.aborted) return;
          const isKnown = held?.[channel.name]?.failing?.reason === outcome.reason;
          if (!isKnown) logger.warning('an alert was not sent', { channel: channel.name, reason: outcome.reason });
          state = markFailed(state, channel.name, { now: now(), reason: outcome.reason });
        }),
      );
      held = forgetSilent(state, rules);
      await keep(held);
    },
  };
}
