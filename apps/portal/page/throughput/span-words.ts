import { LANGUAGE } from '../words/words.ts';

const hours = new Intl.DateTimeFormat(LANGUAGE, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
// Days and weeks begin in UTC.
const days = new Intl.DateTimeFormat(LANGUAGE, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

/** The begin of a span as people say it. */
export function toSpanWords(at: string, by: 'hour' | 'day' | 'week'): string {
  return (by === 'hour' ? hours : days).format(Date.parse(at));
}
