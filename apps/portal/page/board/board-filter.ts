import type { BatchSummary, PendingDirectory } from '@sendit/api';
import type { BatchFilter } from '../api/queries.ts';
import { STAGE_NAMES, type Stage, toBatchStage, toPendingStage, toStatus } from '../units/stage.ts';

/** What the address of the board says. A search is in no address: what one looks for may be a patient's name. */
export interface BoardFilter {
  readonly stage?: Stage;
  /** Name of a watch path. */
  readonly root?: string;
}

/** Reads an address, leaving out what is no filter. */
export function toBoardFilter(search: Readonly<Record<string, unknown>>): BoardFilter {
  const stage = STAGE_NAMES.find((name) => name === search['stage']);
  const root = typeof search['root'] === 'string' && search['root'] !== '' ? search['root'] : undefined;
  return { ...(stage === undefined ? {} : { stage }), ...(root === undefined ? {} : { root }) };
}

/** Stages of what is not sealed alone: no batch is asked for. */
const UNSEALED: ReadonlySet<Stage> = new Set(['arriving', 'skipped']);

/** The list of batches to ask for; undefined where none can match. */
export function toBatchFilter({ stage, root }: BoardFilter, search: string): BatchFilter | undefined {
  if (stage !== undefined && UNSEALED.has(stage)) return undefined;
  return {
    ...(stage === undefined || stage === 'late' ? {} : { status: toStatus(stage) }),
    ...(stage === 'late' ? { late: true as const } : {}),
    ...(root === undefined ? {} : { root }),
    ...toSearched(search),
  };
}

/** A UID is looked for as a study's, anything else as a part of a name. */
function toSearched(search: string): Pick<BatchFilter, 'name' | 'study'> {
  const text = search.trim();
  if (text === '') return {};
  if (/^[0-9]+(\.[0-9]+){3,}$/.test(text)) return { study: text };
  return { name: /[*?]/.test(text) ? text : `*${text}*` };
}

/** Whether a batch that the live feed tells of belongs to the list; a search only the server can answer. */
export function isListed(batch: BatchSummary, { stage, root }: BoardFilter): boolean {
  if (root !== undefined && batch.root !== root) return false;
  return stage === undefined || (stage === 'late' ? batch.isLate : toBatchStage({ ...batch, isLate: false }) === stage);
}

/** Whether a directory that is not sealed belongs to the list. */
export function isPendingListed(pending: PendingDirectory, { stage, root }: BoardFilter, search: string): boolean {
  if (root !== undefined && pending.root !== root) return false;
  if (stage !== undefined && toPendingStage(pending) !== stage) return false;
  return pending.name.toLowerCase().includes(search.trim().replaceAll('*', '').toLowerCase());
}
