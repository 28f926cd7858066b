import type {
  AcceptMountRequest,
  BatchDetail,
  BatchQuery,
  DecisionRequest,
  Page,
  PendingDirectory,
  RetryOutcome,
  RetryPage,
  RetryQuery,
  SenditApi,
  WatcherStatus,
} from '@sendit/api';
import { SenditError } from '@sendit/model';
import { aRoot } from './root-status.ts';

/** An installation in memory, open to a test's hands. */
export type FakeApi = SenditApi & {
  watcher: WatcherStatus;
  pending: PendingDirectory[];
  /** Newest first. */
  batches: BatchDetail[];
  /** Thrown by every call while set. */
  failure: Error | undefined;
  /** How often each method was called. */
  readonly calls: {
    status: number;
    listBatches: number;
    showBatch: string[];
    retryBatch: string[];
    retryBatches: RetryQuery[];
    decide: DecisionRequest[];
    acceptMount: AcceptMountRequest[];
  };
};

/** A running watcher with one watch path. */
export function aStatus(changes: Partial<WatcherStatus> = {}): WatcherStatus {
  return {
    active: true,
    pid: 4711,
    since: new Date(Date.now() - 3 * 3_600_000).toISOString(),
    mode: 'embedded',
    portal: { url: 'http://127.0.0.1:8790' },
    roots: [aRoot()],
    queue: { waiting: 0, active: 0, failed: 0 },
    actions: { pending: 0, running: 0, failed: 0 },
    problems: [],
    ...changes,
  };
}

/** A batch that is done. */
export function aBatch(id: string, changes: Partial<BatchDetail> = {}): BatchDetail {
  const name = changes.name ?? `directory-${id}`;
  return {
    id,
    root: 'incoming',
    path: `/data/incoming/${name}`,
    name,
    status: 'DONE',
    stage: 'done',
    unit: 'directory',
    generation: 1,
    studies: 1,
    series: 2,
    instances: 340,
    duplicates: 0,
    replaced: 0,
    quarantined: 0,
    findings: 0,
    isLate: false,
    renamedTo: null,
    createdAt: '2025-03-01T10:00:00.000Z',
    finishedAt: '2025-03-01T10:00:12.000Z',
    progress: null,
    grade: 'renamed',
    files: 341,
    bytes: 181_000_000,
    digest: null,
    digestAlgorithm: null,
    times: { elapsedMs: 10_000, listingMs: 5, readingMs: 4_000, hashingMs: 700, databaseMs: 5_995, filesPerS: 34.1 },
    modalities: ['CT'],
    studyDates: ['20250228'],
    attempts: 1,
    lateChanges: 0,
    isDelta: false,
    reason: null,
    startedAt: '2025-03-01T10:00:02.000Z',
    studyList: [
      {
        studyInstanceUid: '1.2.826.0.1.3680043.8.498.1',
        studyDate: '20250228',
        seriesList: [
          {
            seriesInstanceUid: '1.2.826.0.1.3680043.8.498.1.1',
            modality: 'MR',
            seriesNumber: 1,
            instances: 20,
            bytes: 1_000_000,
            received: 20,
            expected: 20,
            numbers: [[1, 20]],
          },
          {
            seriesInstanceUid: '1.2.826.0.1.3680043.8.498.1.2',
            modality: 'MR',
            seriesNumber: 2,
            instances: 320,
            bytes: 1_000_000,
            received: 320,
            expected: 320,
            numbers: [[1, 320]],
          },
        ],
      },
    ],
    findingList: [],
    findingGroups: [],
    generations: [],
    timeline: [],
    auditList: [],
    actionList: [],
    ...changes,
  };
}

function toPage<T>(results: readonly T[]): Page<T> {
  return { count: results.length, next: null, previous: null, results };
}

const emptyPage = () => Promise.resolve({ count: 0, next: null, previous: null, results: [] });

const nobody = () => Promise.reject(new SenditError('Nobody is known by this name.', { code: 'not-found' }));

/** Nobody has an account, and nobody gets one. */
const NO_PEOPLE = {
  listUsers: emptyPage,
  addUser: nobody,
  changeUser: nobody,
  removeUser: nobody,
  listTokens: emptyPage,
  createToken: nobody,
  revokeToken: nobody,
  listAccess: emptyPage,
};

const EMPTY_LISTS = {
  listStudies: emptyPage,
  listSeries: emptyPage,
  listImages: emptyPage,
  listFindings: emptyPage,
  listWorkers: emptyPage,
  listJobs: emptyPage,
  readThroughput: emptyPage,
};

/** A {@link FakeApi} with these batches, newest first. */
export function createFakeApi(...batches: BatchDetail[]): FakeApi {
  const find = (given: string, ref = given.replace(/^id:/, '')): BatchDetail | undefined =>
    fake.batches.find((batch) => batch.id === ref || batch.name === ref || batch.path === ref);
  const fail = (): void => {
    if (fake.failure !== undefined) throw fake.failure;
  };
  const fake: FakeApi = {
    ...EMPTY_LISTS,
    ...NO_PEOPLE,
    watcher: aStatus(),
    pending: [],
    batches,
    failure: undefined,
    calls: { status: 0, listBatches: 0, showBatch: [], retryBatch: [], retryBatches: [], decide: [], acceptMount: [] },
    async status() {
      fake.calls.status += 1;
      fail();
      return fake.watcher;
    },
    async readHealth() {
      fail();
      const { active, actions, health = { level: 'well', problems: [] }, mode, queue, since } = fake.watcher;
      return { active, since, mode, queue, actions, health, stages: null };
    },
    async readTotals() {
      fail();
      const histogram = { buckets: [{ le: 1, count: 1 }], count: 2, sum: 3.5 };
      return {
        sealed: fake.batches.length,
        ended: { DONE: fake.batches.length, EMPTY: 0, ERROR: 0, QUARANTINED: 0 },
        instances: 340,
        bytes: 1_000,
        findings: { 'not-dicom': 2 },
        unsent: 0,
        oldestUnsentS: 0,
        importS: histogram,
        sealedToImportedS: histogram,
      };
    },
    async countStages() {
      fail();
      return {
        arriving: 0,
        settling: fake.pending.length,
        sealed: 0,
        queued: 0,
        importing: 0,
        held: 0,
        quarantined: 0,
        failed: 0,
        handingOn: 0,
        late: 0,
        doneToday: fake.batches.length,
        failedToday: 0,
        needsAttention: 0,
      };
    },
    async explain() {
      throw new SenditError('Nobody sees it from here.', { code: 'refused' });
    },
    async listPending() {
      fail();
      return toPage(fake.pending.map((one) => ({ ...one, stage: 'settling' as const })));
    },
    async listBatches({ status, root, late, name, cursor, limit = 50 }: BatchQuery) {
      fake.calls.listBatches += 1;
      fail();
      const all = fake.batches
        .filter((batch) => (status?.includes(batch.status) ?? true) && (root ?? batch.root) === batch.root)
        .filter((batch) => (late ?? batch.isLate) === batch.isLate && (name === undefined || isNamed(batch, name)));
      const from = cursor === undefined ? 0 : Number(cursor);
      const to = from + limit;
      const next = to < all.length ? String(to) : null;
      return { count: all.length, next, previous: null, results: all.slice(from, to) };
    },
    async showBatch({ ref }) {
      fake.calls.showBatch.push(ref);
      fail();
      return find(ref);
    },
    async retryBatch({ id: ref, by }): Promise<RetryOutcome> {
      fake.calls.retryBatch.push(by === undefined ? ref : `${ref} by ${by}`);
      fail();
      const batch = find(ref);
      if (batch === undefined) return { kind: 'not-found' };
      if (batch.status !== 'ERROR') return { kind: 'refused', status: batch.status };
      return { kind: 'queued', batchId: batch.id };
    },
    async listActions({ batch, state }) {
      fail();
      const all = (batch === undefined ? fake.batches : fake.batches.filter(({ id }) => id === batch)).flatMap(
        ({ actionList }) => actionList,
      );
      return toPage(all.filter((action) => (state ?? action.state) === action.state));
    },
    async retryActions(query) {
      return { queued: (await fake.listActions({ ...query, state: 'failed' })).count };
    },
    async retryBatches(query): Promise<RetryPage> {
      fake.calls.retryBatches.push(query);
      fail();
      const failed = fake.batches.filter((batch) => batch.status === 'ERROR' && query.statuses.includes('ERROR'));
      return { batchIds: failed.map((batch) => batch.id), next: null };
    },
    async readConfiguration() {
      fail();
      return {
        settings: [{ path: 'quietMs', value: 15_000, source: 'default' }],
        watchPaths: [{ name: 'incoming', folder: '/data/incoming', rules: ['Each directory becomes a batch.'] }],
      };
    },
    async dryRun({ quietMs = 60_000 }) {
      fail();
      const none = { count: 0, medianMs: 0, mostMs: 0 };
      return {
        quietMs,
        since: '2025-03-01T10:00:00.000Z',
        considered: fake.batches.length,
        otherProof: fake.batches.length,
        unknown: 0,
        later: none,
        earlier: none,
        split: { count: 0, batches: [] },
        joined: { count: 0, batches: [] },
      };
    },
    async pruneBatches() {
      fail();
      return { batches: 0, files: 0, next: null };
    },
    async pauseQueue({ by, reason }) {
      fail();
      return { paused: { by, reason, at: '2025-03-01T10:00:00.000Z' } };
    },
    async resumeQueue() {
      fail();
      return { paused: null };
    },
    async acceptMount(request) {
      fake.calls.acceptMount.push(request);
      if (fake.failure !== undefined) throw fake.failure;
      const { by, reason, ref: root } = request;
      const states = { decision: 'accept-mount', from: 'OTHER-MOUNT', to: 'ACCEPTED' } as const;
      return {
        id: '1',
        at: '2025-03-01T10:00:00.000Z',
        by,
        ...states,
        reason,
        batchId: null,
        root,
        path: `/data/${root}`,
      };
    },
    async decide(request) {
      fake.calls.decide.push(request);
      fail();
      const batch = find(request.ref);
      if (batch === undefined) throw new SenditError('No such batch.', { code: 'not-found' });
      if (batch.status === 'DONE') throw new SenditError('The batch is DONE.', { code: 'refused', hint: 'Leave it.' });
      const { by, decision, reason } = request;
      const { id: batchId, path, root, status: from } = batch;
      return { id: '1', at: '2025-03-01T10:00:00.000Z', by, decision, from, to: 'HELD', reason, batchId, root, path };
    },
    async listAudit({ ref }) {
      fail();
      return toPage(
        fake.batches.filter((batch) => ref === undefined || batch === find(ref)).flatMap((one) => one.auditList),
      );
    },
  };
  return fake;
}

/** `*` stands for any characters, `?` for one. */
function isNamed({ name }: BatchDetail, pattern: string): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(name);
}
