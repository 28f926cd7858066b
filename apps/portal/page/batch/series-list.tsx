import type { BatchDetail, SeriesSummary, StudySummary } from '@sendit/api';
import { Empty, Section } from '../ui/card.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Name, Uid } from '../ui/text.tsx';
import { toBytes, toCount, toCountOf, toStudyDate } from '../words/format.ts';
import { NOUNS, UNIT } from '../words/words.ts';
import { Gaps } from './gaps.tsx';
import styles from './series-list.module.css';

/** Longer lists are cut: the page is for a look, the command line for the rest. */
const MAX_ROWS = 200;

const COLUMNS: readonly Column<SeriesSummary>[] = [
  {
    head: UNIT.series,
    isMain: true,
    cell: ({ seriesNumber, seriesInstanceUid }) => (
      <>
        <b>{seriesNumber === null ? '' : toCount(seriesNumber)}</b>{' '}
        <Uid className={styles['uid']}>{seriesInstanceUid}</Uid>
      </>
    ),
  },
  { head: UNIT.modality, cell: ({ modality }) => (modality === null ? '' : <Name>{modality}</Name>) },
  { head: UNIT.images, isNumber: true, cell: ({ instances }) => toCount(instances) },
  { head: UNIT.size, isNumber: true, cell: ({ bytes }) => toBytes(bytes) },
  { head: UNIT.numbers, cell: (series) => <Gaps series={series} /> },
];

/** Content of a batch: its series, by study. */
export function SeriesList({ batch }: { readonly batch: BatchDetail }) {
  const { studyList } = batch;
  if (studyList.length === 0) {
    return (
      <Section title={UNIT.series} isBare>
        <Empty>{UNIT.noSeries}</Empty>
      </Section>
    );
  }
  const summary = [
    toCountOf(batch.studies, NOUNS.study),
    toCountOf(batch.series, NOUNS.series),
    toCountOf(batch.instances, NOUNS.image),
  ];
  return (
    <Section title={UNIT.series} aside={<span className={styles['soft']}>{summary.join(' · ')}</span>}>
      {studyList.slice(0, MAX_ROWS).map((study) => (
        <Study key={study.studyInstanceUid} study={study} />
      ))}
      {studyList.length > MAX_ROWS ? <More count={studyList.length - MAX_ROWS} /> : null}
    </Section>
  );
}

function Study({ study }: { readonly study: StudySummary }) {
  const { studyInstanceUid, studyDate, seriesList } = study;
  return (
    <div className={styles['study']}>
      <h3>
        {UNIT.study} {studyDate === null ? null : <Name>{toStudyDate(studyDate)}</Name>}{' '}
        <Name className={styles['uid']}>{studyInstanceUid}</Name>
      </h3>
      <DataTable
        label={UNIT.series}
        columns={COLUMNS}
        rows={seriesList.slice(0, MAX_ROWS)}
        toKey={({ seriesInstanceUid }) => seriesInstanceUid}
      />
      {seriesList.length > MAX_ROWS ? <More count={seriesList.length - MAX_ROWS} /> : null}
    </div>
  );
}

function More({ count }: { readonly count: number }) {
  return <p className={styles['more']}>{UNIT.moreRows(toCount(count))}</p>;
}
