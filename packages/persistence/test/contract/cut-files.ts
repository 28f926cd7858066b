import type { ImportedInstance } from '@sendit/model';
import { expect, test } from 'vitest';
import type { Database } from '../../src/index.ts';
import { type Engine, fileOf, generation, ONE, resultOf, rootId, runOf, started, TWO } from './fixtures.ts';

/** A file of {@link fileOf} that ends too early. */
const cutOf = (uid: string, digest: string, datasetBytes = 7): ImportedInstance => ({
  ...fileOf(uid, digest),
  datasetBytes,
  bytes: datasetBytes + 300,
  isWhole: false,
});

/** Imports one batch, and gives what became of it. */
async function imported(db: Database, name: string, instances: readonly ImportedInstance[]) {
  return db.studies.commit(resultOf(await started(db, name), { instances, findings: [] }));
}

/** Contract of every engine: truncated files. */
export function cutFilesContract(engine: Engine): void {
  test('a whole file counts in the place of one that is cut and was imported before, whose batch stays as it is', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    await db.roots.planActions(await rootId(db), { onDone: [{ name: 'copy', kind: 'copy' }], onFailed: [] });
    await imported(db, 'a', [cutOf('1.1', ONE), cutOf('1.2', ONE), fileOf('1.3', ONE)]);
    const acted = (await db.batches.show('a'))?.actionList;
    const outcome = await imported(db, 'b', [fileOf('1.1', TWO), fileOf('1.2', TWO), fileOf('1.3', ONE)]);
    expect(outcome).toMatchObject({ status: 'DONE', instances: 3, quarantined: 0 });
    const later = await db.batches.show('b');
    expect(later).toMatchObject({
      duplicates: 1,
      replaced: 0,
      actionList: [{ name: 'copy', state: 'pending' }],
      findingList: [
        { code: 'duplicate-across-batches', path: '1.3.dcm' },
        {
          code: 'replaces-truncated',
          severity: 'info',
          path: '1.1.dcm',
          message: expect.stringMatching(/ Batch \d\.$/),
        },
        { code: 'replaces-truncated', path: '1.2.dcm' },
      ],
    });
    expect(await db.batches.show('a')).toMatchObject({
      status: 'DONE',
      instances: 3,
      findings: 1,
      duplicates: 0,
      replaced: 2,
      actionList: acted,
      findingList: [
        {
          code: 'replaced-by-whole',
          severity: 'info',
          path: null,
          message: expect.stringContaining(`batch ${later?.id},`),
        },
      ],
      auditList: [
        { by: 'sendit', decision: 'replace', from: 'DONE', to: 'DONE', reason: expect.stringContaining('2 files') },
      ],
    });
  });

  test('a cut file that comes after the whole one is a finding, in another directory and in a later generation, never in quarantine', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    await db.studies.commit(resultOf(await generation(db, 1), { instances: [fileOf('1.1', ONE)], findings: [] }));
    await imported(db, 'b', [cutOf('1.1', TWO)]);
    const next = await generation(db, 2);
    await db.studies.commit(resultOf(next, { instances: [cutOf('1.1', TWO, 9)], findings: [] }));
    for (const ref of ['b', next.batchId]) {
      expect(await db.batches.show(ref)).toMatchObject({
        status: 'DONE',
        duplicates: 1,
        quarantined: 0,
        findingList: [{ code: 'truncated-duplicate', severity: 'warning', path: '1.1.dcm' }],
      });
    }
    expect(await db.batches.show('1')).toMatchObject({ replaced: 0, duplicates: 0, findingList: [] });
  });

  test('two cut files of an instance are no conflict, and a whole one replaces both', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    await imported(db, 'a', [cutOf('1.1', ONE)]);
    await imported(db, 'b', [cutOf('1.1', TWO, 9)]);
    expect(await db.batches.show('b')).toMatchObject({ duplicates: 1, findingList: [{ code: 'truncated-duplicate' }] });
    await imported(db, 'c', [fileOf('1.1', ONE)]);
    for (const ref of ['a', 'b']) {
      expect(await db.batches.show(ref)).toMatchObject({ replaced: 1, auditList: [{ decision: 'replace' }] });
    }
    expect(await db.batches.show('c')).toMatchObject({ duplicates: 0, replaced: 0, quarantined: 0 });
  });

  test('what differs from a whole file elsewhere stays in conflict, and what is not known to be whole replaces nothing', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    await imported(db, 'a', [cutOf('1.1', ONE)]);
    await imported(db, 'b', [{ ...fileOf('1.1', ONE), isWhole: null }]);
    expect(await db.batches.show('b')).toMatchObject({ quarantined: 1 });
    await imported(db, 'c', [fileOf('1.1', ONE)]);
    await imported(db, 'd', [fileOf('1.1', TWO)]);
    expect(await db.batches.show('d')).toMatchObject({ quarantined: 1, findingList: [{ code: 'instance-conflict' }] });
  });

  test('of two files of one batch the whole one is kept, in whatever part of a large batch it is', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const staged = await started(db, 'a');
    await db.studies.stage({ ...runOf(staged), instances: [{ ...cutOf('1.1', ONE), path: '.1.cut' }] });
    await db.studies.commit(resultOf(staged, { instances: [fileOf('1.1', TWO)], findings: [] }));
    await imported(db, 'b', [{ ...cutOf('1.2', ONE), path: '.2.cut' }, fileOf('1.2', TWO)]);
    expect(await imported(db, 'c', [fileOf('1.1', TWO), fileOf('1.2', TWO)])).toMatchObject({ quarantined: 0 });
    expect(await db.batches.show('c')).toMatchObject({
      duplicates: 2,
      findingList: [{ code: 'duplicate-across-batches' }, { code: 'duplicate-across-batches' }],
    });
  });

  test('when the whole one is taken back a whole duplicate is the heir, else the cut one counts again until it is replaced again', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    await imported(db, 'a', [cutOf('1.1', ONE), cutOf('1.2', ONE)]);
    const job = await started(db, 'b');
    const whole = [fileOf('1.1', TWO), fileOf('1.2', TWO)];
    await db.studies.commit(resultOf(job, { status: 'ERROR', reason: 'judged so', instances: whole, findings: [] }));
    await imported(db, 'c', [fileOf('1.1', TWO)]);
    const again = async (attempt: number, instances: readonly ImportedInstance[]) => {
      await db.batches.retry('b');
      const [message] = await db.outbox.claim({ limit: 1, leaseMs: 60_000 });
      const run = { batchId: job.batchId, outboxId: message?.id ?? '' };
      await db.studies.begin(run);
      await db.studies.commit(resultOf(run, { attempt, status: 'ERROR', instances, findings: [] }));
    };
    // Its file of 1.2 is gone now.
    await again(2, [fileOf('1.1', TWO)]);
    expect(await db.batches.show('a')).toMatchObject({ replaced: 0, duplicates: 1, findings: 0, findingList: [] });
    expect(await db.batches.show('b')).toMatchObject({ duplicates: 1 });
    expect(await db.batches.show('c')).toMatchObject({ duplicates: 0 });
    await again(3, whole);
    expect(await db.batches.show('a')).toMatchObject({
      replaced: 1,
      findings: 1,
      findingList: [{ code: 'replaced-by-whole', path: '1.2.dcm', message: expect.stringContaining('One file') }],
    });
  });
}
