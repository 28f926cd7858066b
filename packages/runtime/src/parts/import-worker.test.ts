import { type Clock, type RatedProgress, SenditError, silentLogger, toHandle } from '@sendit/model';
import type { HeaderReaders } from '@sendit/importer';
import type { ImportQueue } from '@sendit/queue';
import { expect, test } from 'vitest';
import { runImportWorker, type WorkerStore } from './import-worker.ts';

const never = new AbortController().signal;
const JOB = { outboxId: '7', batchId: '17', attempt: 1, lastAttempt: false };
const unexpected = (): Promise<never> => Promise.reject(new Error('not expected'));

/** A batch of two files in a folder that is there. */
const STORE: WorkerStore = {
  setApart: async () => undefined,
  begin: async () => ({
    kind: 'import',
    attempt: 1,
    batch: {
      id: '17',
      path: import.meta.dirname,
      name: 'src',
      files: 2,
      isWhole: false,
      isDelta: false,
      acceptsMissing: false,
      isAccepted: false,
      findingPolicy: {},
      ignore: [],
    },
  }),
  async *manifest() {
    yield ['a', 'b'].map((path) => ({ path, bytes: 100, mtimeNs: 0n, inode: 1n }));
  },
  earlier: () => {
    throw new TypeError('Expected no earlier files to be asked for');
  },
  progress: async () => undefined,
  commit: async (result) => ({
    kind: 'committed',
    status: result.status,
    studies: 0,
    series: 0,
    instances: 0,
    findings: 0,
    quarantined: 0,
  }),
  stage: unexpected,
  postpone: unexpected,
  fail: unexpected,
  holdMissing: unexpected,
  holdUnreadable: unexpected,
};

/** Hands one job to its worker. */
const toQueue = (report: (progress: RatedProgress) => void): ImportQueue => ({
  kind: 'pglite',
  add: unexpected,
  counts: unexpected,
  setPaused: async () => false,
  probe: unexpected,
  runWorker: (options, signal) => options.handle(JOB, signal, report),
  ...toHandle(async () => undefined),
});

test('the job hears what the store hears: files, bytes, rate and time left', async () => {
  const told: RatedProgress[] = [];
  const readers: HeaderReaders = {
    async *readHeaders({ paths }) {
      const header = { kind: 'not-dicom' as const, reason: 'no-dicom-prefix' as const };
      yield paths.map((path) => ({
        path,
        bytes: 100,
        mtimeMs: 0,
        header,
        digest: null,
        datasetDigest: null,
        hashMs: 0,
      }));
    },
  };
  const queue = toQueue((progress) => told.push(progress));
  let now = 0;
  const clock: Clock = { now: () => (now += 1_000), sleep: async () => undefined };
  await runImportWorker(
    { queue, store: STORE, readers, policy: {}, concurrency: 1, clock, logger: silentLogger },
    never,
  );
  expect(told.at(-1)).toMatchObject({ filesDone: 2, filesTotal: 2, bytesDone: 200, etaMs: 0 });
  expect(told.at(-1)?.filesPerS).toBeGreaterThan(0);
});

test.each([
  ['not-found', 'holdMissing'],
  ['unreadable', 'holdUnreadable'],
  ['internal', 'fail'],
] as const)('after the last attempt that ended with %s the store is asked to %s', async (code, call) => {
  const calls: string[] = [];
  const note = (name: string) => async () => {
    calls.push(name);
    return 'already-done' as const;
  };
  const store = {
    ...STORE,
    fail: note('fail'),
    holdMissing: note('holdMissing'),
    holdUnreadable: note('holdUnreadable'),
  };
  const readers: HeaderReaders = { readHeaders: () => unexpected() as never };
  const queue: ImportQueue = {
    ...toQueue(() => undefined),
    runWorker: (options) => options.exhausted(JOB, new SenditError('No.', { code })),
  };
  await runImportWorker({ queue, store, readers, policy: {}, concurrency: 1, logger: silentLogger }, never);
  expect(calls).toEqual([call]);
});
