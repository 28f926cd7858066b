import { useQuery } from '@tanstack/react-query';
import { throughput } from '../api/queries.ts';
import { fillSpans } from '../throughput/fill-spans.ts';
import { Sparkline } from '../ui/sparkline.tsx';
import { toCountOf } from '../words/format.ts';
import { NOUNS, NOW } from '../words/words.ts';

const HOURS = 24;

/** Imports of a watch path in each of the last 24 hours. */
export function LastDay({ root }: { readonly root: string }) {
  const { data: rows, dataUpdatedAt } = useQuery({ ...throughput({ by: 'hour', root }), refetchInterval: 60_000 });
  if (rows === undefined) return null;
  const values = fillSpans(rows, 'hour', dataUpdatedAt, HOURS).map(({ batches }) => batches);
  const all = values.reduce((sum, value) => sum + value, 0);
  return <Sparkline values={values} words={NOW.inLastDay(toCountOf(all, NOUNS.batch))} />;
}
