import { aRoot } from '@sendit/testing';
import { expect, test } from 'vitest';
import { type Engine, MIGRATIONS, requestOf, sealed } from './fixtures.ts';

/** Contract of every engine: messages, heartbeats and the schema. */
export function outboxContract(engine: Engine): void {
  test('a claimed message is not given again within its lease, and again after it', async () => {
    await using opened = await engine.open();
    const { db, other } = opened;
    for (let index = 0; index < 20; index += 1) await db.batches.seal(await requestOf(db, `a${index}`));
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        (index % 2 === 0 ? db : other).outbox.claim({ limit: 3, leaseMs: 60_000 }),
      ),
    );
    const ids = claims.flat().map((row) => row.id);
    expect(claims.every((rows) => rows.length <= 3)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    const rest = await db.outbox.claim({ limit: 100, leaseMs: 0 });
    expect(ids.length + rest.length).toBe(20);
    expect(await db.outbox.claim({ limit: 100, leaseMs: 60_000 })).toHaveLength(rest.length);
  });

  test('a sent message moves its batch to QUEUE and is due again after the time to resend', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await sealed(db, 'a');
    await db.outbox.markSent([job.outboxId], { resendAfterMs: 60_000 });
    expect((await db.batches.show(job.batchId))?.status).toBe('QUEUE');
    expect(await db.outbox.claim({ limit: 1, leaseMs: 0 })).toEqual([]);
    await db.outbox.markSent([job.outboxId], { resendAfterMs: 0 });
    expect(await db.outbox.claim({ limit: 1, leaseMs: 0 })).toEqual([
      { id: job.outboxId, kind: 'import-dicomdir', batchId: job.batchId },
    ]);
  });

  test('a message that is due only hours from now is given: the clock was set back since', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await sealed(db, 'a');
    await db.outbox.markSent([job.outboxId], { resendAfterMs: 5 * 3_600_000 });
    const claim = () => db.outbox.claim({ limit: 10, leaseMs: 60_000 });
    expect((await claim()).map(({ id }) => id)).toEqual([job.outboxId]);
    expect(await claim()).toEqual([]);
  });

  test('a heartbeat is kept for the watcher and the worker of each process, with its age', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const heartbeat = {
      host: 'h',
      pid: 1,
      startedAt: '2024-01-31T00:00:00.000Z',
      mode: 'embedded',
      portalUrl: null,
      roots: [aRoot({ name: 'd\0', path: '/d' })],
    } as const;
    await db.heartbeats.beat(heartbeat);
    await db.heartbeats.beat({ ...heartbeat, portalUrl: 'http://127.0.0.1:1' });
    const [beat, ...more] = await db.heartbeats.list();
    expect(more).toEqual([]);
    expect(beat).toMatchObject({ pid: 1, portalUrl: 'http://127.0.0.1:1', roots: [{ name: 'd\uFFFD' }] });
    expect(beat?.ageMs).toBeGreaterThanOrEqual(0);
    await db.heartbeats.beat({ ...heartbeat, role: 'worker' });
    expect(new Set((await db.heartbeats.list()).map(({ role }) => role))).toEqual(new Set(['worker', undefined]));
    await db.heartbeats.remove({ host: 'h', pid: 1, role: 'worker' });
    expect((await db.heartbeats.list()).map(({ role }) => role)).toEqual([undefined]);
    await db.heartbeats.remove({ host: 'h', pid: 1 });
    expect(await db.heartbeats.list()).toEqual([]);
  });

  test('a database that was opened has the schema of the code', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    expect(await db.migrationStatus()).toEqual({ applied: MIGRATIONS, pending: [] });
    expect(await db.migrate()).toEqual([]);
    await db.ping();
  });
}
