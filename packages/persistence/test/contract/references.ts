import { describe, expect, test } from 'vitest';
import { type Engine, requestOf, resultOf, sealed, started } from './fixtures.ts';

const decision = { decision: 'hold', by: 'alice', reason: 'Wait.' } as const;

/** Contract of every engine: references to batches, and lists of batches. */
export function referencesContract(engine: Engine): void {
  describe('what a batch is named by', () => {
    test('a number that is an id and a directory too is an error that lists both, for every question and decision', async () => {
      await using it = await engine.open();
      const { db } = it;
      const first = await sealed(db, 'visit');
      const second = await sealed(db, first.batchId);
      const both = {
        code: 'bad-arguments',
        problems: [`id:${first.batchId}  /data/visit  NEW`, `id:${second.batchId}  /data/${first.batchId}  NEW`],
      };
      await expect(db.batches.show(first.batchId)).rejects.toMatchObject(both);
      await expect(db.batches.retry(first.batchId)).rejects.toMatchObject(both);
      await expect(db.decisions.decide({ ref: first.batchId, ...decision })).rejects.toMatchObject(both);
      const there = {
        rootId: (await db.roots.list())[0]?.id ?? '',
        relativePath: first.batchId,
        exists: true,
        identity: null,
      };
      await expect(db.decisions.decide({ ref: first.batchId, ...decision }, there)).rejects.toMatchObject({
        code: 'bad-arguments',
      });
      expect((await db.batches.show(`id:${first.batchId}`))?.name).toBe('visit');
      expect((await db.batches.show(`/data/${first.batchId}/`))?.id).toBe(second.batchId);
      // Its own id is no other batch.
      expect((await db.batches.show(second.batchId))?.id).toBe(second.batchId);
      expect(await db.batches.show('id:99999')).toBeUndefined();
    });

    test('a name in two watch paths is an error too, its paths name one', async () => {
      await using it = await engine.open();
      const { db } = it;
      await sealed(db, 'L1');
      const other = await db.roots.upsert({ name: 'other', path: '/other' });
      await db.batches.seal(await requestOf(db, 'L1', { rootId: other.id, path: '/other/L1' }));
      await expect(db.batches.show('L1')).rejects.toMatchObject({ message: 'Expected one batch, L1 names 2.' });
      expect((await db.batches.show('/other/L1'))?.root).toBe('other');
    });

    test('the UID of a study or series finds the directories that its images came in', async () => {
      await using it = await engine.open();
      const { db } = it;
      const first = await started(db, 'a');
      await db.studies.commit(resultOf(first));
      await sealed(db, 'b');
      for (const uid of ['1.2.3', '1.2.3.1']) expect((await db.batches.show(uid))?.id).toBe(first.batchId);
      expect((await db.batches.list({ study: '1.2.3' })).results.map(({ name }) => name)).toEqual(['a']);
      expect(await db.batches.show('1.2.4')).toBeUndefined();
    });
  });

  test('a list is narrowed by time and name, and goes on after a batch or a number of them', async () => {
    await using it = await engine.open();
    const { db } = it;
    for (const name of ['L_1', 'L21', 'l3', '50%']) await sealed(db, name);
    const names = async (query: Parameters<typeof db.batches.list>[0]): Promise<readonly string[]> =>
      (await db.batches.list(query)).results.map(({ name }) => name);
    expect(await names({ name: 'L*' })).toEqual(['L21', 'L_1']);
    expect(await names({ name: 'L_*' })).toEqual(['L_1']);
    expect(await names({ name: '?3' })).toEqual(['l3']);
    expect(await names({ name: '50%' })).toEqual(['50%']);
    expect(await names({ name: '%' })).toEqual([]);
    const { results: all } = await db.batches.list({});
    expect(await names({ after: all[1]?.id })).toEqual(['L21', 'L_1']);
    expect(await names({ offset: 3 })).toEqual(['L_1']);
    const at = all[1]?.createdAt ?? '';
    const later = await names({ since: at });
    const earlier = await names({ until: at });
    expect(later).toContain('l3');
    expect(earlier).not.toContain('l3');
    expect([...later, ...earlier]).toHaveLength(4);
  });
}
