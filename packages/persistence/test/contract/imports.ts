import { expect, test } from 'vitest';
import {
  type Engine,
  instanceOf,
  partsOf,
  requestOf,
  resultOf,
  rootId,
  runOf,
  sealed,
  seriesOf,
  started,
  study,
} from './fixtures.ts';

/** Contract of every engine: imports. */
export function importsContract(engine: Engine): void {
  test('an import is read, shows its progress and ends with its rows and counts', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await sealed(db, 'a');
    expect(await db.studies.begin(job)).toEqual({
      kind: 'import',
      batch: {
        id: job.batchId,
        path: '/data/a',
        name: 'a',
        files: 2,
        isWhole: true,
        isDelta: false,
        acceptsMissing: false,
        isAccepted: false,
        findingPolicy: {},
        ignore: [],
      },
      attempt: 1,
      manifest: (await partsOf(db, job.batchId)).flat(),
    });
    await db.batches.markQueued([job.batchId]);
    expect((await db.batches.list({})).results[0]).toMatchObject({ status: 'PROCESSING', progress: null });
    const progress = { filesDone: 1, filesTotal: 2, bytesDone: 5_000_000_000, elapsedMs: 500 };
    await db.studies.progress(job.batchId, progress);
    expect((await db.batches.list({})).results[0]?.progress).toEqual({ ...progress, filesPerS: 2, etaMs: 500 });
    expect((await db.batches.show('a'))?.times).toBeNull();
    expect(await db.studies.commit(resultOf(job))).toMatchObject({ kind: 'committed' });
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
      digest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      digestAlgorithm: 'xxh128',
      times: { listingMs: 1, readingMs: 20, hashingMs: 3 },
      modalities: ['CT'],
      studyDates: ['20240131'],
      progress: null,
      studyList: [
        {
          studyInstanceUid: '1.2.3',
          studyDate: '20240131',
          seriesList: [
            { seriesInstanceUid: '1.2.3.1', modality: 'CT', seriesNumber: 1, instances: 2, bytes: 10_000_000_000 },
          ],
        },
      ],
      findingList: [{ code: 'not-dicom', severity: 'warning', path: 'README', message: 'Not a DICOM file.' }],
    });
    expect(Date.parse(detail?.finishedAt ?? '')).not.toBeNaN();
    expect(JSON.stringify(detail)).not.toContain('Doe');
    expect(await db.outbox.count()).toBe(0);
  });

  test('an import is told which names its root ignores', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    await db.roots.ignoreNames(await rootId(db), ['*.log', '!.snapshot']);
    const job = await sealed(db, 'a');
    expect(await db.studies.begin(job)).toMatchObject({ batch: { ignore: ['*.log', '!.snapshot'] } });
  });

  test('of a batch of late files, what the generations before it have of its series is listed', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const first = await started(db, 'a');
    const other = { ...instanceOf('1.2.3.2.1', 1), path: 'other.dcm' };
    const series = [seriesOf('1.2.3.1'), seriesOf('1.2.3.2')];
    const instances = [instanceOf('1.2.3.1.1'), instanceOf('1.2.3.1.2'), other];
    await db.studies.commit(resultOf(first, { series, instances }));
    const listed = async (batchId: string, uids: readonly string[]) => {
      const paths: string[] = [];
      for await (const part of db.studies.earlier(batchId, uids)) paths.push(...part);
      return paths;
    };
    expect(await listed(first.batchId, ['1.2.3.1'])).toEqual([]);
    const changed = { path: '1.2.3.1.2.dcm', bytes: 7, mtimeNs: 2n, inode: 2n };
    const late = await requestOf(db, 'a', { manifestDigest: 'b', manifest: [changed], late: 'amend' });
    const { batchId } = await db.batches.seal(late);
    expect(await listed(batchId ?? '', ['1.2.3.1', 'unknown'])).toEqual(['1.2.3.1.1.dcm']);
    expect(await listed(batchId ?? '', ['1.2.3.2'])).toEqual(['other.dcm']);
    expect(await listed(batchId ?? '', [])).toEqual([]);
  });

  test('a batch whose files vanished is held, and queued again when it is sealed as it was', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await started(db, 'a');
    expect(await db.studies.holdMissing(job, 'one file is gone')).toBe('held');
    expect(await db.studies.holdMissing(job, 'again')).toBe('already-done');
    expect(await db.batches.countHeld()).toMatchObject({ missing: 1, unreadable: 0 });
    expect(await db.studies.commit(resultOf(job))).toMatchObject({ kind: 'already-done' });
    expect(await db.batches.show('a')).toMatchObject({ status: 'HELD', reason: 'one file is gone' });
    expect(await db.outbox.count()).toBe(0);
    const other = await db.batches.seal(await requestOf(db, 'a', { manifestDigest: 'b' }));
    expect(other).toMatchObject({ kind: 'known', status: 'HELD' });
    const back = await db.batches.seal(await requestOf(db, 'a'));
    expect(back).toEqual({ kind: 'reopened', batchId: job.batchId, generation: 1, isLate: false });
    expect(await db.batches.seal(await requestOf(db, 'a'))).toMatchObject({ kind: 'known', status: 'NEW' });
    expect(await db.outbox.count()).toBe(1);
    const [message] = await db.outbox.claim({ limit: 1, leaseMs: 60_000 });
    const again = { batchId: job.batchId, outboxId: message?.id ?? '' };
    expect(await db.studies.begin(again)).toMatchObject({ kind: 'import', batch: { acceptsMissing: false } });
    expect(await db.studies.commit(resultOf(again, { attempt: 2 }))).toMatchObject({ kind: 'committed' });
  });

  test('a batch whose files vanished is imported without them when a person asks for it, and never by itself', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await started(db, 'a');
    await db.studies.holdMissing(job, 'one file is gone');
    expect(await db.batches.retry('a')).toMatchObject({ kind: 'queued' });
    expect(await db.batches.countHeld()).toMatchObject({ missing: 0, unreadable: 0 });
    const [message] = await db.outbox.claim({ limit: 1, leaseMs: 60_000 });
    const again = { batchId: job.batchId, outboxId: message?.id ?? '' };
    expect(await db.studies.begin(again)).toMatchObject({ kind: 'import', batch: { acceptsMissing: true } });
    expect(await db.batches.seal(await requestOf(db, 'a'))).toMatchObject({ kind: 'known', status: 'PROCESSING' });
  });

  test('a batch whose files cannot be read is held until it is retried, which accepts no loss', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await started(db, 'a');
    expect(await db.studies.holdUnreadable(job, 'one file cannot be read')).toBe('held');
    expect(await db.studies.holdUnreadable(job, 'again')).toBe('already-done');
    expect(await db.studies.commit(resultOf(job))).toMatchObject({ kind: 'already-done' });
    expect(await db.batches.show('a')).toMatchObject({ status: 'HELD', reason: 'one file cannot be read' });
    expect(await db.outbox.count()).toBe(0);
    expect(await db.batches.seal(await requestOf(db, 'a'))).toMatchObject({ kind: 'known', status: 'HELD' });
    expect(await db.batches.countHeld()).toMatchObject({ missing: 0, unreadable: 1 });
    expect(await db.batches.retry('a')).toMatchObject({ kind: 'queued' });
    expect(await db.batches.countHeld()).toMatchObject({ missing: 0, unreadable: 0 });
    const [message] = await db.outbox.claim({ limit: 1, leaseMs: 60_000 });
    const again = { batchId: job.batchId, outboxId: message?.id ?? '' };
    expect(await db.studies.begin(again)).toMatchObject({ kind: 'import', batch: { acceptsMissing: false } });
    expect(await db.studies.commit(resultOf(again, { attempt: 2 }))).toMatchObject({ kind: 'committed' });
  });

  test('what cannot be read is due to be tried at once, and after a longer wait each time that it is held again', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const root = await rootId(db);
    const due = async () => (await db.batches.listUnreadable(root)).map(({ name }) => name);
    const first = await started(db, 'a');
    const { batchId } = first;
    await db.studies.holdUnreadable(first, 'refused');
    await started(db, 'other');
    expect(await db.batches.listUnreadable(root)).toEqual([{ batchId, name: 'a', path: '/data/a' }]);
    expect(await db.batches.reopenUnreadable(batchId)).toBe(true);
    expect(await db.batches.reopenUnreadable(batchId)).toBe(false);
    expect(await db.batches.show('a')).toMatchObject({ status: 'NEW', reason: null });
    const again = async () => {
      const rows = await db.outbox.claim({ limit: 9, leaseMs: 60_000 });
      const job = { batchId, outboxId: rows.find((row) => row.batchId === batchId)?.id ?? '' };
      await db.studies.begin(job);
      expect(await db.studies.holdUnreadable(job, 'refused again')).toBe('held');
    };
    await again();
    expect(await due()).toEqual([]);
    // A person's word begins the waits anew.
    await db.batches.retry('a');
    await again();
    expect(await due()).toEqual(['a']);
    await db.decisions.decide({ ref: 'a', decision: 'quarantine', by: 'alice', reason: 'Enough.' });
    expect(await due()).toEqual([]);
    expect(await db.batches.reopenUnreadable(batchId)).toBe(false);
  });

  test('a batch that is held for another reason is not queued again by coming again', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await started(db, 'a');
    await db.studies.fail(job, 'broken');
    expect(await db.batches.seal(await requestOf(db, 'a'))).toMatchObject({ kind: 'known' });
    expect(await db.batches.retry('a')).toMatchObject({ kind: 'queued' });
    const [message] = await db.outbox.claim({ limit: 1, leaseMs: 60_000 });
    const again = { batchId: job.batchId, outboxId: message?.id ?? '' };
    expect(await db.studies.begin(again)).toMatchObject({ batch: { acceptsMissing: false } });
  });

  test('an import that is committed twice, even at once, is written once', async () => {
    await using opened = await engine.open();
    const { db, other } = opened;
    const job = await started(db, 'a');
    await db.studies.begin(job);
    const result = resultOf(job, { attempt: 2 });
    const outcomes = await Promise.all([db.studies.commit(result), other.studies.commit(result)]);
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['already-done', 'committed']);
    expect(await db.studies.commit({ ...result, instances: [] })).toMatchObject({ kind: 'already-done' });
    expect(await db.studies.begin(job)).toEqual({ kind: 'settled' });
    expect(await db.studies.fail(job, 'late')).toBe('already-done');
    expect(await db.batches.show('a')).toMatchObject({ status: 'DONE', instances: 2, attempts: 2 });
  });

  test('instances that are kept before the commit are seen by nobody, and moved by it', async () => {
    await using opened = await engine.open();
    const { db, other } = opened;
    const job = await started(db, 'a');
    const attributes = { KVP: '120', PatientComments: 'with \\ and "' };
    const part = { ...runOf(job), instances: [{ ...instanceOf('1.1'), attributes }, instanceOf('1.2', 1)] };
    expect(await db.studies.stage(part)).toBe('staged');
    expect(await other.studies.stage({ ...part, instances: [instanceOf('1.3', 1)] })).toBe('staged');
    expect(await db.batches.show('a')).toMatchObject({ status: 'PROCESSING', instances: 0, studyList: [] });
    const result = resultOf(job, {
      series: [seriesOf('1.2.3.1'), seriesOf('1.2.3.2')],
      instances: [instanceOf('1.4'), instanceOf('1.1', 1)],
    });
    expect(await db.studies.commit(result)).toMatchObject({ kind: 'committed' });
    expect(await db.batches.show('a')).toMatchObject({ status: 'DONE', studies: 1, series: 2, instances: 4 });
    expect((await db.batches.show('a'))?.studyList[0]?.seriesList).toMatchObject([
      { seriesInstanceUid: '1.2.3.1', instances: 2 },
      { seriesInstanceUid: '1.2.3.2', instances: 2 },
    ]);
    expect(await db.studies.stage(part)).toBe('superseded');
  });

  test('what an earlier run brings when a later one has begun is refused, and leaves the later one alone', async () => {
    await using opened = await engine.open();
    const { db, other } = opened;
    const job = await started(db, 'a');
    await db.studies.stage({ ...runOf(job), instances: [instanceOf('9.9')] });
    expect(await other.studies.begin(job)).toMatchObject({ kind: 'import', attempt: 2 });
    expect(await db.studies.stage({ ...runOf(job), instances: [instanceOf('9.8')] })).toBe('superseded');
    expect(await db.studies.commit(resultOf(job))).toMatchObject({ kind: 'already-done' });
    await db.studies.postpone(runOf(job), 'late');
    expect(await db.batches.show('a')).toMatchObject({ status: 'PROCESSING', reason: null, instances: 0 });
    expect(await db.outbox.count()).toBe(1);
    await other.studies.stage({ ...job, attempt: 2, instances: [instanceOf('1.1')] });
    expect(await other.studies.commit(resultOf(job, { attempt: 2, instances: [] }))).toMatchObject({
      kind: 'committed',
    });
    expect(await db.batches.show('a')).toMatchObject({ status: 'DONE', instances: 1 });
  });

  test('a run that failed, or was given up, leaves nothing of what it kept', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await started(db, 'a');
    await db.studies.stage({ ...runOf(job), instances: [instanceOf('9.1')] });
    await db.studies.postpone(runOf(job), 'no disk');
    await db.studies.begin(job);
    await db.studies.commit(resultOf(job, { attempt: 2 }));
    expect(await db.batches.show('a')).toMatchObject({ status: 'DONE', instances: 2 });
  });

  test('more rows than one statement takes are all written', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await started(db, 'a');
    const many = Array.from({ length: 4_500 }, (_, index) => instanceOf(`1.5.${index}`, index % 2));
    await db.studies.stage({ ...runOf(job), instances: many.slice(0, 2_100) });
    const series = [seriesOf('1.2.3.1'), seriesOf('1.2.3.2')];
    await db.studies.commit(resultOf(job, { series, instances: many.slice(2_100) }));
    expect(await db.batches.show('a')).toMatchObject({ series: 2, instances: 4_500 });
  });

  test('a commit that cannot be written leaves nothing behind and can be made again', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await started(db, 'a');
    await expect(db.studies.commit(resultOf(job, { series: [] }))).rejects.toThrow(TypeError);
    expect(await db.batches.show('a')).toMatchObject({ status: 'PROCESSING', instances: 0, studyList: [] });
    expect(await db.studies.commit(resultOf(job))).toMatchObject({ kind: 'committed' });
  });

  test('a study that arrives in two batches is one study, and each batch counts its own part', async () => {
    await using opened = await engine.open();
    const { db, other } = opened;
    const jobs = [await started(db, 'a'), await started(db, 'b')] as const;
    const second = resultOf(jobs[1], {
      studies: [{ ...study, studyDate: null, studyDescription: 'Head' }],
      series: [seriesOf('1.2.3.2')],
      instances: [instanceOf('1.2.3.2.1')],
    });
    expect(await Promise.all([db.studies.commit(resultOf(jobs[0])), other.studies.commit(second)])).toMatchObject([
      { kind: 'committed' },
      { kind: 'committed' },
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
            instances: ordered.map((uid, at) => instanceOf(`${uid}.1.1`, at)),
          }),
        );
      }),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(['committed', 'committed', 'committed', 'committed']);
  });

  test('fallback ids of two folders with one name stay apart', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    for (const root of ['east', 'west']) {
      const { id } = await db.roots.upsert({ name: root, path: `/${root}` });
      const outcome = await db.batches.seal(await requestOf(db, 'scan', { rootId: id, path: `/${root}/scan` }));
      const [row] = await db.outbox.claim({ limit: 1, leaseMs: 60_000 });
      const job = { batchId: outcome.batchId ?? '', outboxId: row?.id ?? '' };
      await db.studies.begin(job);
      await db.studies.commit(
        resultOf(job, {
          studies: [{ ...study, studyInstanceUid: 'study_scan', studyDate: root }],
          series: [seriesOf('series_scan', 'study_scan')],
          instances: [instanceOf('1.1')],
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
          { ...instanceOf('1.1\0'), instanceNumber: 1.5, path: 'x\0y' },
          { ...instanceOf('1.1\uFFFD'), path: 'the same after cleaning' },
        ],
        findings: [{ code: 'unreadable', severity: 'warning', path: 'x\0y', message: 'NUL \0' }],
        reason: 'a\0b',
      }),
    );
    expect(outcome).toMatchObject({ kind: 'committed', instances: 1 });
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
        instances: [instanceOf('1.1'), instanceOf('1.9', 1)],
      }),
    );
    expect(await db.batches.show('a')).toMatchObject({ status: 'ERROR', reason: 'two study dates', studies: 2 });
    expect(await db.batches.retry('a', 'alice')).toEqual({ kind: 'queued', batchId: job.batchId });
    expect(await db.batches.show('a')).toMatchObject({ status: 'NEW', reason: null, finishedAt: null });
    expect(await db.batches.retry('a', 'bob')).toEqual({ kind: 'refused', status: 'NEW' });
    const { batchId } = job;
    expect((await db.decisions.audit({ ref: 'a' })).results).toMatchObject([
      { decision: 'retry', by: 'alice', from: 'ERROR', to: 'NEW', reason: 'two study dates', batchId, path: '/data/a' },
    ]);
    const [row] = await db.outbox.claim({ limit: 1, leaseMs: 60_000 });
    const again = { batchId: job.batchId, outboxId: row?.id ?? '' };
    expect(again.outboxId).not.toBe(job.outboxId);
    expect(await db.studies.begin(again)).toMatchObject({ kind: 'import' });
    await db.studies.commit(resultOf(again, { attempt: 2, findings: [] }));
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

  test('after a failed attempt a batch waits again, with the reason, until another begins and clears it', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await started(db, 'again');
    await db.studies.postpone(runOf(job), 'no disk');
    expect(await db.batches.show('again')).toMatchObject({ status: 'QUEUE', reason: 'no disk', progress: null });
    expect(await db.studies.begin(job)).toMatchObject({ kind: 'import' });
    expect(await db.batches.show('again')).toMatchObject({ status: 'PROCESSING', attempts: 2 });
    expect(await db.studies.fail(job, 'still no disk')).toBe('failed');
    await db.studies.postpone({ ...job, attempt: 2 }, 'late');
    expect(await db.batches.show('again')).toMatchObject({ status: 'QUARANTINED', reason: 'still no disk' });
  });

  test('a batch that cannot be imported is quarantined with its reason and without a message, from whatever status the queue left it in', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const fresh = await sealed(db, 'fresh');
    const busy = await started(db, 'busy');
    expect(await db.studies.fail(fresh, 'no disk')).toBe('failed');
    expect(await db.studies.fail(busy, 'no disk')).toBe('failed');
    expect(await db.studies.fail(busy, 'no disk')).toBe('already-done');
    expect((await db.batches.list({ status: ['QUARANTINED'] })).results).toHaveLength(2);
    expect(await db.batches.show('fresh')).toMatchObject({ reason: 'no disk' });
    expect(await db.outbox.count()).toBe(0);
  });

  test('failed batches are queued again by status, root and age, a page at a time, and only once', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const jobs = [];
    for (const name of ['a', 'b', 'c', 'd']) jobs.push(await started(db, name));
    const [a, b, c, d] = jobs;
    if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error('no jobs');
    for (const job of [a, b, c]) await db.studies.fail(job, 'no disk');
    await db.studies.commit(resultOf(d));
    const query = { statuses: ['ERROR', 'QUARANTINED', 'DONE'], limit: 2, dryRun: false } as const;

    const ids = [a.batchId, b.batchId];
    expect(await db.batches.retryMany({ ...query, dryRun: true })).toEqual({ batchIds: ids, next: b.batchId });
    expect(await db.batches.retryMany({ ...query, root: 'nowhere' })).toEqual({ batchIds: [], next: null });
    expect(await db.batches.retryMany({ ...query, since: '2999-01-01T00:00:00.000Z' })).toMatchObject({ batchIds: [] });
    expect(await db.batches.retryMany({ ...query, statuses: ['ERROR'] })).toMatchObject({ batchIds: [] });
    expect(await db.outbox.count()).toBe(0);

    const filter = { ...query, root: 'data', since: '2001-01-01T00:00:00.000Z' };
    expect((await db.decisions.audit({})).results).toEqual([]);
    expect(await db.batches.retryMany({ ...filter, by: 'alice' })).toEqual({ batchIds: ids, next: b.batchId });
    expect(await db.batches.retryMany({ ...filter, after: b.batchId })).toEqual({ batchIds: [c.batchId], next: null });
    expect(await db.batches.retryMany(filter)).toEqual({ batchIds: [], next: null });
    expect((await db.decisions.audit({})).results.map(({ by, batchId, reason }) => [by, batchId, reason])).toEqual([
      ['unknown', c.batchId, 'no disk'],
      ['alice', b.batchId, 'no disk'],
      ['alice', a.batchId, 'no disk'],
    ]);
    expect((await db.batches.list({ status: ['NEW'] })).results).toHaveLength(3);
    expect(await db.batches.show(d.batchId)).toMatchObject({ status: 'DONE' });
    const messages = await db.outbox.claim({ limit: 10, leaseMs: 60_000 });
    expect(messages.map((row) => row.batchId)).toEqual([...ids, c.batchId]);
  });

  test('a batch is queued again by one of two who ask at once', async () => {
    await using opened = await engine.open();
    const { db, other } = opened;
    for (let index = 0; index < 6; index += 1) await db.studies.fail(await started(db, `a${index}`), 'no disk');
    const query = { statuses: ['QUARANTINED'], limit: 100, dryRun: false } as const;
    const pages = await Promise.all([db.batches.retryMany(query), other.batches.retryMany(query)]);
    expect(pages.flatMap((page) => page.batchIds)).toHaveLength(6);
    expect(await db.outbox.count()).toBe(6);
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
}
