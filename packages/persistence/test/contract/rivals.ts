import { type ImportResult, toFinding } from '@sendit/model';
import { expect, test } from 'vitest';
import {
  type Engine,
  fileOf,
  generation,
  ONE,
  resultOf,
  rootId,
  runOf,
  sealed,
  seriesOf,
  started,
  study,
  TWO,
} from './fixtures.ts';

/** Contract of every engine: instances in more than one batch. */
export function rivalsContract(engine: Engine): void {
  test('an instance that comes again with the same bytes is a duplicate: recorded, told of, and counted with the first', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const first = await started(db, 'a');
    await db.studies.commit(resultOf(first, { instances: [fileOf('1.1', ONE)] }));
    const again = resultOf(await started(db, 'b'), {
      instances: [fileOf('1.1', ONE), fileOf('1.2', ONE)],
      findings: [],
    });
    expect(await db.studies.commit(again)).toMatchObject({ status: 'DONE', instances: 2, findings: 1, quarantined: 0 });
    expect(await db.batches.show('a')).toMatchObject({ instances: 1, duplicates: 0 });
    expect(await db.batches.show('b')).toMatchObject({
      instances: 2,
      duplicates: 1,
      quarantined: 0,
      findings: 1,
      findingList: [
        {
          code: 'duplicate-across-batches',
          severity: 'info',
          path: '1.1.dcm',
          message: expect.stringContaining(`Batch ${first.batchId}.`),
        },
      ],
    });
  });

  test('other bytes for an instance of another batch quarantine the file, and nothing else of its batch', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    await db.studies.commit(resultOf(await started(db, 'a'), { instances: [fileOf('1.1', ONE), fileOf('1.2', ONE)] }));
    const job = await started(db, 'b');
    const size = { ...fileOf('1.2', null), datasetBytes: 7 };
    const outcome = await db.studies.commit(
      resultOf(job, { instances: [fileOf('1.1', TWO), size, fileOf('1.3', ONE)], findings: [] }),
    );
    expect(outcome).toMatchObject({ status: 'DONE', instances: 1, findings: 2, quarantined: 2 });
    expect(await db.batches.show('b')).toMatchObject({
      status: 'DONE',
      instances: 1,
      quarantined: 2,
      studyList: [{ seriesList: [{ instances: 1 }] }],
      findingList: [
        { code: 'instance-conflict', severity: 'warning', path: '1.1.dcm' },
        { code: 'instance-conflict', severity: 'warning', path: '1.2.dcm' },
      ],
    });
    expect(await db.batches.show('a')).toMatchObject({ instances: 2, duplicates: 0, replaced: 0, quarantined: 0 });
  });

  test('findings about other batches follow the policy of the root: an error ends the batch in ERROR, and what is off is not told', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    await db.studies.commit(resultOf(await started(db, 'a'), { instances: [fileOf('1.1', ONE), fileOf('1.2', ONE)] }));
    const policy = { 'instance-conflict': 'error', 'duplicate-across-batches': 'off' } as const;
    await db.roots.judgeFindings(await rootId(db), policy);
    const job = await sealed(db, 'b');
    expect(await db.studies.begin(job)).toMatchObject({ batch: { findingPolicy: policy } });
    const instances = [fileOf('1.1', TWO), fileOf('1.2', ONE)];
    const outcome = await db.studies.commit(resultOf(job, { instances, findings: [] }));
    expect(outcome).toMatchObject({ status: 'ERROR', instances: 1, findings: 1, quarantined: 1 });
    expect(await db.batches.show('b')).toMatchObject({
      status: 'ERROR',
      reason: 'It has findings that are errors: instance-conflict.',
      findingList: [{ code: 'instance-conflict', severity: 'error', path: '1.1.dcm' }],
    });
  });

  test('a batch of which every file is in conflict is EMPTY, runs no action, and says nothing of its studies', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    await db.studies.commit(resultOf(await started(db, 'a'), { instances: [fileOf('1.1', ONE)] }));
    await db.roots.planActions(await rootId(db), { onDone: [{ name: 'copy', kind: 'copy' }], onFailed: [] });
    const job = await started(db, 'b');
    const result = resultOf(job, {
      studies: [
        { ...study, studyDate: '20250101' },
        { ...study, studyInstanceUid: '1.2.9' },
      ],
      series: [seriesOf('1.2.3.1'), seriesOf('1.2.9.1', '1.2.9')],
      instances: [fileOf('1.1', TWO)],
    });
    expect(await db.studies.commit(result)).toMatchObject({ kind: 'committed', status: 'EMPTY', quarantined: 1 });
    expect(await db.batches.show('b')).toMatchObject({
      status: 'EMPTY',
      reason: 'Other batches have every image of it with other bytes.',
      studies: 0,
      series: 0,
      actionList: [],
    });
    expect((await db.batches.show('a'))?.studyList).toMatchObject([
      { studyInstanceUid: '1.2.3', studyDate: '20240131' },
    ]);
    expect(await db.batches.retry('b')).toMatchObject({ kind: 'queued' });
    const [message] = await db.outbox.claim({ limit: 1, leaseMs: 60_000 });
    const again = { batchId: job.batchId, outboxId: message?.id ?? '' };
    await db.studies.begin(again);
    expect(await db.studies.commit({ ...result, ...again, attempt: 2 })).toMatchObject({
      status: 'EMPTY',
      quarantined: 1,
    });
  });

  test('without digests of one kind equal sizes are a duplicate that was not compared', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    await db.studies.commit(resultOf(await started(db, 'a'), { instances: [fileOf('1.1', null), fileOf('1.2', ONE)] }));
    const other = { ...fileOf('1.2', TWO), digestAlgorithm: 'sha256' as const };
    const ofFiles = [toFinding('private-data', '1.1.dcm'), toFinding('truncated', '1.2.dcm')];
    const instances = [fileOf('1.1', ONE), other];
    await db.studies.commit(resultOf(await started(db, 'b'), { instances, findings: ofFiles }));
    expect(await db.batches.show('b')).toMatchObject({
      instances: 2,
      duplicates: 2,
      findingList: [
        { code: 'duplicate-not-compared', severity: 'warning', path: '1.1.dcm' },
        { code: 'duplicate-not-compared', severity: 'warning', path: '1.2.dcm' },
        { code: 'truncated', severity: 'warning', path: '1.2.dcm' },
        { code: 'private-data', severity: 'info', path: '1.1.dcm' },
      ],
    });
  });

  test('how a file was sent makes no other instance of it: its data set counts, and the size of that', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    await db.studies.commit(resultOf(await started(db, 'a'), { instances: [fileOf('1.1', ONE)] }));
    const sent = { ...fileOf('1.1', ONE), bytes: 4_999_999_500 };
    const outcome = await db.studies.commit(resultOf(await started(db, 'b'), { instances: [sent], findings: [] }));
    expect(outcome).toMatchObject({ status: 'DONE', instances: 1, quarantined: 0 });
    expect(await db.batches.show('b')).toMatchObject({
      duplicates: 1,
      findingList: [{ code: 'duplicate-across-batches' }],
    });
  });

  test('an instance in another transfer syntax is a conflict, and said to be one, whatever else is known', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    await db.studies.commit(resultOf(await started(db, 'a'), { instances: [fileOf('1.1', null)] }));
    const recoded = { ...fileOf('1.1', null), transferSyntaxUid: '1.2.840.10008.1.2.4.70' };
    const unknown = { ...fileOf('1.1', null), transferSyntaxUid: null };
    await db.studies.commit(resultOf(await started(db, 'b'), { instances: [recoded], findings: [] }));
    await db.studies.commit(resultOf(await started(db, 'c'), { instances: [unknown], findings: [] }));
    expect(await db.batches.show('b')).toMatchObject({
      quarantined: 1,
      findingList: [{ code: 'instance-conflict', message: expect.stringContaining('another transfer syntax') }],
    });
    expect(await db.batches.show('c')).toMatchObject({ quarantined: 0, duplicates: 1 });
  });

  test('rows of an earlier version, whose size and digest are of the whole file, put nothing into quarantine', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const old = {
      ...fileOf('1.1', ONE),
      datasetBytes: null as never,
      isWhole: null,
      digestAlgorithm: 'xxh128' as const,
    };
    await db.studies.commit(resultOf(await started(db, 'a'), { instances: [old] }));
    const again = { ...fileOf('1.1', TWO), bytes: 4_999_999_500 };
    await db.studies.commit(resultOf(await started(db, 'b'), { instances: [again], findings: [] }));
    expect(await db.batches.show('b')).toMatchObject({
      quarantined: 0,
      duplicates: 1,
      findingList: [{ code: 'duplicate-not-compared' }],
    });
    const next = await generation(db, 2);
    await db.studies.commit(resultOf(next, { instances: [again], findings: [] }));
    expect(await db.batches.show(next.batchId)).toMatchObject({ quarantined: 0, duplicates: 0 });
    const { results: before } = await db.batches.list({});
    expect(await db.batches.show(before.at(-1)?.id ?? '')).toMatchObject({ generation: 1, replaced: 1 });
  });

  test('of two batches that bring other bytes for the same instances at once, each instance is one’s and in conflict with the other', async () => {
    await using opened = await engine.open();
    const { db, other } = opened;
    const uids = Array.from({ length: 300 }, (_, index) => `1.7.${(index * 7919) % 1_000}`);
    for (let round = 0; round < 5; round += 1) {
      const jobs = [await started(db, `a${round}`), await started(db, `b${round}`)] as const;
      const instances = uids.map((uid) => `${uid}.${round}`);
      // Studies of their own: nothing else makes one wait for the other.
      const toResult = (at: 0 | 1, digest: string, ordered: readonly string[]): ImportResult =>
        resultOf(jobs[at], {
          studies: [{ ...study, studyInstanceUid: `1.${at}` }],
          series: [seriesOf('1.2', `1.${at}`)],
          instances: ordered.map((uid) => fileOf(uid, digest)),
          findings: [],
        });
      const outcomes = await Promise.all([
        db.studies.commit(toResult(0, ONE, instances)),
        other.studies.commit(toResult(1, TWO, instances.toReversed())),
      ]);
      expect(new Set(outcomes.map((one) => one.kind === 'committed' && one.instances))).toEqual(new Set([0, 300]));
      expect(new Set(outcomes.map((one) => one.kind === 'committed' && one.quarantined))).toEqual(new Set([0, 300]));
      const loser = outcomes.find((one) => one.kind === 'committed' && one.quarantined > 0);
      expect(loser).toMatchObject({ status: 'EMPTY', findings: 21 });
    }
  });

  test('of two batches that bring the same bytes at once, one has duplicates', async () => {
    await using opened = await engine.open();
    const { db, other } = opened;
    const jobs = [await started(db, 'a'), await started(db, 'b')] as const;
    const instances = Array.from({ length: 50 }, (_, index) => fileOf(`1.8.${index}`, ONE));
    await Promise.all([
      db.studies.commit(resultOf(jobs[0], { instances })),
      other.studies.commit(resultOf(jobs[1], { instances })),
    ]);
    const shown = [await db.batches.show('a'), await db.batches.show('b')];
    expect(shown.map((batch) => batch?.instances)).toEqual([50, 50]);
    expect(new Set(shown.map((batch) => batch?.duplicates))).toEqual(new Set([0, 50]));
  });

  test('a large batch that died between its parts finds the same when it is imported again', async () => {
    await using opened = await engine.open();
    const { db, other } = opened;
    await db.studies.commit(resultOf(await started(db, 'a'), { instances: [fileOf('1.1', ONE), fileOf('1.2', ONE)] }));
    const job = await started(db, 'b');
    const parts = [[fileOf('1.2', TWO), fileOf('1.9', ONE)], [fileOf('1.1', ONE)]] as const;
    await db.studies.stage({ ...runOf(job), instances: parts[0] });
    expect(await other.studies.begin(job)).toMatchObject({ attempt: 2 });
    for (const instances of parts) await other.studies.stage({ ...job, attempt: 2, instances });
    const outcome = await other.studies.commit(
      resultOf(job, { attempt: 2, instances: [fileOf('1.0', ONE)], findings: [] }),
    );
    expect(outcome).toMatchObject({ status: 'DONE', instances: 3, findings: 2, quarantined: 1 });
    expect(await db.studies.commit(resultOf(job, { attempt: 2 }))).toEqual({ kind: 'already-done' });
    expect(await db.batches.show('b')).toMatchObject({
      instances: 3,
      duplicates: 1,
      quarantined: 1,
      findingList: [
        { code: 'instance-conflict', path: '1.2.dcm' },
        { code: 'duplicate-across-batches', path: '1.1.dcm' },
      ],
    });
  });

  test('of two that are one after cleaning the first by path is kept, in whatever part of a large batch it is', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await started(db, 'a');
    await db.studies.stage({ ...runOf(job), instances: [{ ...fileOf('1.1\0', ONE), path: 'b' }] });
    const result = resultOf(job, { instances: [{ ...fileOf('1.1\uFFFD', TWO), path: 'a', datasetBytes: 7 }] });
    expect(await db.studies.commit(result)).toMatchObject({ instances: 1, quarantined: 0 });
    const other = await started(db, 'b');
    await db.studies.commit(resultOf(other, { instances: [{ ...fileOf('1.1\0', TWO), datasetBytes: 7 }] }));
    expect(await db.batches.show('b')).toMatchObject({ duplicates: 1, quarantined: 0 });
  });

  test('actions place the files of a batch but for those that are quarantined', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    await db.studies.commit(resultOf(await started(db, 'a'), { instances: [fileOf('1.1', ONE)] }));
    const job = await started(db, 'b');
    await db.studies.commit(
      resultOf(job, {
        instances: [
          { ...fileOf('1.1', TWO), path: '1.dcm' },
          { ...fileOf('1.2', TWO), path: '2.dcm' },
        ],
      }),
    );
    const placed: string[] = [];
    for await (const part of db.actions.files(job.batchId)) placed.push(...part.map(({ path }) => path));
    expect(placed).toEqual(['2.dcm']);
  });
}
