import type { WatcherStatus } from '@sendit/api';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const counts = new Intl.NumberFormat('en');
const fullTimes = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' });
const days = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });
const clockTimes = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** `3 min ago`; a date from a week on. `now` is in epoch milliseconds. */
export function toRelativeTime(iso: string, now: number): string {
  const then = Date.parse(iso);
  if (Number.isNaN(then)) return '–';
  const age = now - then;
  if (age < -MINUTE || age >= 7 * DAY) return days.format(then);
  if (age < 10 * SECOND) return 'just now';
  if (age < MINUTE) return `${Math.floor(age / SECOND)} s ago`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h ago`;
  return `${Math.floor(age / DAY)} d ago`;
}

/** Date, time and zone in full, in the reader's time zone. */
export function toFullTime(iso: string): string {
  const then = Date.parse(iso);
  return Number.isNaN(then) ? '' : fullTimes.format(then);
}

/** `14:02:11`, of epoch milliseconds. */
export function toClockTime(at: number): string {
  return clockTimes.format(at);
}

/** `12,345`. */
export function toCount(count: number): string {
  return counts.format(count);
}

/** `1 series`, `12 studies`: the count with its word. */
export function toCountOf(count: number, [one, many]: readonly [one: string, many: string]): string {
  return `${counts.format(count)} ${count === 1 ? one : many}`;
}

/** `1.2 GB`, powers of 1000. */
export function toBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** `850 ms`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function toDuration(ms: number): string {
  if (ms < SECOND) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < MINUTE) return `${Math.round(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ${Math.floor((ms % MINUTE) / SECOND)} s`;
  return `${Math.floor(ms / HOUR)} h ${Math.floor((ms % HOUR) / MINUTE)} min`;
}

/** DICOM's `20240131` as `2024-01-31`; anything else as it is. */
export function toStudyDate(date: string): string {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(date);
  return match === null ? date : `${match[1]}-${match[2]}-${match[3]}`;
}

// Control characters, and the marks that reorder or hide text around them.
const INVISIBLE = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** A name from disk with characters that would hide or reorder text written out as `\u{202e}`. */
export function toVisible(name: string): string {
  return name.replace(INVISIBLE, (mark) => `\\u{${mark.codePointAt(0)?.toString(16) ?? ''}}`);
}

/** The headline by the one judgement of health: an exit code other than 0 of `sendit watcher status` is never well here. */
export function toHeadline({ active, health }: Pick<WatcherStatus, 'active' | 'health'>): {
  readonly isWell: boolean;
  readonly words: string;
} {
  if (!active) return { isWell: false, words: 'inactive' };
  const standing = health?.problems.filter(({ severity }) => severity !== 'info').length ?? 0;
  if (standing === 0) return { isWell: true, words: 'active' };
  return { isWell: false, words: `active, ${standing === 1 ? '1 problem' : `${standing} problems`}` };
}
