import { basename } from 'node:path';
import { ACTION_KINDS, type Effects } from './effects.ts';
import { groupBy } from './group-by.ts';
import type { ActionRow, BatchRow } from './read-database.ts';
import type { DroppedFile } from './read-files.ts';

/** The three kinds of loss. */
export type Fault = 'lost' | 'doubled' | 'half';

/** Actions and effects, by batch; copies by the name of their directory. */
export interface FoundActions {
  readonly actions: ReadonlyMap<number, readonly ActionRow[]>;
  /** Keys of the runs of the command, each once. */
  readonly keys: ReadonlyMap<number, readonly string[]>;
  readonly copies: Effects['copies'];
}

/** Brings what was found into the order of batches. */
export function toFoundActions(rows: readonly ActionRow[], { copies, notes }: Effects): FoundActions {
  const byBatch = [...groupBy(notes, (note) => note.batchId)];
  return {
    actions: groupBy(rows, (row) => row.batchId),
    keys: new Map(byBatch.map(([batchId, own]) => [batchId, [...new Set(own.map(({ key }) => key))]])),
    copies,
  };
}

/**
 * Checks the actions of a batch. If DONE, each action is done once: its row says so, its command ran, with one key
 * however often, and its copy has every file and nothing else. Otherwise there must be no trace of actions. Pure.
 */
export function judgeActions(
  batch: BatchRow,
  files: readonly DroppedFile[],
  found: FoundActions,
): readonly [Fault, string][] {
  const actions = found.actions.get(batch.id) ?? [];
  const keys = found.keys.get(batch.id) ?? [];
  const copy = found.copies.get(basename(batch.path)) ?? [];
  if (batch.status !== 'DONE') {
    const all = actions.length + keys.length + copy.length;
    return all === 0 ? [] : [['doubled', `${batch.status}, and handed on`]];
  }
  const problems: [Fault, string][] = [];
  for (const kind of ACTION_KINDS) {
    const own = actions.filter((action) => action.kind === kind);
    if (own.length > 1) problems.push(['doubled', `${own.length} rows of its ${kind}`]);
    if (own.length === 0) problems.push(['lost', `no row of its ${kind}`]);
    for (const { state } of own.filter((action) => action.state !== 'done')) {
      problems.push(['lost', `its ${kind} is ${state}`]);
    }
  }
  const wanted = actions.filter(({ kind }) => kind === 'exec').map(({ id }) => id);
  if (!wanted.some((id) => keys.includes(id))) problems.push(['lost', 'its command never ran']);
  const strange = keys.filter((key) => !wanted.includes(key));
  if (strange.length > 0)
    problems.push(['doubled', `its command ran with ${strange.length} keys that are not its own`]);
  return [...problems, ...judgeCopy(copy, files)];
}

function judgeCopy(copy: readonly DroppedFile[], files: readonly DroppedFile[]): [Fault, string][] {
  const digests = new Map(copy.map(({ path, sha256 }) => [path, sha256]));
  const missing = files.filter(({ path }) => !digests.has(path)).length;
  const equal = files.filter(({ path, sha256 }) => digests.get(path) === sha256).length;
  const strange = copy.length - equal;
  return [
    ...(missing > 0 ? [['lost', `${missing} files missing from its copy`] as [Fault, string]] : []),
    ...(strange > 0 ? [['half', `${strange} files in its copy that are no file of it`] as [Fault, string]] : []),
  ];
}

/** Runs of the command beyond the first with the same key: allowed, since an action is done at least once. */
export function countRepeats({ notes }: Effects): number {
  return notes.length - new Set(notes.map(({ key, batchId }) => `${key} ${batchId}`)).size;
}
