import type { BatchDetail } from '@sendit/api';
import { Link } from '@tanstack/react-router';
import { Section } from '../ui/card.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { At } from '../ui/time.tsx';
import { toBytes, toCount } from '../words/format.ts';
import { STATUSES, UNIT } from '../words/words.ts';

type Generation = BatchDetail['generations'][number];

/** Other generations under a batch's path and the changes between them; nothing if it is the only one. */
export function Generations({ batch }: { readonly batch: BatchDetail }) {
  const { generations, id } = batch;
  if (generations.length < 2) return null;
  const columns: readonly Column<Generation>[] = [
    {
      head: UNIT.generationHead,
      cell: (one) =>
        one.id === id ? (
          <b>{toCount(one.generation)}</b>
        ) : (
          <Link to="/batch/$id" params={{ id: one.id }}>
            {toCount(one.generation)}
          </Link>
        ),
    },
    { head: UNIT.status, cell: ({ status, isDelta }) => `${STATUSES[status]}${isDelta ? `, ${UNIT.delta}` : ''}` },
    {
      head: UNIT.files,
      isNumber: true,
      cell: (one) => <Change of={one} in={generations} field="files" show={toCount} />,
    },
    {
      head: UNIT.size,
      isNumber: true,
      cell: (one) => <Change of={one} in={generations} field="bytes" show={toBytes} />,
    },
    { head: UNIT.sealed, cell: ({ createdAt }) => <At iso={createdAt} /> },
  ];
  return (
    <Section title={UNIT.generations}>
      <DataTable label={UNIT.generations} columns={columns} rows={generations} toKey={(one) => one.id} />
    </Section>
  );
}

/** A number with what it is more or less than in the generation before. */
function Change(props: {
  readonly of: Generation;
  readonly in: readonly Generation[];
  readonly field: 'files' | 'bytes';
  readonly show: (value: number) => string;
}) {
  const { of: one, in: all, field, show } = props;
  const before = all.find(({ generation }) => generation === one.generation - 1);
  const change = before === undefined || one.isDelta ? 0 : one[field] - before[field];
  return (
    <>
      {show(one[field])}
      {change === 0 ? null : <small>{change > 0 ? `+${show(change)}` : `−${show(-change)}`}</small>}
    </>
  );
}
