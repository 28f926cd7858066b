import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { toBytes, toDuration } from '../words/format.ts';
import { LANGUAGE } from '../words/words.ts';
import styles from './chart.module.css';

/** One line, or the bars, of a chart. */
export interface ChartLine {
  readonly name: string;
  /** Name of a colour of the page: `--accent`. */
  readonly color: string;
  /** One for each point in time; null where there is none. */
  readonly values: readonly (number | null)[];
}

/** Images, bytes or milliseconds. */
export type ChartUnit = 'count' | 'bytes' | 'ms';

const HEIGHT_REM = 13;
const BAR_PATHS = uPlot.paths.bars?.({ size: [0.7, 60], radius: 0.15 });
const hours = new Intl.DateTimeFormat(LANGUAGE, { hour: '2-digit', minute: '2-digit' });
const days = new Intl.DateTimeFormat(LANGUAGE, { weekday: 'short', day: 'numeric', month: 'short' });
const DAY_S = 86_400;
const numbers = new Intl.NumberFormat(LANGUAGE, { notation: 'compact', maximumFractionDigits: 1 });

/** A picture of numbers over time. It says nothing to a screen reader: the table beside it does. */
export function Chart(props: {
  /** Epoch seconds. */
  readonly at: readonly number[];
  readonly kind: 'bars' | 'lines';
  /** Name of the numbers. */
  readonly unit: ChartUnit;
  readonly lines: readonly ChartLine[];
}) {
  const { at, kind, unit, lines } = props;
  const frame = useRef<HTMLDivElement>(null);
  const drawn = JSON.stringify([at, kind, unit, lines]);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const [points, how, of, what] = JSON.parse(drawn) as [number[], 'bars' | 'lines', ChartUnit, ChartLine[]];
    let chart: uPlot | undefined;
    const draw = (): void => {
      chart?.destroy();
      chart = new uPlot(
        toOptions(element, { kind: how, unit: of, lines: what }),
        [points, ...what.map(({ values }) => [...values])],
        element,
      );
    };
    const resized = new ResizeObserver(draw);
    resized.observe(element);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', draw);
    return () => {
      resized.disconnect();
      scheme.removeEventListener('change', draw);
      chart?.destroy();
    };
  }, [drawn]);
  return (
    <figure className={styles['chart']}>
      <div ref={frame} aria-hidden="true" />
      {lines.length < 2 ? null : (
        <figcaption>
          {lines.map(({ name, color }) => (
            <span key={name} data-color={color}>
              {name}
            </span>
          ))}
        </figcaption>
      )}
    </figure>
  );
}

const TICKS: Readonly<Record<ChartUnit, (value: number) => string>> = {
  count: (value) => numbers.format(value),
  bytes: toBytes,
  ms: (value) => (value === 0 ? '0' : toDuration(value)),
};

/** A day at its midnight, an hour otherwise. `at` and `step` in seconds. */
function toTick(at: number, step: number): string {
  const time = new Date(at * 1_000);
  const isDay = step >= DAY_S || (time.getHours() === 0 && time.getMinutes() === 0);
  return (isDay ? days : hours).format(time);
}

/** Room for half a bar at both ends. */
function toPadded(_chart: uPlot, from: number, to: number): uPlot.Range.MinMax {
  const room = (to - from) / 80;
  return [from - room, to + room];
}

interface Drawn {
  readonly kind: 'bars' | 'lines';
  readonly unit: ChartUnit;
  readonly lines: readonly ChartLine[];
}

function toOptions(element: HTMLElement, { kind, unit, lines }: Drawn): uPlot.Options {
  const style = getComputedStyle(element);
  const toColor = (name: string): string => style.getPropertyValue(name).trim();
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const font = `${Math.round(0.85 * rem)}px ${style.fontFamily}`;
  const axis = {
    stroke: toColor('--soft'),
    font,
    grid: { stroke: toColor('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height: HEIGHT_REM * rem,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { range: toPadded }, y: { range: (_chart, _low, high) => [0, high === 0 ? 1 : high * 1.08] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 2 * rem,
        space: 6 * rem,
        values: (_chart, splits, _axis, _space, step) => splits.map((at) => toTick(at, step)),
      },
      { ...axis, size: 4.4 * rem, values: (_chart, values) => values.map(TICKS[unit]) },
    ],
    series: [
      {},
      ...lines.map(
        ({ name, color }): uPlot.Series => ({
          label: name,
          stroke: toColor(color),
          width: kind === 'bars' ? 0 : 1.6,
          points: { show: kind === 'lines', size: 4 },
          spanGaps: true,
          ...(kind === 'bars'
            ? { fill: toColor(color), ...(BAR_PATHS === undefined ? {} : { paths: BAR_PATHS }) }
            : {}),
        }),
      ),
    ],
  };
}
