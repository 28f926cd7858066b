import { LANGUAGE, UNITS } from './words.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const counts = new Intl.NumberFormat(LANGUAGE);
const fullTimes = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'full', timeStyle: 'long' });
const days = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium' });
const clockTimes = new Intl.DateTimeFormat(LANGUAGE, { timeStyle: 'medium' });
const shortTimes = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium', timeStyle: 'medium' });

/** `3 min ago`; a date from a week on. `now` is in epoch milliseconds. */
export function toRelativeTime(iso: string, now: number): string {
  const then = Date.parse(iso);
  if (Number.isNaN(then)) return UNITS.unknown;
  const age = now - then;
  if (age < -MINUTE || age >= 7 * DAY) return days.format(then);
  if (age < 10 * SECOND) return UNITS.justNow;
  return UNITS.ago(toAge(age));
}

/** `42 s`, `12 min`, `6 h 12 min`, `3 d`: one look long. */
export function toAge(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.floor(ms / SECOND))} ${UNITS.second}`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} ${UNITS.minute}`;
  if (ms < DAY) {
    const minutes = Math.floor((ms % HOUR) / MINUTE);
    return `${Math.floor(ms / HOUR)} ${UNITS.hour}${minutes === 0 ? '' : ` ${minutes} ${UNITS.minute}`}`;
  }
  return `${Math.floor(ms / DAY)} ${UNITS.day}`;
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

/** `28 Feb 2025, 14:02:11`. */
export function toShortTime(iso: string): string {
  const then = Date.parse(iso);
  return Number.isNaN(then) ? UNITS.unknown : shortTimes.format(then);
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
  const units = UNITS.bytes;
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
  if (ms < SECOND) return `${Math.max(0, Math.round(ms))} ${UNITS.millisecond}`;
  if (ms < 10 * SECOND) return `${(ms / SECOND).toFixed(1)} ${UNITS.second}`;
  if (ms < MINUTE) return `${Math.round(ms / SECOND)} ${UNITS.second}`;
  if (ms < HOUR)
    return `${Math.floor(ms / MINUTE)} ${UNITS.minute} ${Math.floor((ms % MINUTE) / SECOND)} ${UNITS.second}`;
  return `${Math.floor(ms / HOUR)} ${UNITS.hour} ${Math.floor((ms % HOUR) / MINUTE)} ${UNITS.minute}`;
}

/** DICOM's `20240131` as `2024-01-31`; anything else as it is. */
export function toStudyDate(date: string): string {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(date);
  return match === null ? date : `${match[1]}-${match[2]}-${match[3]}`;
}
