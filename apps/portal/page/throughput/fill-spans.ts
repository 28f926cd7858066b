import type { ThroughputQuery, ThroughputRow } from '@sendit/api';

const HOUR_MS = 3_600_000;

/** Length of each span, and where the first began: weeks begin on Monday, and all in UTC. */
const SPANS: Readonly<Record<NonNullable<ThroughputQuery['by']>, { readonly ms: number; readonly from: number }>> = {
  hour: { ms: HOUR_MS, from: 0 },
  day: { ms: 24 * HOUR_MS, from: 0 },
  week: { ms: 7 * 24 * HOUR_MS, from: Date.UTC(1970, 0, 5) },
};

/** So many spans are shown where nothing says otherwise. */
const SHOWN = { hour: 48, day: 30, week: 26 } as const;

/** The spans up to `now`, the oldest first, those without an import too: they are not in the API's answer. */
export function fillSpans(
  rows: readonly ThroughputRow[],
  by: keyof typeof SPANS,
  now: number,
  count: number = SHOWN[by],
): readonly ThroughputRow[] {
  const { ms, from } = SPANS[by];
  const present = from + Math.floor((now - from) / ms) * ms;
  const known = new Map(rows.map((row) => [Date.parse(row.at), row]));
  return Array.from({ length: count }, (_, at) => {
    const begin = present - (count - 1 - at) * ms;
    return known.get(begin) ?? toEmpty(begin);
  });
}

function toEmpty(begin: number): ThroughputRow {
  const none = { batches: 0, failed: 0, studies: 0, series: 0, instances: 0, files: 0, bytes: 0 };
  return { at: new Date(begin).toISOString(), ...none, sealedToImportedMs: null, importMs: null };
}
