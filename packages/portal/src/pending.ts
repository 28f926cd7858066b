import type { Page, PendingDirectory, PendingQuery, PendingStage, PendingUnit, StageCounts } from '@sendit/api';
import { isFinishedName } from '@sendit/detector';
import { type DirectoryNote, type Root, SenditError, toKeptBack } from '@sendit/model';

const STAGES: Readonly<Record<Exclude<PendingDirectory['outcome'], 'waiting'>, PendingStage>> = {
  hold: 'held',
  quarantine: 'quarantined',
  skipped: 'skipped',
};

/** Where something that is not sealed is on its way. */
function toPendingStage({ name, outcome }: PendingDirectory): PendingStage {
  if (outcome !== 'waiting') return STAGES[outcome];
  return isFinishedName(name) ? 'settling' : 'arriving';
}

/** One page of what is not sealed, in the order given; all of it where no limit is named. */
export function toPendingPage(all: readonly PendingDirectory[], query: PendingQuery): Page<PendingUnit> {
  const { cursor, limit, root, stage } = query;
  const units = all
    .map((one) => ({ ...one, stage: toPendingStage(one) }))
    .filter((one) => root === undefined || one.root === root)
    .filter((one) => stage === undefined || one.stage === stage);
  const from = cursor === undefined ? 0 : parseOffset(cursor);
  const to = limit === undefined ? units.length : from + limit;
  return {
    count: units.length,
    next: to < units.length ? toOffset(to) : null,
    previous: from === 0 ? null : toOffset(Math.max(0, from - (limit ?? from))),
    results: units.slice(from, to),
  };
}

/** Adds what is not sealed to the counts of batches. */
export function countPending(
  counted: Omit<StageCounts, 'arriving' | 'settling'>,
  all: readonly PendingDirectory[],
): StageCounts {
  const count = (stage: PendingStage): number => all.filter((one) => toPendingStage(one) === stage).length;
  return {
    ...counted,
    arriving: count('arriving'),
    settling: count('settling'),
    held: counted.held + count('held'),
    quarantined: counted.quarantined + count('quarantined'),
  };
}

/** Pending candidates come and go within seconds: their pages are counted by position. */
function toOffset(offset: number): string {
  return `from-${offset}`;
}

function parseOffset(cursor: string): number {
  const offset = /^from-(\d{1,9})$/.exec(cursor)?.[1];
  if (offset !== undefined) return Number(offset);
  throw new SenditError('Expected `cursor` to be `next` or `previous` of another page of this list.', {
    code: 'bad-arguments',
    hint: 'Leave it out to begin with the first page.',
  });
}

/** The database's note about a directory; only a running watcher knows how long it waits. */
export function toPending(root: Root, note: DirectoryNote): PendingDirectory {
  const { arrival, identity, relativePath, renamedFiles } = note;
  return {
    root: root.name,
    path: `${root.path === '/' ? '' : root.path}/${relativePath}`,
    name: relativePath.slice(relativePath.lastIndexOf('/') + 1),
    arrival,
    ...(renamedFiles === null ? {} : { renamedFiles }),
    ...toKeptBack(note),
    identity,
    waitingMs: null,
    unchangedMs: null,
    snapshotDigest: null,
    quietMs: null,
  };
}
