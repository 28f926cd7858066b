import type { ImageRow } from '@sendit/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { imageList } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/card.tsx';
import type { Column } from '../ui/data-table.tsx';
import { PagedTable } from '../ui/paged-table.tsx';
import { Name } from '../ui/text.tsx';
import { toBytes, toCount } from '../words/format.ts';
import { STANDINGS, UNIT } from '../words/words.ts';

const COLUMNS: readonly Column<ImageRow>[] = [
  { head: UNIT.file, isMain: true, cell: ({ path }) => <Name className="mono">{path}</Name> },
  {
    head: UNIT.number,
    isNumber: true,
    cell: ({ instanceNumber }) => (instanceNumber === null ? '' : toCount(instanceNumber)),
  },
  { head: UNIT.size, isNumber: true, cell: ({ bytes }) => toBytes(bytes) },
  {
    head: UNIT.standing,
    cell: ({ standing, isWhole }) => `${STANDINGS[standing] ?? standing}${isWhole === false ? UNIT.cut : ''}`,
  },
];

/** The files of a batch, asked for when somebody wants them: there may be many thousands. */
export function Files({ batchId, instances }: { readonly batchId: string; readonly instances: number }) {
  const [isOpen, setOpen] = useState(false);
  if (instances === 0) return null;
  return (
    <Section title={UNIT.imageFiles} isBare>
      {isOpen ? (
        <Listed batchId={batchId} />
      ) : (
        <Button onClick={() => setOpen(true)}>{UNIT.showFiles(toCount(instances))}</Button>
      )}
    </Section>
  );
}

function Listed({ batchId }: { readonly batchId: string }) {
  const query = useInfiniteQuery(imageList(batchId));
  return (
    <PagedTable
      query={query}
      label={UNIT.imageFiles}
      columns={COLUMNS}
      toKey={({ sopInstanceUid, path }) => `${sopInstanceUid} ${path}`}
      nothing={UNIT.noFiles}
    />
  );
}
