import type { BatchQuery, BatchSort, BatchSummary, PendingUnit } from '@sendit/api';
import { isBatchStage, isPendingStage, LISTED_STAGES, type ListedStage } from '../units/stage.ts';

/** Columns that the board can be sorted by. */
const SORTS = [
  'createdAt',
  '-createdAt',
  'name',
  '-name',
  'files',
  '-files',
  'bytes',
  '-bytes',
  'findings',
  '-findings',
] as const satisfies readonly BatchSort[];

/** Parameters in the board's address. A search is in no address: what one looks for may be a patient's name. */
export interface BoardFilter {
  readonly stage?: ListedStage;
  /** Only what a person should look at. */
  readonly attention?: true;
  /** Name of a watch path. */
  readonly root?: string;
  readonly sort?: (typeof SORTS)[number];
}

/** Reads an address, leaving out what is no filter. */
export function toBoardFilter(search: Readonly<Record<string, unknown>>): BoardFilter {
  const stage = LISTED_STAGES.find((name) => name === search['stage']);
  const sort = SORTS.find((name) => name === search['sort']);
  const root = typeof search['root'] === 'string' && search['root'] !== '' ? search['root'] : undefined;
  return {
    ...(stage === undefined ? {} : { stage }),
    ...(search['attention'] === true ? { attention: true } : {}),
    ...(root === undefined ? {} : { root }),
    ...(sort === undefined ? {} : { sort }),
  };
}

/** The list of batches to ask for; undefined where none can match. */
export function toBatchQuery({ stage, attention, root, sort }: BoardFilter, search: string): BatchQuery | undefined {
  if (stage !== undefined && !isBatchStage(stage)) return undefined;
  return {
    ...(stage === undefined ? {} : { stage: [stage] }),
    ...(attention === undefined ? {} : { needsAttention: true }),
    ...(root === undefined ? {} : { root }),
    ...(sort === undefined ? {} : { sort }),
    ...toSearched(search),
  };
}

/** A UID is looked for as a study's, anything else as a part of a name. */
function toSearched(search: string): Pick<BatchQuery, 'name' | 'study'> {
  const text = search.trim();
  if (text === '') return {};
  if (/^[0-9]+(\.[0-9]+){3,}$/.test(text)) return { study: text };
  return { name: /[*?]/.test(text) ? text : `*${text}*` };
}

/** Whether a batch that the live feed tells of still belongs to the list that it was fetched with. */
export function isStillListed(batch: BatchSummary, { stage, root }: BoardFilter): boolean {
  return (root ?? batch.root) === batch.root && (stage ?? batch.stage) === batch.stage;
}

/** Returns true if a pending unit matches the filters and the search. */
export function isPendingListed(
  pending: PendingUnit,
  { stage, attention, root }: BoardFilter,
  search: string,
): boolean {
  if (root !== undefined && pending.root !== root) return false;
  if (stage !== undefined && !(isPendingStage(stage) && pending.stage === stage)) return false;
  if (attention === true && pending.stage !== 'held' && pending.stage !== 'quarantined') return false;
  return pending.name.toLowerCase().includes(search.trim().replaceAll('*', '').toLowerCase());
}
