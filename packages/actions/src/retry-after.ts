/** A receiver cannot put us off for longer. */
const LONGEST_MS = 24 * 3_600_000;

/** The wait that a `Retry-After` header asks for (RFC 9110 §10.2.3: seconds or a date), at most a day; undefined where it asks for none. */
export function parseRetryAfter(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now.getTime();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_MS);
}
