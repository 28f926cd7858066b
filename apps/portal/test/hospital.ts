import type { BatchDetail, HealthProblem, PendingDirectory } from '@sendit/api';
import type { FindingRecord } from '@sendit/model';
import { toRatedProgress } from '@sendit/model';
import { aBatch, aRoot, aStatus, createFakeApi, type FakeApi } from '@sendit/testing';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

function ago(ms: number): string {
  return new Date(Date.now() - ms).toISOString();
}

/** A batch that was sealed so long ago. */
export function sealedAgo(ms: number, id: string, changes: Partial<BatchDetail> = {}): BatchDetail {
  return aBatch(id, {
    root: 'modality',
    path: `/data/modality/L-${id}`,
    name: `L-${id}`,
    createdAt: ago(ms),
    startedAt: ago(ms - 300),
    finishedAt: ago(ms - 1_600),
    ...changes,
  });
}

export function aPending(name: string, changes: Partial<PendingDirectory> = {}): PendingDirectory {
  return {
    root: 'modality',
    path: `/data/modality/${name}`,
    name,
    arrival: 'created',
    outcome: 'waiting',
    reason: 'not yet quiet for 15 s',
    since: null,
    decision: null,
    identity: null,
    waitingMs: 22 * SECOND,
    unchangedMs: 6 * SECOND,
    snapshotDigest: null,
    quietMs: 15 * SECOND,
    ...changes,
  };
}

export function aProblem(changes: Partial<HealthProblem> = {}): HealthProblem {
  return {
    code: 'late-files',
    severity: 'warning',
    since: ago(20.5 * MINUTE),
    subject: 'batches',
    message: '1 batch changed after the seal: `sendit batch list --late` names it.',
    ...changes,
  };
}

const GAP: FindingRecord = {
  code: 'slice-gap',
  severity: 'warning',
  path: 'IM0019.dcm',
  message: 'The slices in the series of this file have a gap.',
};

/** An installation on an ordinary day, with something of everything in it. */
export function createHospital(): FakeApi {
  const unfinished = { finishedAt: null, studies: 0, series: 0, instances: 0, studyList: [] };
  const api = createFakeApi(
    sealedAgo(6 * SECOND, '4717', {
      ...unfinished,
      status: 'PROCESSING',
      progress: toRatedProgress({ filesDone: 1_152, filesTotal: 1_800, bytesDone: 600_000_000, elapsedMs: 5_400 }),
    }),
    sealedAgo(9 * SECOND, '4716', { ...unfinished, startedAt: null, status: 'QUEUE' }),
    sealedAgo(11 * MINUTE, '4710', {
      findings: 23,
      findingList: [
        ...Array.from({ length: 21 }, (_, at) => ({ ...GAP, path: `series-3/IM${at}.dcm` })),
        {
          code: 'private-data',
          severity: 'info',
          path: null,
          message: 'Has private elements. 600 times in the batch.',
        },
        { code: 'not-read', severity: 'error', path: 'IM0007.dcm', message: 'The system refused to read it.' },
      ],
      actionList: ['to-archive', 'notify-ris', 'dcm2niix'].map((name, at) => ({
        id: String(at),
        batchId: '4710',
        root: 'modality',
        position: at + 1,
        name,
        kind: 'webhook',
        state: at < 1 ? 'done' : at === 1 ? 'failed' : 'pending',
        attempts: at === 1 ? 8 : 1,
        reason: at === 1 ? 'The receiver answered 503.' : null,
        code: at === 1 ? 503 : null,
        startedAt: ago(11 * MINUTE),
        finishedAt: at === 0 ? ago(11 * MINUTE - 2_100) : null,
      })),
      auditList: [
        {
          id: '1',
          at: ago(4 * MINUTE),
          by: 'night.operator',
          decision: 'retry',
          from: 'HELD',
          to: 'NEW',
          reason: 'The archive is back.',
          batchId: '4710',
          root: 'modality',
          path: '/data/modality/L-4710',
        },
      ],
    }),
    sealedAgo(34 * MINUTE, '4709', { status: 'ERROR', reason: 'The batch has more than one StudyDate.' }),
    sealedAgo(41 * MINUTE, '4708', { isLate: true, lateChanges: 1 }),
    sealedAgo(55 * MINUTE, '4707', { status: 'EMPTY', instances: 0, series: 0, studies: 0, studyList: [] }),
    sealedAgo(HOUR, '4706', { status: 'HELD', reason: 'Sealed files vanished before the import.' }),
    sealedAgo(2 * HOUR, '4705', { status: 'QUARANTINED', reason: 'No attempt to import it succeeded.' }),
    ...Array.from({ length: 40 }, (_, at) => sealedAgo(3 * HOUR + at * 3 * MINUTE, String(4704 - at))),
  );
  api.pending = [
    aPending('L-4711', {
      outcome: 'hold',
      reason: '12 files of its manifest are missing, its longest wait is over',
      since: ago(6 * HOUR),
      waitingMs: 6 * HOUR + 12 * MINUTE,
      unchangedMs: 6 * HOUR + 4 * MINUTE,
    }),
    aPending('L-4719.tmp', { reason: 'its name says that it is not finished', waitingMs: 41 * SECOND }),
    aPending('L-4718'),
  ];
  api.watcher = aStatus({
    queue: { waiting: 1, active: 1, failed: 0 },
    actions: { pending: 1, running: 0, failed: 1 },
    roots: [
      aRoot({ name: 'modality', path: '/data/modality', pending: 3, held: 1 }),
      aRoot({ name: 'research', path: '/mnt/research', backend: 'polling', backendReason: 'nfs4, every 10 s' }),
    ],
    health: {
      level: 'warning',
      problems: [
        aProblem({
          code: 'files-missing',
          message:
            '1 batch is held, since sealed files vanished before the import: `sendit batch list --status HELD` says which. Put them back, or import what is left with `sendit batch retry`.',
        }),
        aProblem(),
        aProblem({
          code: 'actions-failed',
          subject: 'actions',
          message:
            '1 hand-on action has failed: `sendit batch actions --state failed` names it, with `--retry` it runs again.',
        }),
        aProblem({
          code: 'writers-unseen',
          severity: 'info',
          subject: 'research',
          message: 'Open files of writers on other hosts cannot be seen on nfs4.',
        }),
      ],
    },
  });
  return api;
}
