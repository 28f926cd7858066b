import { expect, test } from 'vitest';
import { type Engine, rootId } from './fixtures.ts';

/** Contract of every engine: the pause of the import queue. */
export function pauseQueueContract(engine: Engine): void {
  test('the queue is paused and let go once each, with audit records', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    await rootId(db);
    const asked = { by: 'alice', reason: 'The archive is down.' };
    expect(await db.queuePause.read()).toBeNull();
    await expect(db.queuePause.resume(asked)).rejects.toMatchObject({ code: 'refused' });
    expect(await db.queuePause.pause(asked)).toMatchObject(asked);
    await expect(db.queuePause.pause({ ...asked, by: 'bob' })).rejects.toMatchObject({ code: 'refused' });
    expect(await db.queuePause.read()).toMatchObject(asked);
    await db.queuePause.resume({ by: 'bob', reason: 'It is back.' });
    expect(await db.queuePause.read()).toBeNull();
    const { results } = await db.decisions.audit({});
    expect(results.map(({ by, decision, from, to }) => [by, decision, from, to])).toEqual([
      ['bob', 'resume', 'PAUSED', 'RUNNING'],
      ['alice', 'pause', 'RUNNING', 'PAUSED'],
    ]);
  });

  test('of two who pause it at once one does', async () => {
    await using opened = await engine.open();
    const { queuePause } = opened.db;
    const outcomes = await Promise.allSettled(
      ['alice', 'bob'].map((by) => queuePause.pause({ by, reason: 'at once' })),
    );
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
}
