import type { AuditRecord } from '@sendit/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { auditList } from '../api/queries.ts';
import { Asked } from '../ui/asked.tsx';
import { Empty, Section } from '../ui/card.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Name } from '../ui/text.tsx';
import { At } from '../ui/time.tsx';
import { AUDIT, DECIDED, UNIT } from '../words/words.ts';

const NEWEST = 500;

const COLUMNS: readonly Column<AuditRecord>[] = [
  { head: AUDIT.when, cell: ({ at }) => <At iso={at} /> },
  { head: AUDIT.who, cell: ({ by }) => <Name>{by}</Name> },
  { head: AUDIT.what, cell: ({ decision }) => DECIDED[decision] ?? decision },
  {
    head: AUDIT.about,
    cell: ({ batchId, path }) => (
      <>
        <Name>{path.slice(path.lastIndexOf('/') + 1)}</Name>
        {batchId === null ? null : (
          <small>
            <Link to="/batch/$id" params={{ id: batchId }}>
              {UNIT.batch(batchId)}
            </Link>
          </small>
        )}
      </>
    ),
  },
  { head: AUDIT.from, isSpare: true, cell: ({ from, to }) => `${from} → ${to}` },
  { head: AUDIT.why, isMain: true, cell: ({ reason }) => <Name>{reason}</Name> },
];

/** Who did what, when and why. */
export function AuditView() {
  const query = useQuery(auditList(NEWEST));
  return (
    <>
      <h1>{AUDIT.title}</h1>
      <Asked query={query}>
        {(records) =>
          records.length === 0 ? (
            <Section title={AUDIT.what} isBare>
              <Empty>{AUDIT.nothing}</Empty>
            </Section>
          ) : (
            <Section title={AUDIT.what}>
              <DataTable label={AUDIT.title} columns={COLUMNS} rows={records} toKey={({ id }) => id} />
            </Section>
          )
        }
      </Asked>
    </>
  );
}
