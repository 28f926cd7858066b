import type { BatchQuery, Page, Paging } from '@sendit/api';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Database } from '../../src/index.ts';
import { type Engine, instanceOf, requestOf, resultOf, rootId, sealed, seriesOf, started, study } from './fixtures.ts';

const SORTS = [
  'createdAt',
  '-createdAt',
  'finishedAt',
  '-finishedAt',
  'name',
  '-name',
  'findings',
  '-findings',
] as const;

/** Goes through a list from end to end, forth and back; each way gives the same rows. */
async function walk<T>(read: (paging: Paging) => Promise<Page<T>>, limit: number): Promise<readonly T[]> {
  const forth: T[] = [];
  let page = await read({ limit });
  expect(page.previous).toBeNull();
  for (;;) {
    forth.push(...page.results);
    if (page.next === null) break;
    page = await read({ limit, cursor: page.next });
  }
  const back = [...page.results];
  while (page.previous !== null) {
    page = await read({ limit, cursor: page.previous });
    back.unshift(...page.results);
  }
  expect(back).toEqual(forth);
  expect(page.count).toBe(forth.length);
  return forth;
}

async function imported(db: Database, name: string, changes: Parameters<typeof resultOf>[1] = {}): Promise<string> {
  const job = await started(db, name);
  await db.studies.commit(resultOf(job, { ...changes, instances: changes.instances ?? [instanceOf(`1.9.${name}`)] }));
  return job.batchId;
}

/** Contract of every engine: pages of lists, and the views of a batch, a board and a chart. */
export function viewsContract(engine: Engine): void {
  describe('pages', () => {
    test('in every order a list is the same whole forth and back, whatever the size of its pages', async () => {
      await using it = await engine.open();
      const { db } = it;
      for (const name of ['c', 'a', 'b', 'a b', 'B', 'é', 'd']) await sealed(db, name);
      for (const name of ['x', 'y']) await imported(db, name);
      const all = new Set((await db.batches.list({})).results.map(({ id }) => id));
      expect(all.size).toBe(9);
      for (const sort of SORTS) {
        const whole = await db.batches.list({ sort });
        for (const limit of [1, 2, 4, 9, 50]) {
          const rows = await walk((paging) => db.batches.list({ sort, ...paging }), limit);
          expect(rows.map(({ id }) => id)).toEqual(whole.results.map(({ id }) => id));
        }
        expect(new Set(whole.results.map(({ id }) => id))).toEqual(all);
      }
      const byName = (await db.batches.list({ sort: '-name' })).results.map(({ id }) => id);
      expect((await db.batches.list({ sort: 'name' })).results.map(({ id }) => id)).toEqual(byName.toReversed());
    });

    test('a cursor of another list, of another order, or of nobody is refused', async () => {
      await using it = await engine.open();
      const { db } = it;
      for (const name of ['a', 'b']) await sealed(db, name);
      const { next } = await db.batches.list({ limit: 1 });
      const refused = { code: 'bad-arguments' };
      await expect(db.batches.list({ sort: 'name', cursor: next ?? '' })).rejects.toMatchObject(refused);
      await expect(db.decisions.audit({ cursor: next ?? '' })).rejects.toMatchObject(refused);
      await fc.assert(
        fc.asyncProperty(fc.base64String(), async (text) => {
          await expect(db.batches.list({ cursor: text })).rejects.toMatchObject(refused);
        }),
        { numRuns: 20 },
      );
    });

    test('what comes while a list is read moves no row to another page', async () => {
      await using it = await engine.open();
      const { db } = it;
      for (const name of ['a', 'b', 'c']) await sealed(db, name);
      const first = await db.batches.list({ limit: 2 });
      await sealed(db, 'd');
      const second = await db.batches.list({ limit: 2, cursor: first.next ?? '' });
      expect([...first.results, ...second.results].map(({ name }) => name)).toEqual(['c', 'b', 'a']);
    });
  });

  test('a batch has a stage, by which it is found, counted and called for', async () => {
    await using it = await engine.open();
    const { db } = it;
    await sealed(db, 'sealed');
    await started(db, 'importing');
    await imported(db, 'done');
    await imported(db, 'failed', { status: 'ERROR', reason: 'Two study dates.' });
    await db.roots.planActions(await rootId(db), { onDone: [{ name: 'a', kind: 'exec' }], onFailed: [] });
    await imported(db, 'handing-on');
    const held = await sealed(db, 'held');
    await db.decisions.decide({ ref: held.batchId, decision: 'hold', by: 'alice', reason: 'Wait.' });
    const stages = async (query: BatchQuery) =>
      Object.fromEntries((await db.batches.list(query)).results.map(({ name, stage }) => [name, stage]));
    const expected = {
      sealed: 'sealed',
      importing: 'importing',
      done: 'done',
      failed: 'failed',
      'handing-on': 'handing-on',
      held: 'held',
    };
    expect(await stages({})).toEqual(expected);
    for (const [name, stage] of Object.entries(expected))
      expect(await stages({ stage: [stage as never] })).toEqual({ [name]: stage });
    expect(await stages({ stage: ['done', 'held'] })).toEqual({ done: 'done', held: 'held' });
    expect(await stages({ needsAttention: true })).toEqual({ failed: 'failed', held: 'held' });
    expect(await db.views.countStages(new Date(0))).toEqual({
      sealed: 1,
      queued: 0,
      importing: 1,
      held: 1,
      quarantined: 0,
      failed: 1,
      handingOn: 1,
      late: 0,
      doneToday: 2,
      failedToday: 1,
      needsAttention: 2,
    });
    await db.decisions.decide({ ref: held.batchId, decision: 'acknowledge', by: 'alice', reason: 'Known.' });
    expect(await stages({ needsAttention: true })).toEqual({ failed: 'failed' });
    expect(await walk((paging) => db.views.jobs(paging), 1)).toMatchObject([
      { kind: 'import', state: 'waiting', action: null, batchStatus: 'NEW' },
      { kind: 'import', state: 'active' },
      { kind: 'hand-on', state: 'waiting', action: 'a' },
    ]);
    expect((await db.views.jobs({ state: 'active' })).count).toBe(1);
  });

  test('studies, series, images and findings are listed with what is in them, and nothing of an import that goes on', async () => {
    await using it = await engine.open();
    const { db } = it;
    const first = await imported(db, 'a', {
      series: [seriesOf('1.2.3.1'), { ...seriesOf('1.2.3.2'), modality: 'MR' }],
      instances: [instanceOf('1.1'), instanceOf('1.2'), instanceOf('1.3', 1)],
    });
    const second = await imported(db, 'b', {
      studies: [study, { ...study, studyInstanceUid: '1.2.4' }],
      series: [seriesOf('1.2.3.1'), seriesOf('1.2.4.1', '1.2.4')],
      instances: [instanceOf('1.1'), instanceOf('1.5', 1)],
      findings: [],
    });
    await started(db, 'c');
    const studies = await walk((paging) => db.views.studies(paging), 1);
    expect(studies).toMatchObject([
      { studyInstanceUid: '1.2.4', series: 1, instances: 1, modalities: ['CT'], batches: [second] },
      { studyInstanceUid: '1.2.3', series: 2, instances: 3, modalities: ['CT', 'MR'], batches: [second, first] },
    ]);
    expect(JSON.stringify(studies)).not.toContain('Doe');
    expect((await db.views.studies({ batch: first })).results).toHaveLength(1);
    expect(await walk((paging) => db.views.series(paging), 2)).toMatchObject([
      { seriesInstanceUid: '1.2.4.1', studyInstanceUid: '1.2.4', instances: 1 },
      { seriesInstanceUid: '1.2.3.2', modality: 'MR', instances: 1 },
      { seriesInstanceUid: '1.2.3.1', modality: 'CT', instances: 2, bytes: 10_000_000_000 },
    ]);
    expect((await db.views.series({ study: '1.2.3', modality: 'MR' })).count).toBe(1);
    expect((await db.views.series({ batch: second })).count).toBe(2);
    const images = await walk((paging) => db.views.images(paging), 2);
    expect(images.map(({ batchId, sopInstanceUid, standing }) => [batchId, sopInstanceUid, standing])).toEqual([
      [first, '1.1', 'first'],
      [first, '1.2', 'first'],
      [first, '1.3', 'first'],
      [second, '1.1', 'duplicate'],
      [second, '1.5', 'first'],
    ]);
    expect((await db.views.images({ series: '1.2.3.1' })).results).toHaveLength(3);
    expect((await db.views.images({ batch: first, series: '1.2.3.2' })).results).toMatchObject([{ path: '1.3.dcm' }]);
    const findings = await db.views.findings({ code: 'not-dicom' });
    expect(findings.results).toMatchObject([{ batchId: first, root: 'data', severity: 'warning', path: 'README' }]);
    expect((await db.views.findings({ severity: ['error'], root: 'data' })).count).toBe(0);
  });

  test('a batch shows its series by numbers, its findings by code, its generations and its way', async () => {
    await using it = await engine.open();
    const { db } = it;
    const numbered = (uid: string, instanceNumber: number | null) => ({ ...instanceOf(uid), instanceNumber });
    const finding = (path: string) => ({ code: 'not-dicom', severity: 'warning', path, message: 'No.' }) as const;
    const id = await imported(db, 'a', {
      instances: [numbered('1.1', 1), numbered('1.2', 2), numbered('1.3', 5), numbered('1.4', 6)],
      findings: [finding('README'), finding('LICENSE')],
    });
    const shown = await db.batches.show(`id:${id}`);
    expect(shown?.studyList[0]?.seriesList).toMatchObject([
      {
        received: 4,
        expected: 6,
        numbers: [
          [1, 2],
          [5, 6],
        ],
      },
    ]);
    expect(shown?.findingGroups).toEqual([
      { code: 'not-dicom', severity: 'warning', count: 2, message: 'No.', paths: ['README', 'LICENSE'] },
    ]);
    expect(shown?.generations).toMatchObject([{ id, generation: 1, status: 'DONE' }]);
    expect(shown?.timeline).toMatchObject([
      { step: 'sealed', afterMs: null },
      { step: 'import-started', afterMs: expect.any(Number) },
      { step: 'imported', afterMs: expect.any(Number) },
    ]);
    const again = await imported(db, 'b', {
      instances: [numbered('2.1', 1), numbered('2.2', 1), numbered('2.3', null)],
    });
    expect((await db.batches.show(`id:${again}`))?.studyList[0]?.seriesList).toMatchObject([
      { received: 3, expected: null, numbers: [[1, 1]] },
    ]);
  });

  test('totals count what was done, and how long it took', async () => {
    await using it = await engine.open();
    const { db } = it;
    expect(await db.views.totals()).toMatchObject({
      sealed: 0,
      unsent: 0,
      oldestUnsentS: 0,
      importS: { count: 0, sum: 0 },
    });
    await imported(db, 'a');
    await imported(db, 'b', { status: 'ERROR', reason: 'No.' });
    await db.batches.seal(await requestOf(db, 'c'));
    const told = await db.views.totals();
    expect(told).toMatchObject({
      sealed: 3,
      ended: { DONE: 1, EMPTY: 0, ERROR: 1, QUARANTINED: 0 },
      bytes: 30_000_000_000,
      findings: { 'not-dicom': 2 },
      unsent: 1,
      importS: { count: 2 },
      sealedToImportedS: { count: 2 },
    });
    const within = told.importS.buckets.map(({ count }) => count);
    expect(within).toEqual(within.toSorted((a, b) => a - b));
    expect(within.at(-1)).toBe(2);
  });

  test('throughput is told by spans, with how long it took', async () => {
    await using it = await engine.open();
    const { db } = it;
    await imported(db, 'a');
    await imported(db, 'b', { status: 'ERROR', reason: 'No.' });
    const hours = await db.views.throughput({});
    expect(hours.results.reduce((sum, { batches }) => sum + batches, 0)).toBe(2);
    const [day] = (await db.views.throughput({ by: 'week', root: 'data' })).results;
    expect(day).toMatchObject({ batches: 2, failed: 1, bytes: 20_000_000_000 });
    expect(day?.at).toMatch(/^\d{4}-\d\d-\d\dT00:00:00\.000Z$/);
    expect(day?.sealedToImportedMs?.p99).toBeGreaterThanOrEqual(day?.sealedToImportedMs?.p50 ?? Infinity);
    expect((await db.views.throughput({ root: 'other' })).results).toEqual([]);
    expect((await db.views.throughput({ until: '2000-01-01T00:00:00Z', since: '1999-01-01T00:00:00Z' })).count).toBe(0);
  });
}
