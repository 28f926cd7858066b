import type { ActionPlan } from '@sendit/model';
import { expect, test } from 'vitest';
import type { Database } from '../../src/index.ts';
import { type Engine, requestOf, resultOf, rootId, started } from './fixtures.ts';

const PLAN: ActionPlan = {
  onDone: [
    { name: 'tell', kind: 'webhook' },
    { name: 'run', kind: 'exec' },
    { name: 'away', kind: 'move' },
  ],
  onFailed: [{ name: 'moveFailed', kind: 'move' }],
};

/** Contract of every engine: actions after an import. */
export function actionsContract(engine: Engine): void {
  test('actions come into being with the import, and each has its turn when the one before it is done', async () => {
    await using opened = await engine.open();
    const { db, other } = opened;
    const batchId = await imported(db, 'a');
    expect((await db.batches.show('a'))?.actionList).toMatchObject([
      { position: 1, name: 'tell', kind: 'webhook', state: 'pending', root: 'data', batchId },
      { position: 2, name: 'run', state: 'pending' },
      { position: 3, name: 'away', state: 'pending' },
    ]);
    expect(await db.outbox.claim({ limit: 10, leaseMs: 60_000 })).toEqual([]);
    for (const [name, code] of [
      ['tell', 204],
      ['run', 0],
      ['away', null],
    ] as const) {
      const [row, ...more] = await claim(db);
      expect(more).toEqual([]);
      const job = { batchId, outboxId: row?.id ?? '' };
      expect(await db.actions.begin(job)).toMatchObject({
        kind: 'action',
        attempt: {
          name,
          attempt: 1,
          status: 'DONE',
          relativePath: 'a',
          unit: 'directory',
          batch: { id: batchId, instances: 2 },
        },
      });
      const outcomes = await Promise.all([db.actions.done(job, { code }), other.actions.done(job, { code })]);
      expect(outcomes.toSorted()).toEqual(['already-done', 'done']);
      expect(await db.actions.begin(job)).toEqual({ kind: 'settled' });
    }
    expect(await db.outbox.count()).toBe(0);
    expect(await db.actions.counts()).toEqual({ pending: 0, running: 0, failed: 0 });
    expect((await db.actions.list({ batch: 'a', state: 'done' })).results).toMatchObject([
      { code: 204 },
      { code: 0 },
      { code: null },
    ]);
  });

  test('what befalls a batch has actions of its own, at once, once for each event, and a retry of the import drops none', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const tell = (name: string) => [{ name, kind: 'exec' as const }];
    const plan = { ...PLAN, onError: tell('error'), onHeld: tell('held'), onLate: tell('late') };
    await db.roots.planActions(await rootId(db), plan);
    const listed = async (name: string): Promise<readonly string[]> =>
      (await db.batches.show(name))?.actionList.map((one) => `${one.name} ${one.state}`) ?? [];
    const late = async (manifestDigest: string) =>
      db.batches.seal(await requestOf(db, 'b', { manifestDigest, late: 'ignore' }));

    const held = await started(db, 'a');
    expect(await db.studies.holdMissing(held, 'away')).toBe('held');
    expect(await db.studies.holdMissing(held, 'away')).toBe('already-done');
    expect(await listed('a')).toEqual(['held pending']);
    expect(await db.batches.retry('a')).toMatchObject({ kind: 'queued' });
    expect(await listed('a')).toEqual(['held pending']);
    const told = await next(db, held.batchId);
    expect(await db.actions.begin(told)).toMatchObject({ attempt: { name: 'held' } });

    const wrong = await started(db, 'b');
    await db.studies.commit(resultOf(wrong, { status: 'ERROR', reason: 'It has errors.' }));
    expect(await listed('b')).toEqual(['moveFailed pending', 'error pending']);
    const due = (await claim(db)).filter(({ batchId }) => batchId === wrong.batchId);
    expect(due).toHaveLength(2);
    for (const _ of ['once', 'again']) await late('b');
    await late('c');
    expect(await listed('b')).toEqual(['moveFailed pending', 'error pending', 'late pending', 'late pending']);

    // The end of what follows an event makes nothing due that follows an import.
    const batchId = await imported(db, 'd', plan);
    const first = await next(db, batchId);
    await db.actions.begin(first);
    await db.actions.fail(first, { code: 1, reason: 'no' });
    await db.batches.seal(await requestOf(db, 'd', { manifestDigest: 'b', late: 'ignore' }));
    const about = await next(db, batchId);
    expect(await db.actions.begin(about)).toMatchObject({ attempt: { name: 'late' } });
    expect(await db.actions.done(about, { code: 0 })).toBe('done');
    expect(await listed('d')).toEqual(['tell failed', 'run pending', 'away pending', 'late done']);
    expect((await claim(db)).filter((one) => one.batchId === batchId)).toEqual([]);
  });

  test('a failed attempt is due again after its wait under a new message; its key stays', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const batchId = await imported(db, 'a');
    const job = await next(db, batchId);
    const first = await db.actions.begin(job);
    await db.actions.postpone(job, { code: 503, reason: 'HTTP 503', afterMs: 60_000 });
    await db.outbox.markSent([job.outboxId], { resendAfterMs: 0 });
    expect(await claim(db)).toEqual([]);
    expect(await db.actions.done(job, { code: 200 })).toBe('already-done');
    expect((await db.actions.list({})).results).toMatchObject([
      { state: 'pending', reason: 'HTTP 503', code: 503, attempts: 1 },
      {},
      {},
    ]);

    const soon = await imported(db, 'b');
    const again = await next(db, soon);
    await db.actions.begin(again);
    await db.actions.postpone(again, { code: null, reason: 'no answer', afterMs: 0 });
    const second = await db.actions.begin(await next(db, soon));
    expect(second).toMatchObject({ kind: 'action', attempt: { name: 'tell', attempt: 2 } });
    const keys = (await db.actions.list({ batch: 'a' })).results.map(({ id }) => id);
    expect(first).toMatchObject({ attempt: { id: keys[0] } });
    expect(new Set(keys).size).toBe(3);
  });

  test('that all files of a move are placed is noted for good, by the run whose message is there', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const batchId = await imported(db, 'a');
    const job = await next(db, batchId);
    expect(await db.actions.begin(job)).toMatchObject({ attempt: { isPlaced: false } });
    expect(await db.actions.placed(job)).toBe(true);
    await db.actions.postpone(job, { code: null, reason: 'EIO', afterMs: 0 });
    expect(await db.actions.placed(job)).toBe(false);
    const again = await next(db, batchId);
    expect(await db.actions.begin(again)).toMatchObject({ attempt: { isPlaced: true } });
    await db.actions.done(again, { code: null });
    expect(await db.actions.placed(again)).toBe(false);
    expect(await db.actions.begin(await next(db, batchId))).toMatchObject({ attempt: { isPlaced: false } });
  });

  test('a failed action holds up those after it until it is retried and done; its batch stays DONE', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const batchId = await imported(db, 'a');
    const job = await next(db, batchId);
    await db.actions.begin(job);
    expect(await db.actions.fail(job, { code: 404, reason: 'HTTP 404' })).toBe('failed');
    expect(await db.actions.fail(job, { code: 404, reason: 'HTTP 404' })).toBe('already-done');
    expect(await claim(db)).toEqual([]);
    expect(await db.batches.show('a')).toMatchObject({ status: 'DONE', actionList: [{ state: 'failed' }, {}, {}] });
    expect(await db.actions.counts()).toEqual({ pending: 2, running: 0, failed: 1 });
    expect(await db.actions.counts(await rootId(db))).toMatchObject({ failed: 1 });

    expect(await db.actions.retry({ root: 'nowhere' })).toBe(0);
    expect(await db.actions.retry({ batch: 'a', root: 'data' })).toBe(1);
    expect(await db.actions.retry({})).toBe(0);
    const again = await next(db, batchId);
    expect(await db.actions.begin(again)).toMatchObject({ attempt: { name: 'tell', attempt: 1 } });
    await db.actions.done(again, { code: 200 });
    expect(await db.actions.begin(await next(db, batchId))).toMatchObject({ attempt: { name: 'run' } });
  });

  test('an interrupted attempt does not count, and its message stays', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await next(db, await imported(db, 'a'));
    await db.actions.begin(job);
    await db.actions.release(job);
    expect((await db.actions.list({})).results).toMatchObject([{ state: 'pending', attempts: 0 }, {}, {}]);
    expect(await db.actions.begin(job)).toMatchObject({ kind: 'action', attempt: { attempt: 1 } });
  });

  test('what fails to be imported has its own actions, gone when the batch is queued again, which waits while one runs', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    await db.roots.planActions(await rootId(db), PLAN);
    const job = await started(db, 'a');
    await db.studies.fail(job, 'no disk');
    const moving = await next(db, job.batchId);
    expect(await db.actions.begin(moving)).toMatchObject({ attempt: { name: 'moveFailed', status: 'QUARANTINED' } });
    expect(await db.batches.retry('a')).toEqual({ kind: 'refused', status: 'QUARANTINED' });
    await db.actions.done(moving, { code: null });
    expect(await db.batches.retry('a')).toMatchObject({ kind: 'queued' });
    expect((await db.batches.show('a'))?.actionList).toEqual([]);

    const mixed = await started(db, 'b');
    await db.studies.commit(resultOf(mixed, { status: 'ERROR', reason: 'two dates' }));
    expect((await db.batches.show('b'))?.actionList).toMatchObject([{ name: 'moveFailed', state: 'pending' }]);
    const empty = await started(db, 'c');
    await db.studies.commit(resultOf(empty, { status: 'EMPTY', instances: [], series: [], studies: [] }));
    expect((await db.batches.show('c'))?.actionList).toEqual([]);
  });

  test('what a move takes away is no change, and a directory that comes after it is the next generation', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    await db.roots.planActions(await rootId(db), { onDone: [{ name: 'away', kind: 'move' }], onFailed: [] });
    const job = await started(db, 'a');
    await db.studies.commit(resultOf(job));
    const moving = await next(db, job.batchId);
    await db.actions.begin(moving);
    const half = await requestOf(db, 'a', { manifestDigest: 'half' });
    expect(await db.batches.seal(half)).toMatchObject({ kind: 'known', changed: false });
    const signature = { identity: 'one', directories: [['', 'half'] as const] };
    const seen = { manifestDigest: 'half', signature, late: 'amend' as const };
    expect(await db.batches.noteSeen(job.batchId, seen)).toEqual({ kind: 'unchanged' });
    expect(await db.batches.show('a')).toMatchObject({ lateChanges: 0 });
    await db.actions.done(moving, { code: null });
    expect(await db.batches.seal(await requestOf(db, 'a', { manifestDigest: 'late' }))).toMatchObject({
      kind: 'sealed',
      generation: 2,
    });
  });

  test('messages of actions go to the watchers of their root, and jobs of another database are settled', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    await imported(db, 'a');
    const elsewhere = await db.roots.upsert({ name: 'elsewhere', path: '/e' });
    expect(await db.outbox.claim({ limit: 9, leaseMs: 0, handOnOf: elsewhere.id })).toEqual([]);
    const [row] = await claim(db);
    expect(row?.kind).toBe('hand-on');
    const foreign = { batchId: '77', outboxId: '5b0c7b06-3d0c-4a53-9d8e-0d5c8b0f5f4e' };
    expect(await db.actions.begin(foreign)).toEqual({ kind: 'settled' });
    expect(await db.actions.done({ batchId: 'x', outboxId: 'y' }, { code: 0 })).toBe('already-done');
  });

  test('steps come before the actions, also of a root without any, and go to workers of whatever root', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    await db.roots.planActions(await rootId(db), { onDone: [{ name: 'tell', kind: 'webhook' }], onFailed: [] });
    const job = await started(db, 'a');
    await db.studies.commit(resultOf(job, { steps: ['one', 'two'] }));
    expect((await db.batches.show('a'))?.actionList).toMatchObject([
      { position: 1, name: 'one', kind: 'step', progress: null },
      { position: 2, name: 'two', kind: 'step' },
      { position: 3, name: 'tell', kind: 'webhook' },
    ]);
    expect(await db.actions.openSteps()).toBe(2);
    for (const name of ['one', 'two']) {
      expect(await claim(db)).toEqual([]);
      const step = await nextStep(db);
      expect(await db.actions.begin(step)).toMatchObject({ attempt: { name, kind: 'step', attempt: 1 } });
      await db.actions.progress(step, { done: 3, total: 7 });
      expect((await db.actions.list({ state: 'running' })).results).toMatchObject([
        { progress: { done: 3, total: 7 } },
      ]);
      await db.actions.postpone(step, { code: null, reason: 'it threw', afterMs: 0 });
      await db.actions.progress(step, { done: 4, total: 7 });
      const again = await nextStep(db);
      expect(await db.actions.begin(again)).toMatchObject({ attempt: { name, attempt: 2 } });
      expect((await db.actions.list({ state: 'running' })).results).toMatchObject([{ progress: null }]);
      await db.actions.fail(again, { code: null, reason: 'it threw' });
      expect(await db.outbox.claim({ limit: 9, leaseMs: 0, steps: true })).toEqual([]);
      expect(await db.actions.retry({ batch: 'a' })).toBe(1);
      const retried = await nextStep(db);
      await db.actions.begin(retried);
      await db.actions.done(retried, { code: null });
    }
    expect(await db.actions.openSteps()).toBe(0);
    await db.actions.begin(await next(db, job.batchId));
    const bare = await db.roots.planActions(await rootId(db), null).then(() => started(db, 'b'));
    await db.studies.commit(resultOf(bare, { steps: ['one'] }));
    expect((await db.batches.show('b'))?.actionList).toMatchObject([{ name: 'one', kind: 'step' }]);
  });

  test('no step follows what is not DONE', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await started(db, 'a');
    await db.studies.commit(resultOf(job, { status: 'ERROR', reason: 'It has errors.', steps: ['one'] }));
    expect((await db.batches.show('a'))?.actionList).toEqual([]);
  });

  async function nextStep(db: Database): Promise<{ batchId: string; outboxId: string }> {
    const [row] = await db.outbox.claim({ limit: 9, leaseMs: 60_000, steps: true });
    if (row === undefined) throw new Error('no step is due');
    expect(row.kind).toBe('step');
    return { batchId: row.batchId, outboxId: row.id };
  }

  async function imported(db: Database, name: string, plan = PLAN): Promise<string> {
    await db.roots.planActions(await rootId(db), plan);
    const job = await started(db, name);
    await db.studies.commit(resultOf(job));
    return job.batchId;
  }

  async function claim(db: Database) {
    return db.outbox.claim({ limit: 10, leaseMs: 60_000, handOnOf: await rootId(db) });
  }

  async function next(db: Database, batchId: string): Promise<{ batchId: string; outboxId: string }> {
    const row = (await claim(db)).find((one) => one.batchId === batchId);
    if (row === undefined) throw new Error('no action of the batch is due');
    return { batchId, outboxId: row.id };
  }
}
