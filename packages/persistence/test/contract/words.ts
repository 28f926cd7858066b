import type { ImportedStudy } from '@sendit/model';
import { expect, test } from 'vitest';
import type { Database } from '../../src/index.ts';
import { type Engine, fileOf, generation, ONE, resultOf, seriesOf, started, study, TWO } from './fixtures.ts';

const FIRST: ImportedStudy = { ...study, patientId: 'P1', studyDate: '20240131' };
const OTHER: ImportedStudy = { ...study, patientId: 'ANON7', patientName: 'ANON', studyDate: '20250131' };

/** One batch's view of its study, whose row another batch may have written. */
async function shown(db: Database, ref: string) {
  const batch = await db.batches.show(ref);
  const [one] = batch?.studyList ?? [];
  return {
    date: one?.studyDate,
    modality: one?.seriesList[0]?.modality,
    codes: batch?.findingList.map(({ code, message }) => `${code} ${message.split(':')[0]}`),
  };
}

/** Contract of every engine: several batches' values of one study or series. */
export function wordsContract(engine: Engine): void {
  test('the first word on a study and a series is kept, and each batch keeps its own; another patient is found', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const first = { studies: [FIRST], instances: [fileOf('1.1', ONE)], findings: [] };
    await db.studies.commit(resultOf(await started(db, 'a'), first));
    const series = [{ ...seriesOf('1.2.3.1'), modality: 'MR' }];
    const later = { studies: [OTHER], series, instances: [fileOf('1.2', ONE)], findings: [] };
    expect(await db.studies.commit(resultOf(await started(db, 'b'), later))).toMatchObject({
      status: 'DONE',
      findings: 3,
    });
    const silent = { ...study, studyDate: null, patientName: null };
    const third = {
      studies: [silent],
      series: [{ ...seriesOf('1.2.3.1'), modality: null }],
      instances: [fileOf('1.3', ONE)],
    };
    await db.studies.commit(resultOf(await started(db, 'c'), { ...third, findings: [] }));
    expect(await shown(db, 'a')).toEqual({ date: '20240131', modality: 'CT', codes: [] });
    expect(await shown(db, 'b')).toEqual({
      date: '20250131',
      modality: 'MR',
      codes: ['patient-differs PatientID, PatientName', 'series-differs Modality', 'study-differs StudyDate'],
    });
    expect(await shown(db, 'c')).toEqual({ date: '20240131', modality: 'CT', codes: [] });
    const told = JSON.stringify(await db.batches.show('b'));
    expect(told).not.toContain('ANON');
  });

  test('what nobody else holds is said anew: by the batch that is imported again, and by a generation that replaces all of it', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await generation(db, 1);
    const read = { studies: [FIRST], instances: [fileOf('1.1', ONE)], findings: [] };
    await db.studies.commit(resultOf(job, { ...read, status: 'ERROR', reason: 'judged so' }));
    await db.batches.retry('a');
    const [message] = await db.outbox.claim({ limit: 1, leaseMs: 60_000 });
    const again = { batchId: job.batchId, outboxId: message?.id ?? '' };
    await db.studies.begin(again);
    await db.studies.commit(resultOf(again, { ...read, studies: [OTHER], attempt: 2 }));
    expect(await shown(db, job.batchId)).toMatchObject({ date: '20250131', codes: [] });
    const next = await generation(db, 2);
    await db.studies.commit(resultOf(next, { ...read, instances: [fileOf('1.1', TWO)] }));
    expect(await shown(db, next.batchId)).toEqual({
      date: '20240131',
      modality: 'CT',
      codes: [expect.stringContaining('instance-replaced')],
    });
    // What it had said is kept.
    expect(await shown(db, job.batchId)).toMatchObject({ date: '20250131' });
    const third = { studies: [{ ...FIRST, patientId: 'P3' }], instances: [fileOf('1.9', ONE)], findings: [] };
    await db.studies.commit(resultOf(await started(db, 'b'), third));
    expect(await shown(db, 'b')).toMatchObject({ date: '20240131', codes: ['patient-differs PatientID'] });
  });
}
