import type { BatchDetail, SenditApi } from '@sendit/api';
import { once } from 'node:events';
import { join } from 'node:path';
import { type BatchStatus, silentLogger, toRatedProgress } from '@sendit/model';
import { createPortal, serveSocket } from '@sendit/portal';
import { createFakeApi, exited } from '@sendit/testing';
import { openConfiguredDatabase } from '@sendit/runtime';
import { expect, test } from 'vitest';
import { Installation } from './harness.ts';

const BATCH: BatchDetail = {
  id: '17',
  root: 'data',
  path: '/data/L123456',
  name: 'L123456',
  status: 'QUEUE',
  stage: 'queued',
  unit: 'directory',
  generation: 1,
  studies: 0,
  series: 0,
  instances: 0,
  findings: 0,
  isLate: false,
  renamedTo: null,
  createdAt: '2025-03-01T10:00:00.000Z',
  finishedAt: null,
  progress: null,
  grade: 'renamed',
  files: 400,
  bytes: 1_000_000,
  digest: null,
  digestAlgorithm: null,
  attempts: 1,
  lateChanges: 0,
  isDelta: false,
  reason: null,
  startedAt: null,
  times: null,
  modalities: [],
  studyDates: [],
  duplicates: 0,
  replaced: 0,
  quarantined: 0,
  studyList: [],
  findingList: [],
  findingGroups: [],
  generations: [],
  timeline: [],
  auditList: [],
  actionList: [],
};
const OTHERS = { duplicates: 2, quarantined: 1 };
const reading = (filesDone: number): BatchDetail => ({
  ...BATCH,
  status: 'PROCESSING',
  progress: toRatedProgress({ filesDone, filesTotal: 400, bytesDone: filesDone * 2_500, elapsedMs: filesDone * 10 }),
});
const ended = (status: BatchStatus): BatchDetail => ({ ...BATCH, status, finishedAt: '2025-03-01T10:00:09.000Z' });

/** An installation whose daemon shows the batch as it is at each look; the last stays. */
async function openWith(looks: readonly BatchDetail[]) {
  const at = await Installation.open();
  let turn = 0;
  const api: SenditApi = {
    ...createFakeApi(),
    showBatch: async () => looks[Math.min(turn++, looks.length - 1)],
    listBatches: async ({ status }) => {
      const next = looks[Math.min(turn, looks.length - 1)];
      const isListed = next !== undefined && status?.includes(next.status) === true;
      if (isListed) turn++;
      return { count: 0, next: null, previous: null, results: isListed ? [next] : [] };
    },
  };
  const portal = createPortal(api, { access: 'full', logger: silentLogger });
  const socket = await serveSocket(portal, { socketPath: join(at.stateDir, 'api.sock'), logger: silentLogger });
  return {
    at,
    async [Symbol.asyncDispose]() {
      await socket[Symbol.asyncDispose]();
      await at[Symbol.asyncDispose]();
    },
  };
}

test('a person sees each state, how far the reading is, and the batch when it has ended', async () => {
  await using open = await openWith([BATCH, reading(100), reading(100), reading(300), { ...ended('DONE'), ...OTHERS }]);
  const { code, stdout } = await open.at.run('batch', 'show', 'L123456', '--watch');
  const lines = stdout.split('\n');
  expect(lines.slice(0, 3)).toEqual([
    'QUEUE',
    'PROCESSING 100/400 (250.0 KB), 100/s, 3.0 s to go',
    'PROCESSING 300/400 (750.0 KB), 100/s, 1.0 s to go',
  ]);
  expect(lines[3]).toBe('Batch 17: L123456');
  expect(stdout).toContain('status      DONE');
  expect(stdout).toContain(
    'elsewhere   2 instances imported before, 1 file quarantined: imported before with other bytes',
  );
  expect(code).toBe(0);
});

test('with --json each change is one line, and a failure is exit code 1', async () => {
  await using open = await openWith([BATCH, reading(100), ended('QUARANTINED')]);
  const { code, stdout } = await open.at.run('batch', 'show', '17', '--watch', '--json');
  const changes = stdout
    .trimEnd()
    .split('\n')
    .map((line): BatchDetail => JSON.parse(line));
  expect(changes.map(({ status }) => status)).toEqual(['QUEUE', 'PROCESSING', 'QUARANTINED']);
  expect(changes[1]?.progress).toMatchObject({ filesDone: 100, bytesDone: 250_000, filesPerS: 100, etaMs: 3_000 });
  expect(code).toBe(1);
});

test('Ctrl-C ends the watching with exit code 130, and nothing else is said', async () => {
  await using open = await openWith([BATCH]);
  const child = open.at.spawn('batch', 'show', '17', '--watch');
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += String(chunk);
  });
  if (child.stdout !== null) await once(child.stdout, 'data');
  child.kill('SIGINT');
  await exited(child);
  expect(child.exitCode).toBe(130);
  expect(said).toBe('');
});

test('where nobody would import the batch, watching it is refused', async () => {
  await using at = await Installation.open();
  {
    const settings = { databaseUrl: undefined, databaseDir: join(at.stateDir, 'database') };
    await using database = await openConfiguredDatabase(settings, { logger: silentLogger });
    const { id: rootId } = await database.roots.upsert({ name: 'data', path: at.data });
    const place = { rootId, relativePath: 'SEALED', name: 'SEALED', path: join(at.data, 'SEALED') };
    await database.batches.seal({ ...place, grade: 'renamed', files: 0, bytes: 0, manifestDigest: '', manifest: [] });
  }
  const { code, stderr } = await at.run('batch', 'show', 'SEALED', '--watch');
  expect(stderr).toContain('sendit watcher start');
  expect(code).toBe(1);
});
