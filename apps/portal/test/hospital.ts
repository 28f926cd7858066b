import type { BatchDetail, ImageRow, JobRow, ThroughputRow, Worker } from '@sendit/api';
import { type FindingRecord, toRatedProgress } from '@sendit/model';
import { aRoot, aStatus } from '@sendit/testing';
import { aPending, aProblem, aSealed, openInstallation, toPage } from './installation.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

function ago(ms: number): string {
  return new Date(Date.now() - ms).toISOString();
}

/** A batch that was sealed the given time ago. */
export function sealedAgo(ms: number, id: string, changes: Partial<BatchDetail> = {}): BatchDetail {
  const sealed = Date.now() - ms;
  return aSealed(id, {
    root: 'modality',
    path: `/data/modality/L-${id}`,
    name: `L-${id}`,
    createdAt: new Date(sealed).toISOString(),
    startedAt: new Date(sealed + 300).toISOString(),
    finishedAt: new Date(sealed + 1_600).toISOString(),
    ...changes,
  });
}

const GAP: FindingRecord = {
  code: 'slice-gap',
  severity: 'warning',
  path: 'IM0019.dcm',
  message: 'The slices in the series of this file have a gap.',
};

const UNFINISHED = { finishedAt: null, studies: 0, series: 0, instances: 0, studyList: [] };

/** A batch with something of everything in it. */
function createRich(): BatchDetail {
  return sealedAgo(11 * MINUTE, '4710', {
    instances: 600,
    series: 3,
    findings: 23,
    findingList: [
      ...Array.from({ length: 21 }, (_, at) => ({ ...GAP, path: `series-3/IM${at}.dcm` })),
      { code: 'private-data', severity: 'info', path: null, message: 'Has private elements. 600 times in the batch.' },
      { code: 'not-read', severity: 'error', path: 'IM0007.dcm', message: 'The system refused to read it.' },
    ],
    studyList: [
      {
        studyInstanceUid: '1.2.826.0.1.3680043.8.498.1',
        studyDate: '20250228',
        seriesList: [
          aSeries(1, { modality: 'MR', instances: 176, numbers: [[1, 176]] }),
          aSeries(2, {
            modality: 'MR',
            instances: 119,
            expected: 120,
            numbers: [
              [1, 56],
              [58, 120],
            ],
          }),
          aSeries(3, { modality: 'MR', instances: 305, expected: null, numbers: [] }),
        ],
      },
    ],
    generations: [2, 1].map((generation) => ({
      id: generation === 2 ? '4710' : '4690',
      generation,
      status: 'DONE',
      isDelta: false,
      files: 598 + generation,
      bytes: 180_000_000 + generation * 500_000,
      instances: 598 + generation,
      createdAt: ago(generation === 2 ? 11 * MINUTE : 5 * HOUR),
    })),
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
      progress: null,
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
  });
}

type Series = BatchDetail['studyList'][number]['seriesList'][number];

function aSeries(number: number, changes: Partial<Series>): Series {
  const instances = changes.instances ?? 20;
  return {
    seriesInstanceUid: `1.2.826.0.1.3680043.8.498.1.${number}`,
    modality: 'CT',
    seriesNumber: number,
    instances,
    bytes: instances * 300_000,
    received: instances,
    expected: instances,
    numbers: [],
    ...changes,
  };
}

const JOBS: readonly JobRow[] = (['active', 'waiting', 'delayed', 'failed'] as const).map((state, at) => ({
  id: String(at),
  kind: state === 'failed' ? 'hand-on' : 'import',
  state,
  batchId: String(4717 - at),
  batchStatus: 'QUEUE',
  root: 'modality',
  action: state === 'failed' ? 'notify-ris' : null,
  attempts: at,
  reason: state === 'failed' ? 'The receiver answered 503.' : null,
  createdAt: ago(at * MINUTE),
  dueAt: state === 'delayed' ? ago(-2 * MINUTE) : null,
}));

const WORKERS: readonly Worker[] = [
  { role: 'watcher', host: 'pacs-gw', pid: 4711, alive: true, ageMs: 2_000, roots: ['modality', 'research'] },
  { role: 'worker', host: 'import-2', pid: 88, alive: false, ageMs: 150_000, roots: [] },
].map((worker) => ({ ...worker, startedAt: ago(3 * HOUR), mode: 'postgres' }) as Worker);

/** Two days of hours with a working day's shape, the same every time. */
function createHours(): readonly ThroughputRow[] {
  const hour = Math.floor(Date.now() / HOUR) * HOUR;
  return Array.from({ length: 48 }, (_, at) => {
    const begin = new Date(hour - (47 - at) * HOUR);
    const load = Math.max(0, Math.sin(((begin.getUTCHours() - 5) / 14) * Math.PI)) * (1 + ((at * 7) % 5) / 10);
    const batches = Math.round(load * 42);
    const ms = 900 + load * 800;
    return {
      at: begin.toISOString(),
      batches,
      failed: at % 17 === 3 && batches > 0 ? 1 : 0,
      studies: batches,
      series: batches * 4,
      instances: batches * 410,
      files: batches * 411,
      bytes: batches * 212_000_000,
      sealedToImportedMs: batches === 0 ? null : { p50: ms, p95: ms * 2.2, p99: ms * 3.9 },
      importMs: null,
    };
  });
}

/** An installation on an ordinary day, with something of everything in it. */
export function createHospital() {
  const api = openInstallation(
    sealedAgo(6 * SECOND, '4717', {
      ...UNFINISHED,
      status: 'PROCESSING',
      progress: toRatedProgress({ filesDone: 1_152, filesTotal: 1_800, bytesDone: 600_000_000, elapsedMs: 5_400 }),
    }),
    sealedAgo(9 * SECOND, '4716', { ...UNFINISHED, startedAt: null, status: 'QUEUE' }),
    createRich(),
    sealedAgo(34 * MINUTE, '4709', { status: 'ERROR', reason: 'The batch has more than one StudyDate.' }),
    sealedAgo(41 * MINUTE, '4708', { isLate: true, lateChanges: 1 }),
    sealedAgo(55 * MINUTE, '4707', { status: 'EMPTY', instances: 0, series: 0, studies: 0, studyList: [] }),
    sealedAgo(HOUR, '4706', { status: 'HELD', reason: 'Sealed files vanished before the import.' }),
    sealedAgo(2 * HOUR, '4705', { status: 'QUARANTINED', reason: 'No attempt to import it succeeded.' }),
    ...Array.from({ length: 40 }, (_, at) => sealedAgo(3 * HOUR + at * 3 * MINUTE, String(4704 - at))),
  );
  api.waiting = [
    aPending('L-4711', {
      outcome: 'hold',
      stage: 'held',
      reason: '12 files of its manifest are missing, its longest wait is over',
      since: ago(6 * HOUR),
      waitingMs: 6 * HOUR + 12 * MINUTE,
      unchangedMs: 6 * HOUR + 4 * MINUTE,
    }),
    aPending('L-4719.tmp', { stage: 'arriving', reason: 'its name says that it is not finished', waitingMs: 41_000 }),
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
  return Object.assign(api, {
    listJobs: async () => toPage(JOBS),
    listWorkers: async () => toPage(WORKERS),
    readThroughput: async () => toPage(createHours()),
    listImages: async () => toPage(createImages()),
  });
}

function createImages(): readonly ImageRow[] {
  return Array.from({ length: 30 }, (_, at) => ({
    sopInstanceUid: `1.2.3.${at}`,
    seriesInstanceUid: '1.2.3',
    batchId: '4710',
    instanceNumber: at + 1,
    sopClassUid: null,
    transferSyntaxUid: null,
    path: `series-1/IM${at}.dcm`,
    bytes: 525_000,
    isWhole: at !== 3,
    digest: null,
    digestAlgorithm: null,
    standing: at === 5 ? 'duplicate' : 'first',
  }));
}
