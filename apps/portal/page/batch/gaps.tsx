import type { SeriesSummary } from '@sendit/api';
import { toCount, toCountOf } from '../words/format.ts';
import { NOUNS, UNIT } from '../words/words.ts';
import styles from './gaps.module.css';

/** Which instance numbers of a series are there, as a picture and in words: what lies between two runs is missing. */
export function Gaps({ series }: { readonly series: SeriesSummary }) {
  const { received, expected } = series;
  const numbers = toRuns(series);
  const [first] = numbers;
  const last = numbers.at(-1);
  if (expected === null || first === undefined || last === undefined) return <>{toCountOf(received, NOUNS.image)}</>;
  const [from, to] = [first[0], last[1]];
  const span = to - from + 1;
  const missing = toMissing(numbers);
  return (
    <div className={styles['gaps']} data-missing={missing.length > 0}>
      <span>{missing.length === 0 ? UNIT.allNumbers(toCount(received)) : UNIT.missing(toList(missing))}</span>
      <svg viewBox={`0 0 ${span} 1`} preserveAspectRatio="none" aria-hidden="true">
        {numbers.map(([a, b]) => (
          <rect key={a} x={a - from} y="0" width={b - a + 1} height="1" />
        ))}
      </svg>
    </div>
  );
}

type Run = readonly [from: number, to: number];

function toRuns({ numbers }: SeriesSummary): readonly Run[] {
  return numbers.flatMap(([from, to]) => (from === undefined || to === undefined ? [] : [[from, to] as const]));
}

function toMissing(numbers: readonly Run[]): readonly Run[] {
  return numbers.slice(1).map(([from], at) => [(numbers[at]?.[1] ?? from) + 1, from - 1] as const);
}

const MOST_NAMED = 4;

function toList(runs: readonly Run[]): string {
  const named = runs.slice(0, MOST_NAMED).map(([from, to]) => (from === to ? String(from) : `${from}–${to}`));
  return `${named.join(', ')}${runs.length > MOST_NAMED ? ' …' : ''}`;
}
