import type { ThroughputQuery, ThroughputRow } from '@sendit/api';
import { toRootLabels } from '@sendit/model';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { throughput } from '../api/queries.ts';
import { useLive } from '../live/live-store.ts';
import { Asked } from '../ui/asked.tsx';
import { Button } from '../ui/button.tsx';
import { Empty, Section } from '../ui/card.tsx';
import { Choice } from '../ui/choice.tsx';
import { type CsvColumn, saveFile, toCsv } from '../ui/csv.ts';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { toBytes, toCount, toCountOf, toDuration } from '../words/format.ts';
import { toVisible } from '../words/visible.ts';
import { BOARD, LIST, NOUNS, THROUGHPUT } from '../words/words.ts';
import { Chart } from './chart.tsx';
import { fillSpans } from './fill-spans.ts';
import { toSpanWords } from './span-words.ts';
import styles from './throughput-view.module.css';

type Span = NonNullable<ThroughputQuery['by']>;

const SPANS: readonly (readonly [Span, string])[] = [
  ['hour', THROUGHPUT.hour],
  ['day', THROUGHPUT.day],
  ['week', THROUGHPUT.week],
];

/** Imports per hour, day or week: how much and how fast. */
export function ThroughputView() {
  const [by, setBy] = useState<Span>('hour');
  const [root, setRoot] = useState('');
  const query = useQuery({ ...throughput({ by, ...(root === '' ? {} : { root }) }), refetchInterval: 60_000 });
  return (
    <>
      <div className={styles['head']}>
        <h1>{THROUGHPUT.title}</h1>
        <RootChoice chosen={root} onChoose={setRoot} />
        <Choice label={THROUGHPUT.spans} options={SPANS} chosen={by} onChoose={setBy} />
      </div>
      <Asked query={query}>
        {(rows) =>
          rows.every(({ batches }) => batches === 0) ? (
            <Section title={THROUGHPUT.imagesChart} isBare>
              <Empty>{THROUGHPUT.nothing}</Empty>
            </Section>
          ) : (
            <Spans rows={fillSpans(rows, by, query.dataUpdatedAt)} by={by} />
          )
        }
      </Asked>
    </>
  );
}

function RootChoice({ chosen, onChoose }: { readonly chosen: string; readonly onChoose: (root: string) => void }) {
  const roots = useLive().status?.roots ?? [];
  if (roots.length < 2) return null;
  const labels = toRootLabels(roots);
  return (
    <select
      className={styles['roots']}
      aria-label={BOARD.root}
      value={chosen}
      onChange={({ target }) => onChoose(target.value)}
    >
      <option value="">{BOARD.allPaths}</option>
      {roots.map(({ name }) => (
        <option key={name} value={name}>
          {toVisible(labels.get(name) ?? name)}
        </option>
      ))}
    </select>
  );
}

function Spans({ rows, by }: { readonly rows: readonly ThroughputRow[]; readonly by: Span }) {
  const at = rows.map((row) => Date.parse(row.at) / 1_000);
  const columns = toColumns(by);
  return (
    <>
      <p className={styles['summary']}>
        {THROUGHPUT.summary(
          toCountOf(sum(rows.map(({ studies }) => studies)), NOUNS.study),
          toCountOf(sum(rows.map(({ instances }) => instances)), NOUNS.image),
          toBytes(sum(rows.map(({ bytes }) => bytes))),
        )}
      </p>
      <div className={styles['charts']}>
        <Section title={THROUGHPUT.imagesChart}>
          <Chart
            at={at}
            kind="bars"
            unit="count"
            lines={[{ name: THROUGHPUT.images, color: '--accent', values: rows.map(({ instances }) => instances) }]}
          />
        </Section>
        <Section title={THROUGHPUT.sizeChart}>
          <Chart
            at={at}
            kind="bars"
            unit="bytes"
            lines={[{ name: THROUGHPUT.size, color: '--blue', values: rows.map(({ bytes }) => bytes) }]}
          />
        </Section>
      </div>
      <Section title={THROUGHPUT.latencyChart}>
        <Chart
          at={at}
          kind="lines"
          unit="ms"
          lines={(['p50', 'p95', 'p99'] as const).map((name, index) => ({
            name: THROUGHPUT[name],
            color: ['--green', '--amber', '--red'][index] ?? '--ink',
            values: rows.map(({ sealedToImportedMs }) =>
              sealedToImportedMs === null ? null : sealedToImportedMs[name],
            ),
          }))}
        />
      </Section>
      <Section
        title={THROUGHPUT.table}
        aside={<Button onClick={() => saveFile(THROUGHPUT.file, toCsv(KEPT, rows))}>{LIST.export}</Button>}
      >
        <DataTable
          label={THROUGHPUT.title}
          columns={columns}
          rows={rows.filter(({ batches }) => batches > 0).toReversed()}
          toKey={(row) => row.at}
        />
      </Section>
    </>
  );
}

function toColumns(by: Span): readonly Column<ThroughputRow>[] {
  return [
    { head: THROUGHPUT.begin, isMain: true, cell: ({ at }) => toSpanWords(at, by) },
    { head: THROUGHPUT.batches, isNumber: true, cell: ({ batches }) => toCount(batches) },
    {
      head: THROUGHPUT.failed,
      isNumber: true,
      isSpare: true,
      cell: ({ failed }) => (failed === 0 ? '' : toCount(failed)),
    },
    { head: THROUGHPUT.studies, isNumber: true, cell: ({ studies }) => toCount(studies) },
    { head: THROUGHPUT.images, isNumber: true, cell: ({ instances }) => toCount(instances) },
    { head: THROUGHPUT.size, isNumber: true, cell: ({ bytes }) => toBytes(bytes) },
    ...(['p50', 'p95', 'p99'] as const).map(
      (name): Column<ThroughputRow> => ({
        head: THROUGHPUT[name],
        isNumber: true,
        isSpare: name !== 'p95',
        cell: ({ sealedToImportedMs: ms }) => (ms === null ? '' : toDuration(ms[name])),
      }),
    ),
  ];
}

const KEPT: readonly CsvColumn<ThroughputRow>[] = [
  { head: 'at', value: ({ at }) => at },
  ...(['batches', 'failed', 'studies', 'series', 'instances', 'files', 'bytes'] as const).map(
    (name): CsvColumn<ThroughputRow> => ({ head: name, value: (row) => row[name] }),
  ),
  ...(['p50', 'p95', 'p99'] as const).map(
    (name): CsvColumn<ThroughputRow> => ({
      head: `sealed_to_imported_ms_${name}`,
      value: ({ sealedToImportedMs }) => sealedToImportedMs?.[name] ?? null,
    }),
  ),
];

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
