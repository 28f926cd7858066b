import { describe, expect, test } from 'vitest';
import type { PruneQuery } from '@sendit/api';
import type { Database } from '../../src/index.ts';
import { type Engine, instanceOf, partsOf, requestOf, resultOf, rootId, sealed, started } from './fixtures.ts';

/** Everything that has ended is old. */
const ALL: PruneQuery = { endedBefore: '2999-01-01T00:00:00.000Z', dryRun: false, limit: 100 };
const SEE = { signature: null, late: 'ignore' } as const;

async function imported(db: Database, name: string, uids: readonly string[] = ['1.2.3.1.1']): Promise<string> {
  const job = await started(db, name);
  await db.studies.commit(resultOf(job, { instances: uids.map((uid) => instanceOf(uid)) }));
  return job.batchId;
}

/** Whether a patient's name is anywhere. */
async function hasName(db: Database): Promise<boolean> {
  let has = false;
  await db.exportRows(async (lines) => {
    has ||= lines.includes('Doe^Jane');
  });
  return has;
}

/** Retention: lists go, what knows a batch again stays. */
export function pruneContract(engine: Engine): void {
  describe('pruning', () => {
    test('takes away lists, findings and names, and keeps the batch, its counts and its instances', async () => {
      await using opened = await engine.open();
      const { db } = opened;
      const batchId = await imported(db, 'a');
      const before = await db.batches.show(batchId);
      expect(await hasName(db)).toBe(true);
      expect(await db.batches.prune({ ...ALL, dryRun: true })).toEqual({ batches: 1, files: 2, next: null });
      expect(await partsOf(db, batchId)).toHaveLength(1);
      expect(await db.batches.prune(ALL)).toEqual({ batches: 1, files: 2, next: null });
      expect(await db.batches.prune(ALL)).toEqual({ batches: 0, files: 0, next: null });
      const after = await db.batches.show(batchId);
      expect(await partsOf(db, batchId)).toEqual([]);
      expect(after).toMatchObject({ id: batchId, status: 'DONE', instances: before?.instances, findingList: [] });
      expect(after?.reason).toContain('docs/retention.md');
      expect(await hasName(db)).toBe(false);
    });

    test('leaves a name where another batch still has the study', async () => {
      await using opened = await engine.open();
      const { db } = opened;
      await imported(db, 'a', ['1.2.3.1.1']);
      const job = await started(db, 'b');
      await db.studies.commit(resultOf(job, { instances: [instanceOf('1.2.3.1.2')], status: 'ERROR', reason: 'why' }));
      expect(await db.batches.prune(ALL)).toMatchObject({ batches: 1 });
      expect(await hasName(db)).toBe(true);
    });

    test('leaves what has not ended, ended lately, belongs to another watch path, or waits for a person', async () => {
      await using opened = await engine.open();
      const { db } = opened;
      const late = await imported(db, 'late');
      const changed = { ...SEE, manifestDigest: 'other' };
      expect(await db.batches.noteSeen(late, changed)).toMatchObject({ kind: 'late', isLeft: true });
      await db.studies.fail(await started(db, 'failed'), 'why');
      await started(db, 'running');
      await sealed(db, 'queued');
      expect(await db.batches.prune(ALL)).toMatchObject({ batches: 0 });
      await imported(db, 'fine', ['1.2.3.1.9']);
      expect(await db.batches.prune({ ...ALL, endedBefore: '2001-01-01T00:00:00.000Z' })).toMatchObject({ batches: 0 });
      expect(await db.batches.prune({ ...ALL, root: 'elsewhere' })).toMatchObject({ batches: 0 });
      expect(await db.batches.prune({ ...ALL, root: 'data' })).toMatchObject({ batches: 1 });
      await db.decisions.decide({ ref: `id:${late}`, decision: 'acknowledge', by: 'alice', reason: 'Seen.' });
      expect(await db.batches.prune(ALL)).toMatchObject({ batches: 1 });
    });

    test('goes in slices, each generation of a path with the others', async () => {
      await using opened = await engine.open();
      const { db } = opened;
      await imported(db, 'a', ['1.1']);
      await imported(db, 'b', ['1.2']);
      await db.batches.markVanished(await rootId(db), 'a');
      await db.batches.seal(await requestOf(db, 'a', { manifestDigest: 'next' }));
      // The second generation is not imported yet.
      expect(await db.batches.prune(ALL)).toMatchObject({ batches: 1 });
      const [row] = await db.outbox.claim({ limit: 100, leaseMs: 60_000 });
      const job = { batchId: row?.batchId ?? '', outboxId: row?.id ?? '' };
      await db.studies.begin(job);
      await db.studies.commit(resultOf(job, { instances: [instanceOf('1.3')] }));
      await imported(db, 'c', ['1.4']);
      for (const dryRun of [true, false]) {
        const first = await db.batches.prune({ ...ALL, limit: 1, dryRun });
        expect(first).toMatchObject({ batches: 2, next: expect.any(String) });
        let [count, after] = [first.batches, first.next];
        while (after !== null) {
          const slice = await db.batches.prune({ ...ALL, limit: 1, after, dryRun });
          [count, after] = [count + slice.batches, slice.next];
        }
        expect(count).toBe(3);
      }
    });

    test('what is pruned is not sealed again, in whatever way it is seen', async () => {
      await using opened = await engine.open();
      const { db } = opened;
      const batchId = await imported(db, 'a');
      await db.batches.prune(ALL);
      const request = await requestOf(db, 'a', { keepsInodes: true });
      const { manifest, manifestDigest } = request;
      const known = { kind: 'known', batchId, changed: false };
      expect(await db.batches.seal(request)).toMatchObject(known);
      expect(await db.batches.noteSeen(batchId, { ...SEE, manifest, manifestDigest })).toEqual({ kind: 'unchanged' });
      await db.batches.markVanished(await rootId(db), 'a');
      expect(await db.batches.seal(request)).toMatchObject(known);
      expect((await db.batches.findKnown(await rootId(db), ['a'])).get('a')).toMatchObject({
        batchId,
        vanished: false,
      });
      expect(await db.batches.retry(`id:${batchId}`)).toEqual({ kind: 'refused', status: 'DONE' });
    });

    test('what comes late to it is told, and under `amend` all of it is the next generation, each instance counted once', async () => {
      await using opened = await engine.open();
      const { db } = opened;
      const uids = ['1.2.3.1.1', '1.2.3.1.2'];
      const batchId = await imported(db, 'a', uids);
      await db.batches.prune(ALL);
      const changed = await requestOf(db, 'a', { manifestDigest: 'more' });
      expect(await db.batches.noteSeen(batchId, { ...SEE, manifestDigest: 'more' })).toMatchObject({
        kind: 'late',
        isNew: true,
      });
      const next = await db.batches.seal({ ...(await requestOf(db, 'b', { manifestDigest: 'b' })), relativePath: 'b' });
      expect(next.kind).toBe('sealed');
      await db.decisions.decide({ ref: `id:${batchId}`, decision: 'amend', by: 'alice', reason: 'All of it.' });
      const amended = await db.batches.seal({ ...changed, late: 'ignore' });
      expect(amended).toMatchObject({ kind: 'sealed', generation: 2 });
      const rows = await db.outbox.claim({ limit: 100, leaseMs: 60_000 });
      const job = {
        batchId: amended.batchId ?? '',
        outboxId: rows.find((row) => row.batchId === amended.batchId)?.id ?? '',
      };
      await db.studies.begin(job);
      const instances = [...uids, '1.2.3.1.3'].map((uid) => instanceOf(uid));
      await db.studies.commit(resultOf(job, { instances }));
      expect(await db.batches.show(job.batchId)).toMatchObject({ instances: 3, duplicates: 2 });
    });

    test('an instance of it that comes in another batch is a duplicate, or in conflict', async () => {
      await using opened = await engine.open();
      const { db } = opened;
      await imported(db, 'a', ['1.2.3.1.1']);
      await db.batches.prune(ALL);
      const same = await imported(db, 'b', ['1.2.3.1.1']);
      expect(await db.batches.show(same)).toMatchObject({ duplicates: 1 });
      const job = await started(db, 'c');
      const other = { ...instanceOf('1.2.3.1.1'), digest: 'f'.repeat(32) };
      await db.studies.commit(resultOf(job, { instances: [other] }));
      expect(await db.batches.show(job.batchId)).toMatchObject({ quarantined: 1 });
    });

    test('of a series that was pruned a file more is late, and not another series', async () => {
      await using opened = await engine.open();
      const { db } = opened;
      const unit = { unit: 'series', relativePath: 'series/1', path: '/data', name: 'series/1' } as const;
      const outcome = await db.batches.seal(await requestOf(db, 'series/1', unit));
      const [row] = await db.outbox.claim({ limit: 100, leaseMs: 60_000 });
      const job = { batchId: outcome.batchId ?? '', outboxId: row?.id ?? '' };
      await db.studies.begin(job);
      await db.studies.commit(resultOf(job, {}));
      await db.batches.prune(ALL);
      const { manifest } = await requestOf(db, 'series/1', unit);
      const seen = { ...SEE, manifest, manifestDigest: 'more' };
      expect(await db.batches.noteSeen(job.batchId, seen)).toMatchObject({ kind: 'late', isLeft: true });
    });
  });
}
