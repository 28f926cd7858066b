import type { BatchSummary, PendingUnit } from '@sendit/api';
import { toBatchUnit, toPendingUnit, type Unit } from '../units/unit.ts';
import { type BoardFilter, isPendingListed, isStillListed } from './board-filter.ts';

export interface BoardSources {
  readonly pending: readonly PendingUnit[];
  /** As fetched. */
  readonly fetched: readonly BatchSummary[];
  /** The newest batches, as the live feed says them. */
  readonly live: readonly BatchSummary[];
}

/**
 * The rows of the board: first what is not sealed, then the batches. What the live feed says of a batch is newer than what was fetched, so
 * that a list of a hundred thousand rows is not fetched again for one that changed.
 */
export function toRows({ pending, fetched, live }: BoardSources, filter: BoardFilter, search: string): readonly Unit[] {
  const news = new Map(live.map((batch) => [batch.id, batch]));
  const known = new Set(fetched.map(({ id }) => id));
  const fresh = isWholeList(filter, search)
    ? live.filter((batch) => !known.has(batch.id) && isNewer(batch, fetched))
    : [];
  const batches = [...fresh, ...fetched.map((batch) => news.get(batch.id) ?? batch)];
  return [
    ...pending.filter((one) => isPendingListed(one, filter, search)).map(toPendingUnit),
    ...batches.filter((batch) => isStillListed(batch, filter)).map(toBatchUnit),
  ];
}

/** Whether whatever is new belongs on top: whether it matches a search, or needs somebody, only the server can tell. */
function isWholeList({ attention, sort }: BoardFilter, search: string): boolean {
  return search.trim() === '' && attention === undefined && (sort === undefined || sort === '-createdAt');
}

/** Rows older than the first row of the list were left out, or are further down. */
function isNewer(batch: BatchSummary, [first]: readonly BatchSummary[]): boolean {
  return first === undefined || batch.createdAt >= first.createdAt;
}
