import type { ReactNode } from 'react';
import styles from './data-table.module.css';

/** One column: its head, and what it says of a row. */
export interface Column<Row> {
  readonly head: string;
  /** Right-aligned. */
  readonly isNumber?: boolean;
  /** Stands alone and without a label above the others where a row is a card. */
  readonly isMain?: boolean;
  /** Left out where there is no room for all. */
  readonly isSpare?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

/** A table; where it is narrow every row becomes a card, and the roles keep it a table to a screen reader. */
export function DataTable<Row>(props: {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly toKey: (row: Row) => string;
}) {
  const { label, columns, rows, toKey } = props;
  return (
    <div className={styles['frame']}>
      <table className={styles['table']} role="table" aria-label={label}>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column.head} role="columnheader" scope="col" className={toClass(column)}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={toKey(row)} role="row">
              {columns.map((column) => (
                <td key={column.head} role="cell" data-label={column.head} className={toClass(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function toClass({ isNumber = false, isMain = false, isSpare = false }: Column<never>): string | undefined {
  const names = [isNumber && styles['number'], isMain && styles['main'], isSpare && styles['spare']].filter(Boolean);
  return names.length === 0 ? undefined : names.join(' ');
}
