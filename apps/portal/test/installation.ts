import type { BatchDetail, BatchQuery, Explanation, HealthProblem, PendingUnit, StageCounts } from '@sendit/api';
import { compareFindings, type FindingRecord } from '@sendit/model';
import { aBatch, createFakeApi, type FakeApi } from '@sendit/testing';

const STAGE_OF: Readonly<Record<BatchDetail['status'], BatchDetail['stage']>> = {
  NEW: 'sealed',
  QUEUE: 'queued',
  PROCESSING: 'importing',
  DONE: 'done',
  EMPTY: 'done',
  ERROR: 'failed',
  QUARANTINED: 'quarantined',
  HELD: 'held',
};

/** A batch as the API says it: stage, findings by code and timeline follow from the rest. */
export function aSealed(id: string, changes: Partial<BatchDetail> = {}): BatchDetail {
  const batch = aBatch(id, changes);
  const { actionList, createdAt, finishedAt, startedAt, findingList, isLate, status } = batch;
  const stage = actionList.some(({ state }) => state === 'failed') ? 'failed' : isLate ? 'late' : STAGE_OF[status];
  const toGap = (from: string | null, to: string | null) =>
    from === null || to === null ? null : Date.parse(to) - Date.parse(from);
  const isHanded = actionList.length > 0 && actionList.every(({ state }) => state === 'done');
  const handedAt = isHanded ? (actionList.at(-1)?.finishedAt ?? null) : null;
  return {
    ...batch,
    stage,
    findingGroups: groupFindings(findingList),
    timeline: [
      { step: 'sealed', at: createdAt, afterMs: null },
      { step: 'import-started', at: startedAt, afterMs: toGap(createdAt, startedAt) },
      { step: 'imported', at: finishedAt, afterMs: toGap(startedAt, finishedAt) },
      { step: 'handed-on', at: handedAt, afterMs: toGap(finishedAt, handedAt) },
    ],
    ...(changes.stage === undefined ? {} : { stage: changes.stage }),
  };
}

function groupFindings(findings: readonly FindingRecord[]): BatchDetail['findingGroups'] {
  const groups = new Map<string, FindingRecord[]>();
  for (const finding of findings.toSorted(compareFindings)) {
    groups.set(finding.code, [...(groups.get(finding.code) ?? []), finding]);
  }
  return Array.from(groups, ([, [first, ...rest]]) => {
    if (first === undefined) throw new TypeError('Expected a group to have a finding.');
    const paths = [first, ...rest].flatMap(({ path }) => (path === null ? [] : [path])).slice(0, 20);
    return { code: first.code, severity: first.severity, message: first.message, count: rest.length + 1, paths };
  });
}

/** Something that waits to be sealed. */
export function aPending(name: string, changes: Partial<PendingUnit> = {}): PendingUnit {
  return {
    root: 'modality',
    path: `/data/modality/${name}`,
    name,
    arrival: 'created',
    outcome: 'waiting',
    stage: 'settling',
    reason: 'not yet quiet for 15 s',
    since: null,
    decision: null,
    identity: null,
    waitingMs: 22_000,
    unchangedMs: 6_000,
    snapshotDigest: null,
    quietMs: 15_000,
    ...changes,
  };
}

/** Something that needs a person. */
export function aProblem(changes: Partial<HealthProblem> = {}): HealthProblem {
  return {
    code: 'late-files',
    severity: 'warning',
    since: new Date(Date.now() - 1_230_000).toISOString(),
    subject: 'batches',
    message: '1 batch changed after the seal: `sendit batch list --late` names it.',
    ...changes,
  };
}

/** Why something still waits. */
export function anExplanation(changes: Partial<Explanation> = {}): Explanation {
  return {
    path: '/data/modality/L-4711',
    finished: false,
    outcome: 'waiting',
    grade: null,
    reason: 'its manifest lists 12 files that are not there',
    toFinish: ['Send the 12 files that are missing.', 'Release it: `sendit batch release`.'],
    recheckAt: null,
    watcher: 'running',
    waitingMs: 22_320_000,
    unchangedMs: 21_840_000,
    files: 310,
    bytes: 160_000_000,
    since: null,
    batch: null,
    notes: ['3 names in it are ignored, such as .DS_Store.'],
    findings: [
      { rule: 'name', kind: 'veto', answer: 'yes', reason: 'its name is final', evidence: { name: 'L-4711' } },
      {
        rule: 'manifest',
        kind: 'proof',
        answer: 'no',
        reason: '12 of 322 files are missing',
        evidence: { listed: 322 },
      },
      { rule: 'marker', kind: 'proof', answer: 'unknown', reason: 'none is configured', evidence: {} },
    ],
    ...changes,
  };
}

/** An installation whose lists are filtered, sorted and cut as those of a real one. */
export function openInstallation(...batches: BatchDetail[]): FakeApi & { waiting: PendingUnit[]; told: Explanation } {
  const api = Object.assign(createFakeApi(...batches), { waiting: [] as PendingUnit[], told: anExplanation() });
  const fail = (): void => {
    if (api.failure !== undefined) throw api.failure;
  };
  return Object.assign(api, {
    async listPending() {
      fail();
      return toPage(api.waiting);
    },
    async countStages(): Promise<StageCounts> {
      fail();
      return countStages(api.batches, api.waiting);
    },
    async listBatches(query: BatchQuery) {
      fail();
      const { cursor, limit = 50 } = query;
      return toPage(
        api.batches.filter((batch) => isListed(batch, query)),
        limit,
        cursor,
      );
    },
    async explain() {
      fail();
      return api.told;
    },
  });
}

/** A page of a list as the API answers it. */
export function toPage<T>(all: readonly T[], limit = 1_000, cursor?: string) {
  const from = Number(cursor ?? 0);
  const next = from + limit < all.length ? String(from + limit) : null;
  return { count: all.length, next, previous: null, results: all.slice(from, from + limit) };
}

function isListed(batch: BatchDetail, { stage, root, needsAttention, name }: BatchQuery): boolean {
  if (stage !== undefined && !stage.includes(batch.stage)) return false;
  if (needsAttention === true && !['failed', 'held', 'late', 'quarantined'].includes(batch.stage)) return false;
  return (root ?? batch.root) === batch.root && (name === undefined || isNamed(batch.name, name));
}

/** `*` stands for any characters, `?` for one. */
function isNamed(name: string, pattern: string): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(name);
}

function countStages(batches: readonly BatchDetail[], pending: readonly PendingUnit[]): StageCounts {
  const of = (stage: string): number => [...batches, ...pending].filter((unit) => unit.stage === stage).length;
  return {
    arriving: of('arriving'),
    settling: of('settling'),
    held: of('held'),
    quarantined: of('quarantined'),
    sealed: of('sealed'),
    queued: of('queued'),
    importing: of('importing'),
    failed: of('failed'),
    handingOn: of('handing-on'),
    late: of('late'),
    doneToday: of('done'),
    failedToday: of('failed'),
    needsAttention: 0,
  };
}
