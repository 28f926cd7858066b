import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportedInstance, ImportedStudy, ImportResult, SealRequest } from '@sendit/model';
import { describeWith, openTempDir, type PostgresServer, startPostgres } from '@sendit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, type DatabaseTarget, openDatabase } from '../src/index.ts';

interface Engine {
  /** A database of its own, and another connection to it where the engine allows several. */
  open(): Promise<{ readonly db: Database; readonly other: Database } & AsyncDisposable>;
}

const study: ImportedStudy = {
  studyInstanceUid: '1.2.3',
  studyDate: '20240131',
  studyTime: null,
  studyId: null,
  accessionNumber: null,
  studyDescription: null,
  patientId: null,
  patientName: 'Doe^Jane',
  patientBirthDate: null,
  patientSex: null,
};

function seriesOf(seriesInstanceUid: string, studyInstanceUid = '1.2.3'): ImportResult['series'][number] {
  return {
    studyInstanceUid,
    seriesInstanceUid,
    modality: 'CT',
    seriesNumber: 1,
    seriesDescription: null,
    bodyPartExamined: null,
    protocolName: null,
    manufacturer: null,
  };
}

function instanceOf(
  sopInstanceUid: string,
  seriesInstanceUid = '1.2.3.1',
  studyInstanceUid = '1.2.3',
): ImportedInstance {
  return {
    studyInstanceUid,
    seriesInstanceUid,
    sopInstanceUid,
    sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
    transferSyntaxUid: '1.2.840.10008.1.2.1',
    instanceNumber: 1,
    path: `${sopInstanceUid}.dcm`,
    bytes: 5_000_000_000,
  };
}

function resultOf(job: { batchId: string; outboxId: string }, changes: Partial<ImportResult> = {}): ImportResult {
  return {
    ...job,
    status: 'DONE',
    reason: null,
    files: 2,
    bytes: 10_000_000_000,
    studies: [study],
    series: [seriesOf('1.2.3.1')],
    instances: [instanceOf('1.2.3.1.1'), instanceOf('1.2.3.1.2')],
    findings: [{ code: 'not-dicom', severity: 'warning', path: 'README', message: 'Not a DICOM file.' }],
    ...changes,
  };
}

async function rootId(db: Database): Promise<string> {
  return (await db.roots.upsert({ name: 'data', path: '/data' })).id;
}

async function requestOf(db: Database, name: string, changes: Partial<SealRequest> = {}): Promise<SealRequest> {
  return {
    rootId: await rootId(db),
    relativePath: name,
    path: `/data/${name}`,
    name,
    grade: 'renamed',
    files: 2,
    bytes: 10_000_000_000,
    manifestDigest: 'a',
    ...changes,
  };
}

/** Seals a directory and takes its message, as the relay does. */
async function sealed(db: Database, name: string): Promise<{ batchId: string; outboxId: string }> {
  const outcome = await db.batches.seal(await requestOf(db, name));
  const rows = await db.outbox.claim({ limit: 100, leaseMs: 60_000 });
  const row = rows.find((one) => one.batchId === outcome.batchId);
  if (row === undefined) throw new Error('the sealed batch has no message in the outbox');
  return { batchId: outcome.batchId, outboxId: row.id };
}

async function started(db: Database, name: string): Promise<{ batchId: string; outboxId: string }> {
  const job = await sealed(db, name);
  await db.outbox.markSent([job.outboxId], { resendAfterMs: 60_000 });
  await db.studies.begin(job);
  return job;
}

function contract(engine: Engine): void {
  test('a directory is sealed once, with one message, and is known afterwards', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const first = await db.batches.seal(await requestOf(db, 'a'));
    const again = await db.batches.seal(await requestOf(db, 'a'));
    expect(first).toMatchObject({ kind: 'sealed', generation: 1 });
    expect(again).toEqual({ kind: 'known', batchId: first.batchId, generation: 1, status: 'NEW', changed: false });
    expect(await db.outbox.count()).toBe(1);
  });

  test('of many seals of one directory at once, from two connections, one seals', async () => {
    await using opened = await engine.open();
    const { db, other } = opened;
    const requests = await Promise.all(Array.from({ length: 5 }, (_, index) => requestOf(db, `race${index}`)));
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, index) => {
        const request = requests[index % requests.length];
        if (request === undefined) throw new Error('no request');
        return (index % 2 === 0 ? db : other).batches.seal(request);
      }),
    );
    expect(outcomes.filter((outcome) => outcome.kind === 'sealed')).toHaveLength(5);
    expect(new Set(outcomes.map((outcome) => outcome.batchId)).size).toBe(5);
    expect(await db.outbox.count()).toBe(5);
  });

  test('other content without a disappearance is known and changed, and makes no generation', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    await db.batches.seal(await requestOf(db, 'a'));
    const late = await db.batches.seal(await requestOf(db, 'a', { manifestDigest: 'b' }));
    expect(late).toMatchObject({ kind: 'known', changed: true, generation: 1 });
    expect(await db.outbox.count()).toBe(1);
  });

  test('other content after a disappearance is the next generation, the same content is not', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const root = await rootId(db);
    const first = await db.batches.seal(await requestOf(db, 'a'));
    await db.batches.markVanished(root, 'a');
    await db.batches.markVanished(root, 'a');
    expect((await db.batches.findKnown(root, ['a', 'b'])).get('a')).toEqual({
      batchId: first.batchId,
      status: 'NEW',
      manifestDigest: 'a',
      vanished: true,
    });
    expect(await db.batches.seal(await requestOf(db, 'a'))).toMatchObject({ kind: 'known', changed: false });
    expect(await db.batches.seal(await requestOf(db, 'a', { manifestDigest: 'b' }))).toMatchObject({ changed: true });
    await db.batches.markVanished(root, 'a');
    const second = await db.batches.seal(await requestOf(db, 'a', { manifestDigest: 'b' }));
    expect(second).toMatchObject({ kind: 'sealed', generation: 2 });
    const known = await db.batches.findKnown(root, ['a', 'never']);
    expect([...known.keys()]).toEqual(['a']);
    expect(known.get('a')).toMatchObject({ batchId: second.batchId, vanished: false });
    expect(await db.batches.show('a')).toMatchObject({ id: second.batchId, generation: 2 });
  });

  test('one path under two roots is two batches', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const other = await db.roots.upsert({ name: 'other', path: '/other' });
    await db.batches.seal(await requestOf(db, 'a'));
    const second = await db.batches.seal(await requestOf(db, 'a', { rootId: other.id, path: '/other/a' }));
    expect(second.kind).toBe('sealed');
    expect(await db.batches.list({ root: 'other' })).toHaveLength(1);
    expect((await db.batches.show('/data/a'))?.root).toBe('data');
  });

  test('a root keeps its id under its name when its path changes', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const first = await db.roots.upsert({ name: 'data', path: '/data' });
    expect(await db.roots.upsert({ name: 'data', path: '/mnt/data' })).toEqual({ ...first, path: '/mnt/data' });
    expect(await db.roots.list()).toHaveLength(1);
  });

  test('a claimed message is not given again within its lease, and again after it', async () => {
    await using opened = await engine.open();
    const { db, other } = opened;
    for (let index = 0; index < 20; index += 1) await db.batches.seal(await requestOf(db, `a${index}`));
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        (index % 2 === 0 ? db : other).outbox.claim({ limit: 3, leaseMs: 60_000 }),
      ),
    );
    const ids = claims.flat().map((row) => row.id);
    expect(claims.every((rows) => rows.length <= 3)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    const rest = await db.outbox.claim({ limit: 100, leaseMs: 0 });
    expect(ids.length + rest.length).toBe(20);
    expect(await db.outbox.claim({ limit: 100, leaseMs: 60_000 })).toHaveLength(rest.length);
  });

  test('a sent message moves its batch to QUEUE and is due again after the time to resend', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await sealed(db, 'a');
    await db.outbox.markSent([job.outboxId], { resendAfterMs: 60_000 });
    expect((await db.batches.show(job.batchId))?.status).toBe('QUEUE');
    expect(await db.outbox.claim({ limit: 1, leaseMs: 0 })).toEqual([]);
    await db.outbox.markSent([job.outboxId], { resendAfterMs: 0 });
    expect(await db.outbox.claim({ limit: 1, leaseMs: 0 })).toEqual([
      { id: job.outboxId, kind: 'import-dicomdir', batchId: job.batchId },
    ]);
  });

  test('an import is read, shows its progress and ends with its rows and counts', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await sealed(db, 'a');
    expect(await db.studies.begin(job)).toEqual({
      kind: 'import',
      batch: { id: job.batchId, path: '/data/a', name: 'a' },
    });
    await db.batches.markQueued([job.batchId]);
    expect((await db.batches.list({}))[0]).toMatchObject({ status: 'PROCESSING', progress: null });
    await db.studies.progress(job.batchId, { filesDone: 1, filesTotal: 2 });
    expect((await db.batches.list({}))[0]?.progress).toEqual({ filesDone: 1, filesTotal: 2 });
    expect(await db.studies.commit(resultOf(job))).toBe('committed');
    const detail = await db.batches.show('/data/a/');
    expect(detail).toMatchObject({
      id: job.batchId,
      root: 'data',
      status: 'DONE',
      attempts: 1,
      studies: 1,
      series: 1,
      instances: 2,
      findings: 1,
      bytes: 10_000_000_000,
      progress: null,
      studyList: [
        {
          studyInstanceUid: '1.2.3',
          studyDate: '20240131',
          seriesList: [{ seriesInstanceUid: '1.2.3.1', modality: 'CT', seriesNumber: 1, instances: 2 }],
        },
      ],
      findingList: [{ code: 'not-dicom', severity: 'warning', path: 'README', message: 'Not a DICOM file.' }],
    });
    expect(Date.parse(detail?.finishedAt ?? '')).not.toBeNaN();
    expect(JSON.stringify(detail)).not.toContain('Doe');
    expect(await db.outbox.count()).toBe(0);
  });

  test('an import that is committed twice, even at once, is written once', async () => {
    await using opened = await engine.open();
    const { db, other } = opened;
    const job = await started(db, 'a');
    await db.studies.begin(job);
    const outcomes = await Promise.all([db.studies.commit(resultOf(job)), other.studies.commit(resultOf(job))]);
    expect(outcomes.toSorted()).toEqual(['already-done', 'committed']);
    expect(await db.studies.commit(resultOf(job, { instances: [] }))).toBe('already-done');
    expect(await db.studies.begin(job)).toEqual({ kind: 'settled' });
    expect(await db.studies.fail(job, 'late')).toBe('already-done');
    expect(await db.batches.show('a')).toMatchObject({ status: 'DONE', instances: 2, attempts: 2 });
  });

  test('a commit that cannot be written leaves nothing behind and can be made again', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await started(db, 'a');
    await expect(db.studies.commit(resultOf(job, { series: [] }))).rejects.toThrow(TypeError);
    expect(await db.batches.show('a')).toMatchObject({ status: 'PROCESSING', instances: 0, studyList: [] });
    expect(await db.studies.commit(resultOf(job))).toBe('committed');
  });

  test('a study that arrives in two batches is one study, and each batch counts its own part', async () => {
    await using opened = await engine.open();
    const { db, other } = opened;
    const jobs = [await started(db, 'a'), await started(db, 'b')] as const;
    const second = resultOf(jobs[1], {
      studies: [{ ...study, studyDate: null, studyDescription: 'Head' }],
      series: [seriesOf('1.2.3.2')],
      instances: [instanceOf('1.2.3.2.1', '1.2.3.2')],
    });
    expect(await Promise.all([db.studies.commit(resultOf(jobs[0])), other.studies.commit(second)])).toEqual([
      'committed',
      'committed',
    ]);
    expect(await db.batches.show('a')).toMatchObject({ studies: 1, series: 1, instances: 2 });
    expect(await db.batches.show('b')).toMatchObject({
      instances: 1,
      studyList: [{ studyDate: '20240131', seriesList: [{ seriesInstanceUid: '1.2.3.2', instances: 1 }] }],
    });
  });

  test('imports that share many studies in different orders do not lock each other out', async () => {
    await using opened = await engine.open();
    const { db, other } = opened;
    const uids = Array.from({ length: 30 }, (_, index) => `1.9.${index}`);
    const jobs = [await started(db, 'a'), await started(db, 'b'), await started(db, 'c'), await started(db, 'd')];
    const outcomes = await Promise.all(
      jobs.map((job, index) => {
        const ordered = index % 2 === 0 ? uids : uids.toReversed();
        return (index % 2 === 0 ? db : other).studies.commit(
          resultOf(job, {
            studies: ordered.map((uid) => ({ ...study, studyInstanceUid: uid })),
            series: ordered.map((uid) => seriesOf(`${uid}.1`, uid)),
            instances: ordered.map((uid) => instanceOf(`${uid}.1.1`, `${uid}.1`, uid)),
          }),
        );
      }),
    );
    expect(outcomes).toEqual(['committed', 'committed', 'committed', 'committed']);
  });

  test('fallback ids of two folders with one name stay apart', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    for (const root of ['east', 'west']) {
      const { id } = await db.roots.upsert({ name: root, path: `/${root}` });
      const outcome = await db.batches.seal(await requestOf(db, 'scan', { rootId: id, path: `/${root}/scan` }));
      const [row] = await db.outbox.claim({ limit: 1, leaseMs: 60_000 });
      const job = { batchId: outcome.batchId, outboxId: row?.id ?? '' };
      await db.studies.begin(job);
      await db.studies.commit(
        resultOf(job, {
          studies: [{ ...study, studyInstanceUid: 'study_scan', studyDate: root }],
          series: [seriesOf('series_scan', 'study_scan')],
          instances: [instanceOf('1.1', 'series_scan', 'study_scan')],
        }),
      );
    }
    expect((await db.batches.show('/east/scan'))?.studyList[0]?.studyDate).toBe('east');
    expect((await db.batches.show('/west/scan'))?.studyList[0]?.studyDate).toBe('west');
  });

  test('text that PostgreSQL refuses, numbers that do not fit and ids of any length are stored all the same', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await started(db, 'a');
    const long = '9'.repeat(20_000);
    const outcome = await db.studies.commit(
      resultOf(job, {
        studies: [{ ...study, studyInstanceUid: long, patientName: 'Doe\0^\uD800Jane', studyDate: '2024\0' }],
        series: [{ ...seriesOf('1.2\0', long), seriesNumber: 2 ** 40, modality: '\uDC00' }],
        instances: [
          { ...instanceOf('1.1\0', '1.2\0', long), instanceNumber: 1.5, path: 'x\0y' },
          { ...instanceOf('1.1\uFFFD', '1.2\0', long), path: 'the same after cleaning' },
        ],
        findings: [{ code: 'unreadable', severity: 'warning', path: 'x\0y', message: 'NUL \0' }],
        reason: 'a\0b',
      }),
    );
    expect(outcome).toBe('committed');
    const detail = await db.batches.show('a');
    expect(detail).toMatchObject({ instances: 1, reason: 'a\uFFFDb', findingList: [{ path: 'x\uFFFDy' }] });
    expect(detail?.studyList[0]).toMatchObject({ studyDate: '2024\uFFFD', seriesList: [{ seriesNumber: null }] });
    expect(await db.batches.show('no\0such')).toBeUndefined();
    expect((await db.batches.seal(await requestOf(db, 'x\0\uD800'))).kind).toBe('sealed');
    expect((await db.batches.findKnown(await rootId(db), ['x\0\uD800'])).has('x\0\uD800')).toBe(true);
  });

  test('a batch that failed is retried with a new message, and its new import replaces the old one', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await started(db, 'a');
    expect(await db.batches.retry('a')).toEqual({ kind: 'refused', status: 'PROCESSING' });
    await db.studies.commit(
      resultOf(job, {
        status: 'ERROR',
        reason: 'two study dates',
        studies: [study, { ...study, studyInstanceUid: 'study_a' }],
        series: [seriesOf('1.2.3.1'), seriesOf('series_a', 'study_a')],
        instances: [instanceOf('1.1'), instanceOf('1.9', 'series_a', 'study_a')],
      }),
    );
    expect(await db.batches.show('a')).toMatchObject({ status: 'ERROR', reason: 'two study dates', studies: 2 });
    expect(await db.batches.retry('a')).toEqual({ kind: 'queued', batchId: job.batchId });
    expect(await db.batches.show('a')).toMatchObject({ status: 'NEW', reason: null, finishedAt: null });
    const [row] = await db.outbox.claim({ limit: 1, leaseMs: 60_000 });
    const again = { batchId: job.batchId, outboxId: row?.id ?? '' };
    expect(again.outboxId).not.toBe(job.outboxId);
    expect(await db.studies.begin(again)).toMatchObject({ kind: 'import' });
    await db.studies.commit(resultOf(again, { findings: [] }));
    const detail = await db.batches.show('a');
    expect(detail).toMatchObject({
      status: 'DONE',
      attempts: 2,
      studies: 1,
      instances: 2,
      findings: 0,
      findingList: [],
    });
    expect(detail?.studyList).toHaveLength(1);
    expect(await db.batches.retry('a')).toEqual({ kind: 'refused', status: 'DONE' });
    expect(await db.batches.retry('none')).toEqual({ kind: 'not-found' });
  });

  test('a batch fails with its reason and without a message, from whatever status the queue left it in', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const fresh = await sealed(db, 'fresh');
    const busy = await started(db, 'busy');
    expect(await db.studies.fail(fresh, 'no disk')).toBe('failed');
    expect(await db.studies.fail(busy, 'no disk')).toBe('failed');
    expect(await db.studies.fail(busy, 'no disk')).toBe('already-done');
    expect(await db.batches.list({ status: 'ERROR' })).toHaveLength(2);
    expect(await db.batches.show('fresh')).toMatchObject({ reason: 'no disk' });
    expect(await db.outbox.count()).toBe(0);
  });

  test('jobs of another database are settled', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const foreign = { batchId: '77', outboxId: '5b0c7b06-3d0c-4a53-9d8e-0d5c8b0f5f4e' };
    expect(await db.studies.begin(foreign)).toEqual({ kind: 'settled' });
    expect(await db.studies.begin({ batchId: 'x', outboxId: 'y' })).toEqual({ kind: 'settled' });
    expect(await db.studies.fail(foreign, 'reason')).toBe('already-done');
    await db.outbox.markSent(['y'], { resendAfterMs: 0 });
  });

  test('batches are listed newest first, by status and root, up to a limit', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    for (const name of ['a', 'b', 'c']) await db.batches.seal(await requestOf(db, name));
    expect((await db.batches.list({ limit: 2 })).map((batch) => batch.name)).toEqual(['c', 'b']);
    expect(await db.batches.list({ status: 'DONE' })).toEqual([]);
    expect(await db.batches.list({ root: 'nowhere' })).toEqual([]);
  });

  test('a heartbeat is kept per process with its age', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const heartbeat = {
      host: 'h',
      pid: 1,
      startedAt: '2024-01-31T00:00:00.000Z',
      mode: 'embedded',
      portalUrl: null,
      roots: [
        { name: 'd\0', path: '/d', backend: 'inotify', pending: 0, skippedTests: 0, overflows: 0, problem: null },
      ],
    } as const;
    await db.heartbeats.beat(heartbeat);
    await db.heartbeats.beat({ ...heartbeat, portalUrl: 'http://127.0.0.1:1' });
    const [beat, ...more] = await db.heartbeats.list();
    expect(more).toEqual([]);
    expect(beat).toMatchObject({ pid: 1, portalUrl: 'http://127.0.0.1:1', roots: [{ name: 'd\uFFFD' }] });
    expect(beat?.ageMs).toBeGreaterThanOrEqual(0);
    await db.heartbeats.remove('h', 1);
    expect(await db.heartbeats.list()).toEqual([]);
  });

  test('a schema newer than the code is refused by name', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    expect(await db.migrationStatus()).toEqual({ applied: ['0000_initial'], pending: [] });
    expect(await db.migrate()).toEqual([]);
    await db.ping();
  });
}

describe('on the embedded engine', () => {
  contract({
    open: async () => {
      const directory = await openTempDir();
      const target: DatabaseTarget = { kind: 'embedded', directory: join(directory.path, 'database') };
      await mkdir(target.directory);
      const db = await openDatabase(target);
      return {
        db,
        other: db,
        [Symbol.asyncDispose]: async () => {
          await db[Symbol.asyncDispose]();
          await directory[Symbol.asyncDispose]();
        },
      };
    },
  });
});

describeWith(['postgres'], 'on PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  contract({
    open: async () => {
      const target: DatabaseTarget = { kind: 'postgres', url: await server.createDatabase() };
      const [db, other] = await Promise.all([openDatabase(target), openDatabase(target)]);
      return {
        db,
        other,
        [Symbol.asyncDispose]: async () => {
          await Promise.all([db[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]);
        },
      };
    },
  });
});
