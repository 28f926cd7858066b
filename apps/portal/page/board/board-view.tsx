import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { batchList, pendingList } from '../api/queries.ts';
import { useLive } from '../live/live-store.ts';
import { Asked } from '../ui/asked.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/card.tsx';
import { toCountOf } from '../words/format.ts';
import { BOARD, NOUNS } from '../words/words.ts';
import { type BoardFilter, toBatchQuery } from './board-filter.ts';
import { toRows } from './board-rows.ts';
import { BoardTable } from './board-table.tsx';
import styles from './board-view.module.css';
import { Filters } from './filters.tsx';

const route = getRouteApi('/board');
const NONE = [] as const;
const NOTHING = { pages: [], pageParams: [] };
/** A list that was scrolled further is not fetched again by itself: the live feed tells of the newest. */
const FEW_PAGES = 3;
const REFRESH_MS = 15_000;

/** Every unit in its stage, each with why it is there. */
export function BoardView() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const [search, setSearch] = useState('');
  const searched = useDeferredValue(search);
  const setFilter = (next: BoardFilter) => void navigate({ search: next, replace: true });
  const clear = () => {
    setSearch('');
    setFilter({});
  };
  return (
    <>
      <Filters filter={filter} onFilter={setFilter} search={search} onSearch={setSearch} />
      <Rows filter={filter} onFilter={setFilter} search={searched} onClear={clear} />
    </>
  );
}

function Rows(props: {
  readonly filter: BoardFilter;
  readonly onFilter: (filter: BoardFilter) => void;
  readonly search: string;
  readonly onClear: () => void;
}) {
  const { filter, onFilter, search, onClear } = props;
  const asked = toBatchQuery(filter, search);
  const isMeant = asked !== undefined;
  const list = useInfiniteQuery({ ...batchList(asked ?? {}), enabled: isMeant });
  const { data: pending = NONE } = useQuery(pendingList);
  const { batches: live = NONE } = useLive();
  const rows = useMemo(() => {
    const fetched = isMeant ? (list.data?.pages.flatMap((page) => page.results) ?? []) : [];
    return toRows({ pending, fetched, live: isMeant ? live : NONE }, filter, search);
  }, [list.data, pending, live, filter, search, isMeant]);
  const { isFetching, fetchNextPage, refetch } = list;
  const hasMore = isMeant && list.hasNextPage;
  const fetchMore = useCallback(() => {
    if (!isFetching) void fetchNextPage();
  }, [isFetching, fetchNextPage]);
  useRefresh(isMeant && (list.data?.pages.length ?? 0) <= FEW_PAGES, refetch);
  const count = Math.max(rows.length, list.data?.pages.at(-1)?.count ?? 0);
  return (
    <Asked query={isMeant ? list : { ...list, data: NOTHING, error: null }}>
      {() =>
        rows.length === 0 ? (
          <Empty>
            <p>{BOARD.nothing}</p>
            <Button onClick={onClear} className={styles['clear']}>
              {BOARD.clear}
            </Button>
          </Empty>
        ) : (
          <>
            <BoardTable
              rows={rows}
              count={count}
              hasMore={hasMore}
              onEnd={fetchMore}
              filter={filter}
              onFilter={onFilter}
            />
            <p className={styles['end']} role="status">
              {list.isFetchingNextPage ? BOARD.more : toCountOf(isMeant ? count : rows.length, NOUNS.unit)}
            </p>
          </>
        )
      }
    </Asked>
  );
}

/** Batches beyond the newest can change too. */
function useRefresh(isOn: boolean, refetch: () => unknown): void {
  useEffect(() => {
    if (!isOn) return undefined;
    const timer = setInterval(() => void refetch(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [isOn, refetch]);
}
