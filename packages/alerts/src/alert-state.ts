import type { FailingChannel, FindingSeverity, HealthCode } from '@sendit/model';

/**
 * Words of this package.
 *
 * alarm    one problem that a channel has taken up: told, or waiting to be
 * notice   what one channel is told at once: alarms raised, standing again, and resolved
 * failing  the channel took no notice; it is tried again, and that is a problem of the installation
 */

/** One problem as a channel knows it. Times are epoch ms. */
export interface Alarm {
  readonly code: HealthCode;
  readonly severity: FindingSeverity;
  /** How many it is about. */
  readonly count: number;
  /** When it was first seen. */
  readonly firstAt: number;
  /** When the channel last took a notice of it; null while it has taken none. */
  readonly toldAt: number | null;
  /** How often the channel was told. */
  readonly times: number;
  /** Since when it does not stand any more; null while it stands. */
  readonly goneAt: number | null;
}

/** Why a channel takes no notices. */
export interface Failing {
  readonly sinceAt: number;
  readonly reason: string;
  readonly attempts: number;
  /** Not tried before. */
  readonly nextAt: number;
}

/** What one channel knows. Alarms by code and subject. */
export interface ChannelState {
  readonly alarms: Readonly<Record<string, Alarm>>;
  readonly failing: Failing | null;
}

/** What all channels know, by name: kept in the database, so that a restart repeats nothing. */
export type AlertState = Readonly<Record<string, ChannelState>>;

/** A channel that knows nothing yet. */
export const NEW_CHANNEL: ChannelState = { alarms: {}, failing: null };

/** The state as it was stored; empty where there is none. */
export function readAlertState(stored: unknown): AlertState {
  return typeof stored === 'object' && stored !== null ? (stored as AlertState) : {};
}

/** The channels among `names` that take no notices. */
export function listFailing(state: AlertState, names: readonly string[]): readonly FailingChannel[] {
  return names.flatMap((name) => {
    const failing = state[name]?.failing ?? null;
    return failing === null ? [] : [{ name, reason: failing.reason, since: new Date(failing.sinceAt).toISOString() }];
  });
}
