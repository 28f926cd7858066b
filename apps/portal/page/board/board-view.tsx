import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useDeferredValue, useMemo, useState } from 'react';
import { batchList, pendingList } from '../api/queries.ts';
import { useLive } from '../live/live-store.ts';
import { Asked } from '../ui/asked.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/card.tsx';
import { toCount } from '../words/format.ts';
import { BOARD } from '../words/words.ts';
import { type BoardFilter, toBatchFilter } from './board-filter.ts';
import { toRows } from './board-rows.ts';
import { BoardTable } from './board-table.tsx';
import styles from './board-view.module.css';
import { Filters } from './filters.tsx';

const route = getRouteApi('/board');
const NONE = [] as const;

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
      <Rows filter={filter} search={searched} onClear={clear} />
    </>
  );
}

function Rows(props: { readonly filter: BoardFilter; readonly search: string; readonly onClear: () => void }) {
  const { filter, search, onClear } = props;
  const asked = toBatchFilter(filter, search);
  const list = useInfiniteQuery({ ...batchList(asked ?? {}), enabled: asked !== undefined });
  const { data: pending = NONE } = useQuery(pendingList);
  const { batches: live = NONE } = useLive();
  const isMeant = asked !== undefined;
  const rows = useMemo(() => {
    const fetched = isMeant ? (list.data?.pages.flatMap((page) => page.results) ?? []) : [];
    return toRows({ pending, fetched, live: isMeant ? live : [] }, filter, search);
  }, [list.data, pending, live, filter, search, isMeant]);
  const query = isMeant ? list : { ...list, data: { pages: [], pageParams: [] }, error: null };
  return (
    <Asked query={query}>
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
            <BoardTable rows={rows} hasMore={isMeant && list.hasNextPage} onEnd={() => void toNext(list)} />
            <p className={styles['end']} role="status">
              {list.isFetchingNextPage
                ? BOARD.more
                : BOARD.unitsOf(rows.length, toShown(rows.length, list.hasNextPage))}
            </p>
          </>
        )
      }
    </Asked>
  );
}

function toShown(count: number, hasMore: boolean): string {
  return hasMore ? BOARD.atLeast(toCount(count)) : toCount(count);
}

async function toNext(list: {
  readonly isFetching: boolean;
  readonly hasNextPage: boolean;
  fetchNextPage(): Promise<unknown>;
}) {
  if (!list.isFetching && list.hasNextPage) await list.fetchNextPage();
}
