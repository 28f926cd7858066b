import type { AuditRecord } from '@sendit/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { auditList } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/card.tsx';
import { type CsvColumn, saveFile, toCsv } from '../ui/csv.ts';
import type { Column } from '../ui/data-table.tsx';
import { PagedTable } from '../ui/paged-table.tsx';
import { Name } from '../ui/text.tsx';
import { At } from '../ui/time.tsx';
import { AUDIT, DECIDED, LIST, UNIT } from '../words/words.ts';

const COLUMNS: readonly Column<AuditRecord>[] = [
  { head: AUDIT.when, cell: ({ at }) => <At iso={at} /> },
  { head: AUDIT.who, cell: ({ by }) => <Name>{by}</Name> },
  { head: AUDIT.what, cell: ({ decision }) => DECIDED[decision] ?? decision },
  {
    head: AUDIT.about,
    cell: (record) => (
      <>
        <Name>{toName(record)}</Name>
        {record.batchId === null ? null : (
          <small>
            <Link to="/batch/$id" params={{ id: record.batchId }}>
              {UNIT.batch(record.batchId)}
            </Link>
          </small>
        )}
      </>
    ),
  },
  { head: AUDIT.from, isSpare: true, cell: ({ from, to }) => `${from} → ${to}` },
  { head: AUDIT.why, isMain: true, cell: ({ reason }) => <Name>{reason}</Name> },
];

const KEPT: readonly CsvColumn<AuditRecord>[] = [
  { head: 'at', value: ({ at }) => at },
  { head: 'by', value: ({ by }) => by },
  { head: 'decision', value: ({ decision }) => decision },
  { head: 'from', value: ({ from }) => from },
  { head: 'to', value: ({ to }) => to },
  { head: 'reason', value: ({ reason }) => reason },
  { head: 'batch', value: ({ batchId }) => batchId },
  { head: 'root', value: ({ root }) => root },
  { head: 'path', value: ({ path }) => path },
];

/** Who did what, when and why. */
export function AuditView() {
  const query = useInfiniteQuery(auditList);
  const rows = query.data?.pages.flatMap(({ results }) => results) ?? [];
  return (
    <>
      <h1>{AUDIT.title}</h1>
      <Section
        title={AUDIT.decided}
        isBare
        aside={
          rows.length === 0 ? null : (
            <Button onClick={() => saveFile(AUDIT.file, toCsv(KEPT, rows))}>{LIST.export}</Button>
          )
        }
      >
        <PagedTable
          query={query}
          label={AUDIT.title}
          columns={COLUMNS}
          toKey={({ id }) => id}
          nothing={AUDIT.nothing}
        />
      </Section>
    </>
  );
}

function toName({ path }: AuditRecord): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
