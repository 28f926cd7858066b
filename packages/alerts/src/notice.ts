import { createHash } from 'node:crypto';
import { type FindingSeverity, type HealthCode, toNamelessMessage } from '@sendit/model';
import type { Alarm, ChannelState } from './alert-state.ts';
import type { PlannedNotice } from './plan-notices.ts';

/** Problems of one code. */
export interface NoticeLine {
  readonly code: HealthCode;
  readonly severity: FindingSeverity;
  /** How many batches, directories, watch paths … it is about. */
  readonly count: number;
  /** Since when the first of them is known. */
  readonly since: string;
  /** In words, without names. */
  readonly message: string;
}

/** What a channel is sent: codes, counts and times. No name of a patient, folder, watch path or host is in it. */
export interface Notice {
  readonly type: 'health.changed' | 'health.test';
  /** The same when it is sent again because the answer was lost. */
  readonly id: string;
  readonly at: string;
  /** As the configuration names it. */
  readonly installation: string;
  /** The worst of what is raised or stands again; `well` when all of it is resolved. */
  readonly level: 'well' | FindingSeverity;
  readonly raised: readonly NoticeLine[];
  readonly again: readonly NoticeLine[];
  readonly resolved: readonly NoticeLine[];
}

const WORST: readonly FindingSeverity[] = ['error', 'warning', 'info'];

/** The notice that a plan comes to. */
export function toNotice(
  planned: PlannedNotice,
  alarms: ChannelState['alarms'],
  { at, channel, installation }: { readonly at: number; readonly channel: string; readonly installation: string },
): Notice {
  const take = (keys: readonly string[]): readonly Alarm[] => keys.flatMap((key) => alarms[key] ?? []);
  const raised = toLines(take(planned.raised));
  const again = toLines(take(planned.again));
  const resolved = toLines(take(planned.resolved));
  const level = [...raised, ...again].map(({ severity }) => severity).toSorted(byWorst)[0] ?? 'well';
  const id = toId([
    channel,
    ...[...planned.raised, ...planned.again, ...planned.resolved].map((key) => `${key} ${describe(alarms[key])}`),
  ]);
  return {
    type: 'health.changed',
    id,
    at: new Date(at).toISOString(),
    installation,
    level,
    raised,
    again,
    resolved,
  };
}

function describe(alarm: Alarm | undefined): string {
  return `${alarm?.firstAt} ${alarm?.times} ${alarm?.goneAt}`;
}

function toId(parts: readonly string[]): string {
  return `alert_${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}`;
}

/** One line for each code and severity, the worst first. */
function toLines(alarms: readonly Alarm[]): readonly NoticeLine[] {
  const groups = new Map<string, Alarm[]>();
  for (const alarm of alarms) {
    const key = `${alarm.severity} ${alarm.code}`;
    groups.set(key, [...(groups.get(key) ?? []), alarm]);
  }
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const { code, severity } = first;
      const count = group.reduce((sum, one) => sum + one.count, 0);
      const since = new Date(Math.min(...group.map(({ firstAt }) => firstAt))).toISOString();
      return [{ code, severity, count, since, message: toNamelessMessage(code, count) }];
    })
    .toSorted((a, b) => byWorst(a.severity, b.severity));
}

function byWorst(a: FindingSeverity, b: FindingSeverity): number {
  return WORST.indexOf(a) - WORST.indexOf(b);
}

/** A notice that says only that it is a test. */
export function toTestNotice({ at, id, installation }: { at: number; id: string; installation: string }): Notice {
  return {
    type: 'health.test',
    id,
    at: new Date(at).toISOString(),
    installation,
    level: 'well',
    raised: [],
    again: [],
    resolved: [],
  };
}

/** One line that says what it is about. */
export function toSubject({ again, installation, level, raised, resolved, type }: Notice): string {
  if (type === 'health.test') return `[${installation}] Test of an alert channel`;
  const codes = [...raised, ...again].map(({ code }) => code);
  const what =
    codes.length > 0 ? `${level}: ${codes.join(', ')}` : `resolved: ${resolved.map(({ code }) => code).join(', ')}`;
  return `[${installation}] ${what}`;
}

/** The notice in words. */
export function toText(notice: Notice): string {
  if (notice.type === 'health.test') return `This is a test: alerts of ${notice.installation} arrive here.\n`;
  const part = (title: string, lines: readonly NoticeLine[]): readonly string[] =>
    lines.length === 0
      ? []
      : [
          `${title}:`,
          ...lines.map(({ code, message, severity, since }) => `- ${severity} ${code} (since ${since}): ${message}`),
          '',
        ];
  return [
    ...part('New', notice.raised),
    ...part('Still so', notice.again),
    ...part('Resolved', notice.resolved),
    '`sendit watcher status` on the host, and the page, say what exactly; names do not leave the installation.',
    '',
  ].join('\n');
}
