import { expect, test } from 'vitest';
import { type Engine, fileOf, generation, ONE, resultOf, started, TWO } from './fixtures.ts';

/** Contract of every engine: instances that come again in the same directory, or in the same batch. */
export function generationsContract(engine: Engine): void {
  test('generations of a directory do not stand against each other: equal files are silent, a changed one replaces the earlier', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    await db.studies.commit(resultOf(await generation(db, 1), { instances: [fileOf('1.1', ONE), fileOf('1.2', ONE)] }));
    const second = { instances: [fileOf('1.1', ONE), fileOf('1.2', TWO)], findings: [] };
    await db.studies.commit(resultOf(await generation(db, 2), second));
    expect(await db.batches.show('a')).toMatchObject({
      generation: 2,
      instances: 2,
      duplicates: 1,
      quarantined: 0,
      findingList: [{ code: 'instance-replaced', severity: 'warning', path: '1.2.dcm' }],
    });
    await db.studies.commit(
      resultOf(await generation(db, 3), { ...second, instances: [fileOf('1.1', TWO), fileOf('1.2', TWO)] }),
    );
    expect(await db.batches.show('a')).toMatchObject({
      instances: 2,
      duplicates: 1,
      findingList: [{ code: 'instance-replaced', path: '1.1.dcm' }],
    });
    const counted = (await db.batches.list({})).results.map(async ({ id }) => {
      const batch = await db.batches.show(id);
      return [batch?.instances, batch?.duplicates, batch?.replaced];
    });
    // Newest first: `1.1` counts in the third, `1.2` in the second.
    expect(await Promise.all(counted)).toEqual([
      [2, 1, 0],
      [2, 0, 1],
      [2, 0, 2],
    ]);
  });

  test('of generations that are imported at once the last one counts, whichever comes first', async () => {
    await using opened = await engine.open();
    const { db, other } = opened;
    await db.studies.commit(resultOf(await generation(db, 1), { instances: [fileOf('1.1', ONE)] }));
    const [second, third] = [await generation(db, 2), await generation(db, 3)];
    await Promise.all([
      db.studies.commit(resultOf(second, { instances: [fileOf('1.1', TWO)] })),
      other.studies.commit(resultOf(third, { instances: [fileOf('1.1', THREE)] })),
    ]);
    expect(await db.batches.show(second.batchId)).toMatchObject({ instances: 1, replaced: 1, quarantined: 0 });
    expect(await db.batches.show(third.batchId)).toMatchObject({ instances: 1, replaced: 0, duplicates: 0 });
  });

  test('an earlier generation that is imported after a later one does not replace it', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const [first, second] = [await generation(db, 1), await generation(db, 2)];
    await db.studies.commit(resultOf(second, { instances: [fileOf('1.1', TWO)] }));
    await db.studies.commit(resultOf(first, { instances: [fileOf('1.1', ONE)], findings: [] }));
    expect(await db.batches.show(first.batchId)).toMatchObject({ instances: 1, replaced: 1, findingList: [] });
    expect(await db.batches.show(second.batchId)).toMatchObject({ instances: 1, replaced: 0, duplicates: 0 });
  });

  test('a replaced file that another batch has too is not replaced but in conflict', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    await db.studies.commit(resultOf(await generation(db, 1), { instances: [fileOf('1.1', ONE)] }));
    await db.studies.commit(resultOf(await started(db, 'b'), { instances: [fileOf('1.1', ONE)] }));
    const outcome = await db.studies.commit(resultOf(await generation(db, 2), { instances: [fileOf('1.1', TWO)] }));
    expect(outcome).toMatchObject({ status: 'EMPTY', quarantined: 1 });
  });

  test('when the first is imported again, the oldest duplicate takes its place, and what differs now is in conflict with it', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await started(db, 'a');
    const instances = [fileOf('1.1', ONE), fileOf('1.2', ONE)];
    await db.studies.commit(resultOf(job, { status: 'ERROR', reason: 'two study dates', instances }));
    await db.studies.commit(resultOf(await started(db, 'b'), { instances }));
    await db.batches.retry('a');
    const [message] = await db.outbox.claim({ limit: 1, leaseMs: 60_000 });
    const again = { batchId: job.batchId, outboxId: message?.id ?? '' };
    await db.studies.begin(again);
    const changed = [fileOf('1.1', TWO), fileOf('1.2', ONE)];
    expect(await db.studies.commit(resultOf(again, { attempt: 2, instances: changed }))).toMatchObject({
      instances: 1,
      quarantined: 1,
    });
    expect(await db.batches.show('a')).toMatchObject({ duplicates: 1, quarantined: 1 });
    expect(await db.batches.show('b')).toMatchObject({ duplicates: 0, instances: 2 });
  });
}

const THREE = 'c'.repeat(32);
