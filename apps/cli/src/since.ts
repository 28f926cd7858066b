import { SenditError } from '@sendit/model';

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A point in time as a person gives it: how long ago (`30m`, `2h`, `7d`), or a date with or without a time (local unless it says
 * otherwise). Gives ISO 8601 in UTC.
 * @throws SenditError `bad-arguments`
 */
export function parseTime(text: string, { now, flag }: { readonly now: Date; readonly flag: string }): string {
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (count !== undefined) return new Date(now.getTime() - Number(count) * (UNIT_MS[unit] ?? 0)).toISOString();
  const isDate = /^\d{4}-\d\d-\d\d(?:$|[T ])/.test(text);
  // A date alone would be read as UTC, and people mean their own day.
  const time = isDate ? Date.parse(text.length === 10 ? `${text}T00:00` : text) : Number.NaN;
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw new SenditError(`Expected ${flag} to be 30m, 2h or 7d (ago), or a date such as 2025-03-01, got ${text}.`, {
    code: 'bad-arguments',
  });
}
