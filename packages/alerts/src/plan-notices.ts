import type { HealthProblem } from '@sendit/api';
import type { AlertChannel, AlertRules, FindingSeverity, HealthCode } from '@sendit/model';
import { type Alarm, type AlertState, type ChannelState, NEW_CHANNEL } from './alert-state.ts';

/** What one channel is to be told. The keys are those of its alarms. */
export interface PlannedNotice {
  readonly raised: readonly string[];
  readonly again: readonly string[];
  readonly resolved: readonly string[];
}

/** The next state, and what each channel is to be told by it. */
export interface Plan {
  readonly state: AlertState;
  readonly notices: ReadonlyMap<string, PlannedNotice>;
}

const RANK: Readonly<Record<FindingSeverity, number>> = { info: 0, warning: 1, error: 2 };

/**
 * Compares what stands with what each channel knows. A problem is raised once it has stood for `afterMs`, told again every `againMs`, and
 * resolved once it has been away for `afterMs`; one that was never told ends in silence. Pure; nothing is told before {@link markTold}.
 */
export function planNotices(
  before: AlertState,
  problems: readonly HealthProblem[],
  { now, rules }: { readonly now: number; readonly rules: AlertRules },
): Plan {
  const state: Record<string, ChannelState> = {};
  const notices = new Map<string, PlannedNotice>();
  for (const channel of rules.channels) {
    const known = before[channel.name] ?? NEW_CHANNEL;
    const alarms = follow(known.alarms, { problems: problems.filter(isFor(channel)), all: problems }, now);
    state[channel.name] = { alarms, failing: known.failing };
    const notice = toNotice(alarms, { now, rules, channel });
    const isEmpty = notice.raised.length + notice.again.length + notice.resolved.length === 0;
    if (!isEmpty && (known.failing === null || known.failing.nextAt <= now)) notices.set(channel.name, notice);
  }
  return { state, notices };
}

/** A channel is not told of its own failure: it could not be. */
function isFor({ codes, least, name }: AlertChannel): (problem: HealthProblem) => boolean {
  return ({ code, severity, subject }) =>
    RANK[severity] >= RANK[least] &&
    (codes.length === 0 || codes.includes(code)) &&
    !(code === 'alert-failed' && subject === name);
}

interface Moment {
  readonly now: number;
  readonly rules: AlertRules;
}

function follow(
  known: ChannelState['alarms'],
  { all, problems }: { readonly problems: readonly HealthProblem[]; readonly all: readonly HealthProblem[] },
  now: number,
): ChannelState['alarms'] {
  const alarms: Record<string, Alarm> = {};
  for (const { code, count = 1, severity, since, subject } of problems) {
    const key = `${code} ${subject}`;
    const alarm = known[key];
    // A clock that was set back must not hold an alarm up.
    const firstAt = Math.min(now, alarm?.firstAt ?? (since === null ? now : Date.parse(since)));
    const toldAt = alarm?.toldAt ?? null;
    alarms[key] = {
      code,
      severity,
      count,
      firstAt,
      toldAt: toldAt === null ? null : Math.min(now, toldAt),
      times: alarm?.times ?? 0,
      goneAt: null,
    };
  }
  const isUnknown = hide(all);
  for (const [key, alarm] of Object.entries(known)) {
    if (alarms[key] !== undefined) continue;
    if (isUnknown(alarm.code, key.slice(alarm.code.length + 1))) alarms[key] = { ...alarm, goneAt: null };
    else if (alarm.toldAt !== null) alarms[key] = { ...alarm, goneAt: Math.min(now, alarm.goneAt ?? now) };
  }
  return alarms;
}

/** Of a watch path only a watcher tells. */
const TOLD_BY_WATCHERS: ReadonlySet<HealthCode> = new Set([
  'not-watched',
  'watch-degraded',
  'writers-unseen',
  'directories-held',
  'directories-quarantined',
  'directories-stuck',
  'disk-low',
  'no-arrivals',
  'watcher-gone',
]);

/** Which problems cannot be seen while others stand: that they are not told does not mean that they are over. */
function hide(problems: readonly HealthProblem[]): (code: HealthCode, subject: string) => boolean {
  const stands = (code: HealthCode): boolean => problems.some((problem) => problem.code === code);
  if (stands('database-unavailable')) return () => true;
  const gone = new Set(problems.filter(({ code }) => code === 'watcher-gone').map(({ subject }) => subject));
  return (code, subject) =>
    (stands('queue-unavailable') && (code === 'no-worker' || code === 'queue-refuses')) ||
    (TOLD_BY_WATCHERS.has(code) && (stands('not-running') || gone.has(subject)));
}

function toNotice(
  alarms: ChannelState['alarms'],
  { channel, now, rules }: Moment & { readonly channel: AlertChannel },
): PlannedNotice {
  const { afterMs, againMs } = rules;
  const keys = (which: (alarm: Alarm) => boolean): readonly string[] =>
    Object.entries(alarms).flatMap(([key, alarm]) => (which(alarm) ? [key] : []));
  return {
    raised: keys(({ firstAt, goneAt, toldAt }) => goneAt === null && toldAt === null && now - firstAt >= afterMs),
    again: keys(
      ({ goneAt, toldAt }) => goneAt === null && toldAt !== null && againMs !== false && now - toldAt >= againMs,
    ),
    resolved: keys(({ goneAt }) => channel.resolved && goneAt !== null && now - goneAt >= afterMs),
  };
}

/** The state once a channel has taken a notice: what was resolved is forgotten. */
export function markTold(state: AlertState, name: string, told: PlannedNotice & { readonly now: number }): AlertState {
  const { alarms } = state[name] ?? NEW_CHANNEL;
  const isTold = new Set([...told.raised, ...told.again]);
  const left = Object.entries(alarms)
    .filter(([key]) => !told.resolved.includes(key))
    .map(([key, alarm]) => [key, isTold.has(key) ? { ...alarm, toldAt: told.now, times: alarm.times + 1 } : alarm]);
  return { ...state, [name]: { alarms: Object.fromEntries(left), failing: null } };
}

const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 15 * 60_000;

/** The state once a channel has taken none; it is tried again after ever longer waits. */
export function markFailed(
  state: AlertState,
  name: string,
  { now, reason }: { readonly now: number; readonly reason: string },
): AlertState {
  const { alarms, failing } = state[name] ?? NEW_CHANNEL;
  const attempts = (failing?.attempts ?? 0) + 1;
  const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts - 1, 10));
  const sinceAt = failing?.sinceAt ?? now;
  return { ...state, [name]: { alarms, failing: { sinceAt, reason, attempts, nextAt: now + waitMs } } };
}

/** A channel that does not want to hear of ends forgets them at once; so does one that is not configured any more. */
export function forgetSilent(state: AlertState, { channels }: AlertRules): AlertState {
  return Object.fromEntries(
    channels.flatMap(({ name, resolved }) => {
      const known = state[name];
      if (known === undefined) return [];
      const alarms = Object.fromEntries(
        Object.entries(known.alarms).filter(([, { goneAt }]) => resolved || goneAt === null),
      );
      return [[name, { ...known, alarms }]];
    }),
  );
}
