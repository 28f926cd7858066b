import { toRootLabels } from '@sendit/model';
import { Link } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import type { Unit } from '../units/unit.ts';
import { UnitWhy } from '../units/unit-why.tsx';
import { StagePill } from '../ui/pill.tsx';
import { Name } from '../ui/text.tsx';
import { Age } from '../ui/time.tsx';
import { toAge, toBytes, toCount } from '../words/format.ts';
import { BOARD, WHY } from '../words/words.ts';
import type { BoardFilter } from './board-filter.ts';
import styles from './board-table.module.css';

const ROW_PX = 58;
/** So many rows before the last one the next page is asked for. */
const EARLY_ROWS = 30;

/** The rows that can be seen, of however many there are. */
export function BoardTable(props: {
  readonly rows: readonly Unit[];
  /** Number of all rows, fetched or not. */
  readonly count: number;
  readonly hasMore: boolean;
  readonly onEnd: () => void;
  readonly filter: BoardFilter;
  readonly onFilter: (filter: BoardFilter) => void;
}) {
  const { rows, count, hasMore, onEnd, filter, onFilter } = props;
  const body = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- the React Compiler is not used
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_PX,
    overscan: 12,
    scrollMargin: body.current?.offsetTop ?? 0,
    getItemKey: (at) => rows[at]?.key ?? at,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= rows.length - EARLY_ROWS) onEnd();
  }, [last, rows.length, hasMore, onEnd]);
  useSteadyRows(rows, items[0]?.index ?? 0);
  const labels = useMemo(() => toLabels(rows), [rows]);
  return (
    <div
      role="table"
      aria-label={BOARD.title}
      aria-rowcount={count + 1}
      className={styles['table']}
      onKeyDown={moveByArrow}
    >
      <div role="rowgroup" className={styles['head']}>
        <div role="row" aria-rowindex={1} className={styles['row']}>
          {COLUMNS.map(({ words, sort }) => (
            <Head key={words} words={words} sort={sort} filter={filter} onFilter={onFilter} />
          ))}
        </div>
      </div>
      <div ref={body} role="rowgroup" className={styles['body']} style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, key, start }) => {
          const unit = rows[index];
          if (unit === undefined) return null;
          return (
            <div
              key={key}
              ref={virtual.measureElement}
              role="row"
              data-index={index}
              aria-rowindex={index + 2}
              className={`${styles['row']} ${styles['unit']}`}
              style={{ transform: `translateY(${start - virtual.options.scrollMargin}px)` }}
            >
              <Cells unit={unit} label={labels.get(toRoot(unit)) ?? toRoot(unit)} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

const COLUMNS = [
  { words: BOARD.unit, sort: 'name' },
  { words: BOARD.stage, sort: undefined },
  { words: BOARD.why, sort: undefined },
  { words: BOARD.files, sort: 'files' },
  { words: BOARD.size, sort: 'bytes' },
  { words: BOARD.series, sort: undefined },
  { words: BOARD.findings, sort: 'findings' },
  { words: BOARD.age, sort: 'createdAt' },
] as const;

function Head(props: {
  readonly words: string;
  readonly sort: (typeof COLUMNS)[number]['sort'];
  readonly filter: BoardFilter;
  readonly onFilter: (filter: BoardFilter) => void;
}) {
  const { words, sort, filter, onFilter } = props;
  if (sort === undefined) return <span role="columnheader">{words}</span>;
  const { sort: by = '-createdAt', ...rest } = filter;
  const direction = by === sort ? 'ascending' : by === `-${sort}` ? 'descending' : 'none';
  const next = by === `-${sort}` ? sort : (`-${sort}` as const);
  return (
    <span role="columnheader" aria-sort={direction}>
      <button
        type="button"
        title={BOARD.sortBy(words)}
        onClick={() => onFilter(next === '-createdAt' ? rest : { ...rest, sort: next })}
      >
        {words}
      </button>
    </span>
  );
}

function Cells({ unit, label }: { readonly unit: Unit; readonly label: string }) {
  const batch = unit.kind === 'batch' ? unit.batch : undefined;
  return (
    <>
      <span role="cell" className={styles['name']}>
        <UnitLink unit={unit} />
        <small>
          <Name>{label}</Name>
          {batch !== undefined && batch.generation > 1 ? ` · ${WHY.generation(batch.generation)}` : null}
        </small>
      </span>
      <span role="cell" className={styles['stage']}>
        <StagePill stage={unit.stage} />
      </span>
      <span role="cell" className={styles['why']}>
        <UnitWhy unit={unit} />
      </span>
      <span role="cell" className={styles['figure']} data-label={BOARD.files}>
        {batch === undefined ? '' : toCount(batch.files)}
      </span>
      <span role="cell" className={styles['figure']} data-label={BOARD.size}>
        {batch === undefined ? '' : toBytes(batch.bytes)}
      </span>
      <span role="cell" className={styles['figure']} data-label={BOARD.series}>
        {batch === undefined || batch.series === 0 ? '' : toCount(batch.series)}
      </span>
      <span role="cell" className={`${styles['figure']} ${styles['findings']}`} data-label={BOARD.findings}>
        {batch === undefined || batch.findings === 0 ? '' : toCount(batch.findings)}
      </span>
      <span role="cell" className={styles['age']}>
        {batch === undefined ? toWaiting(unit) : <Age iso={batch.createdAt} />}
      </span>
    </>
  );
}

function UnitLink({ unit }: { readonly unit: Unit }) {
  if (unit.kind === 'batch') {
    return (
      <Link to="/batch/$id" params={{ id: unit.batch.id }} data-row="">
        <Name>{unit.batch.name}</Name>
      </Link>
    );
  }
  return (
    <Link to="/waiting/$key" params={{ key: unit.key }} data-row="">
      <Name>{unit.pending.name}</Name>
    </Link>
  );
}

function toWaiting(unit: Unit): string {
  return unit.kind === 'pending' && unit.pending.waitingMs !== null ? toAge(unit.pending.waitingMs) : '';
}

function toRoot(unit: Unit): string {
  return unit.kind === 'batch' ? unit.batch.root : unit.pending.root;
}

function toLabels(rows: readonly Unit[]): ReadonlyMap<string, string> {
  const seen = new Map(rows.map((unit) => [toRoot(unit), unit.kind === 'batch' ? unit.batch.path : unit.pending.path]));
  return toRootLabels(Array.from(seen, ([name, path]) => ({ name, path })));
}

/** Arrow up and down go from row to row. */
function moveByArrow(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')].toSorted(
    (a, b) => toIndex(a) - toIndex(b),
  );
  const at = links.findIndex((link) => link === document.activeElement);
  const next = links[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (at === -1 || next === undefined) return;
  event.preventDefault();
  next.focus();
}

function toIndex(link: HTMLElement): number {
  return Number(link.closest<HTMLElement>('[data-index]')?.dataset['index']);
}

/** Keeps the row being read in place while rows come above it. */
function useSteadyRows(rows: readonly Unit[], firstIndex: number): void {
  const seen = useRef({ key: '', at: 0 });
  useLayoutEffect(() => {
    const { key, at } = seen.current;
    const isScrolled = window.scrollY > ROW_PX * 4;
    if (isScrolled && rows[at]?.key !== key) {
      const now = rows.findIndex((row) => row.key === key);
      if (now > at) window.scrollBy({ top: (now - at) * ROW_PX, behavior: 'instant' });
    }
    seen.current = { key: rows[firstIndex]?.key ?? '', at: firstIndex };
  }, [rows, firstIndex]);
}
