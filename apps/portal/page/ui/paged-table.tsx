import type { Page } from '@sendit/api';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { toCount } from '../words/format.ts';
import { LIST } from '../words/words.ts';
import { Asked } from './asked.tsx';
import { Button } from './button.tsx';
import { Empty } from './card.tsx';
import { type Column, DataTable } from './data-table.tsx';
import styles from './paged-table.module.css';

/** A list of the API as a table, a page more at a click. */
export function PagedTable<Row>(props: {
  readonly query: UseInfiniteQueryResult<InfiniteData<Page<Row>>>;
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly toKey: (row: Row) => string;
  readonly nothing: string;
}) {
  const { query, label, columns, toKey, nothing } = props;
  return (
    <Asked query={query}>
      {({ pages }) => {
        const rows = pages.flatMap(({ results }) => results);
        if (rows.length === 0) return <Empty>{nothing}</Empty>;
        const count = pages.at(-1)?.count ?? rows.length;
        return (
          <div className={styles['sheet']}>
            <DataTable label={label} columns={columns} rows={rows} toKey={toKey} />
            {query.hasNextPage ? (
              <p className={styles['more']}>
                {LIST.shown(toCount(rows.length), toCount(count))}
                <Button disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  {LIST.more}
                </Button>
              </p>
            ) : null}
          </div>
        );
      }}
    </Asked>
  );
}
