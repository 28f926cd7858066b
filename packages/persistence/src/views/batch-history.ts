import type { ActionSummary, BatchDetail, SeriesSummary } from '@sendit/api';
import type { FindingRecord } from '@sendit/model';
import { and, desc, eq } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { batches } from '../schema/schema.ts';
import type { NumberRuns } from './number-runs.ts';

const MOST_GENERATIONS = 50;
const MOST_PATHS = 20;
const MOST_RUNS = 200;

/** Numbers that leave out more than this many times what is there number something else. */
const SPARSE = 10;

/** Tells what the instance numbers say of a series: nothing where they are not one for each image. */
export function toNumbers(
  numbers: NumberRuns | undefined,
  received: number,
): Pick<SeriesSummary, 'expected' | 'numbers'> {
  const [from, to] = [numbers?.runs[0]?.[0], numbers?.runs.at(-1)?.[1]];
  if (numbers === undefined || from === undefined || to === undefined) return { expected: null, numbers: [] };
  const span = to - from + 1;
  const isCount = numbers.distinct === received && span <= received * SPARSE;
  return { expected: isCount ? span : null, numbers: numbers.runs.slice(0, MOST_RUNS) };
}

/** Groups findings by code, in the order of the list. */
export function toGroups(list: readonly FindingRecord[]): BatchDetail['findingGroups'] {
  const groups = new Map<string, FindingRecord[]>();
  for (const finding of list) {
    const group = groups.get(finding.code) ?? [];
    groups.set(finding.code, group);
    group.push(finding);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const paths = group.flatMap(({ path }) => (path === null ? [] : [path])).slice(0, MOST_PATHS);
    return [{ code: first.code, severity: first.severity, count: group.length, message: first.message, paths }];
  });
}

/** Lists all that arrived under the path of a batch, the newest first. */
export async function listGenerations(
  db: Queries,
  { relativePath, rootId }: typeof batches.$inferSelect,
): Promise<BatchDetail['generations']> {
  const { bytes, createdAt, files, generation, id, instances, isDelta, status } = batches;
  const rows = await db
    .select({ id, generation, status, isDelta, files, bytes, instances, createdAt })
    .from(batches)
    .where(and(eq(batches.rootId, rootId), eq(batches.relativePath, relativePath)))
    .orderBy(desc(generation))
    .limit(MOST_GENERATIONS);
  return rows.map((row) => ({ ...row, id: String(row.id), createdAt: row.createdAt.toISOString() }));
}

/** The way of a batch with its times. */
export function toTimeline(
  { createdAt, finishedAt, startedAt, status }: typeof batches.$inferSelect,
  actionList: readonly ActionSummary[],
): BatchDetail['timeline'] {
  const isOver = status === 'DONE' || status === 'EMPTY' || status === 'ERROR';
  const isHandedOn = actionList.every(({ state }) => state === 'done');
  const lastAction =
    actionList
      .flatMap((action) => action.finishedAt ?? [])
      .toSorted()
      .at(-1) ?? null;
  const steps = [
    { step: 'sealed', at: createdAt.toISOString() },
    { step: 'import-started', at: startedAt?.toISOString() ?? null },
    { step: 'imported', at: isOver ? (finishedAt?.toISOString() ?? null) : null },
    ...(actionList.length === 0 ? [] : [{ step: 'handed-on' as const, at: isHandedOn ? lastAction : null }]),
  ] as const;
  return steps.map(({ at, step }, index) => {
    const before = steps[index - 1]?.at ?? null;
    return { step, at, afterMs: at === null || before === null ? null : Date.parse(at) - Date.parse(before) };
  });
}
