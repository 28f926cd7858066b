import type { ImportResult } from '@sendit/model';
import { describeWith, type SharedPostgres, sharedPostgres } from '@sendit/testing';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Database, openDatabase } from '../src/index.ts';
import { fileOf, generation, ONE, resultOf, rootId, seriesOf, started, study, TWO } from './contract/fixtures.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Stand-in study of each batch for files without a StudyInstanceUID. */
const NO_STUDY = 'study_data';

describeWith(['postgres'], 'imports that share an instance, at once', () => {
  let server: SharedPostgres;
  beforeAll(async () => {
    server = await sharedPostgres();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test.each(['1.2.3', NO_STUDY])(
    'a batch that is imported again waits for one that has found its instance to be the first (study %s)',
    async (uid) => {
      await using open = await openOn(server);
      const { db, other, gate, later } = open;
      const again = await failedOnce(db, inStudy(uid, ['1.1', ONE]));
      const job = await started(db, 'b');
      // It has found 1.1, and stands before 1.9.
      await gate.holdInstance('1.9');
      const second = db.studies.commit(resultOf(job, inStudy(uid, ['1.1', ONE], ['1.9', ONE])));
      await open.waiting(1);
      // Without a lock of the table it would have 1.1 deleted and written anew, and stand before 1.8.
      await later.holdInstance('1.8');
      const first = other.studies.commit(resultOf(again, { attempt: 2, ...inStudy(uid, ['1.1', TWO], ['1.8', ONE]) }));
      await open.waiting(2);
      await gate.release();
      await second;
      await later.release();
      expect(await second).toMatchObject({ instances: 2, quarantined: 0 });
      expect(await first).toMatchObject({ instances: 1, quarantined: 1 });
      // The one that was a duplicate is the first now.
      expect(await db.batches.show('b')).toMatchObject({ instances: 2, duplicates: 0 });
    },
  );

  test.each(['1.2.3', NO_STUDY])(
    'neither ends the other where one is imported again, whichever comes first (study %s)',
    async (uid) => {
      await using open = await openOn(server);
      const { db, other, gate } = open;
      const again = await failedOnce(db, inStudy(uid, ['1.1', ONE]));
      const job = await started(db, 'b');
      // With the study in hand, before 1.1.
      await gate.holdInstance('1.0');
      const second = db.studies.commit(resultOf(job, inStudy(uid, ['1.0', ONE], ['1.1', ONE])));
      await open.waiting(1);
      const first = other.studies.commit(resultOf(again, { attempt: 2, ...inStudy(uid, ['1.1', ONE]) }));
      await open.waiting(2);
      await gate.release();
      expect(await second).toMatchObject({ kind: 'committed', instances: 2 });
      expect(await first).toMatchObject({ kind: 'committed', instances: 1 });
      // One of them is the first with it.
      const duplicates = await Promise.all(['a', 'b'].map(async (name) => (await db.batches.show(name))?.duplicates));
      expect(duplicates.reduce((sum = 0, count = 0) => sum + count, 0)).toBe(1);
    },
  );

  test.each(['1.2.3', NO_STUDY])(
    'a batch waits for one that is imported again, and is held against what is new (study %s)',
    async (uid) => {
      await using open = await openOn(server);
      const { db, other, gate } = open;
      const again = await failedOnce(db, inStudy(uid, ['1.1', ONE]));
      const job = await started(db, 'b');
      await db.studies.commit(resultOf(await started(db, 'c'), inStudy('1.2.4', ['1.3', ONE])));
      await gate.holdStudy('1.2.4');
      const both = inStudy(uid, ['1.1', TWO]);
      const first = other.studies.commit(
        resultOf(again, { attempt: 2, ...both, studies: [...both.studies, ...inStudy('1.2.4').studies] }),
      );
      await open.waiting(1);
      const second = db.studies.commit(resultOf(job, inStudy(uid, ['1.1', ONE])));
      await open.waiting(2);
      await gate.release();
      expect(await first).toMatchObject({ status: 'DONE', instances: 1, quarantined: 0 });
      expect(await second).toMatchObject({ status: 'EMPTY', instances: 0, quarantined: 1 });
    },
  );

  test('a later generation does not replace the bytes that another import has just found to be the same', async () => {
    await using open = await openOn(server);
    const { db, other, gate, later } = open;
    await db.studies.commit(resultOf(await generation(db, 1), inStudy(NO_STUDY, ['1.1', ONE])));
    await db.roots.planActions(await rootId(db), { onDone: [{ name: 'copy', kind: 'copy' }], onFailed: [] });
    const job = await started(db, 'b');
    const next = await generation(db, 2);
    await gate.holdInstance('1.9');
    const second = db.studies.commit(resultOf(job, inStudy(NO_STUDY, ['1.1', ONE], ['1.9', ONE])));
    const [pid] = await open.waiting(1);
    // Before the end of either, with everything written.
    await later.holdRoots();
    const third = other.studies.commit(resultOf(next, inStudy(NO_STUDY, ['1.1', TWO])));
    await open.waiting(2);
    await gate.release();
    await open.atEnd(pid);
    await later.release();
    expect(await second).toMatchObject({ instances: 2, quarantined: 0 });
    expect(await third).toMatchObject({ status: 'EMPTY', instances: 0, quarantined: 1 });
  });
});

/** Files of one study, by their UIDs and digests. */
function inStudy(studyInstanceUid: string, ...files: readonly (readonly [string, string])[]) {
  return {
    studies: [{ ...study, studyInstanceUid }],
    series: [seriesOf(`${studyInstanceUid}.1`, studyInstanceUid)],
    instances: files.map(([uid, digest]) => fileOf(uid, digest)),
    findings: [],
  };
}

/** A batch that has ended in ERROR, with its second import begun. */
async function failedOnce(db: Database, read: Partial<ImportResult>): Promise<{ batchId: string; outboxId: string }> {
  const job = await started(db, 'a');
  await db.studies.commit(resultOf(job, { status: 'ERROR', ...read }));
  await db.batches.retry('a');
  const [message] = await db.outbox.claim({ limit: 1, leaseMs: 60_000 });
  const again = { batchId: job.batchId, outboxId: message?.id ?? '' };
  await db.studies.begin(again);
  return again;
}

/** A database with two connections, and two sessions that hold what imports wait for. */
async function openOn(server: SharedPostgres) {
  const url = await server.createDatabase();
  const db = await openDatabase({ kind: 'postgres', url });
  const other = await openDatabase({ kind: 'postgres', url });
  await started(db, 'held');
  const [gate, later] = [await openGate(url), await openGate(url)];
  const watch = postgres(url, { max: 1 });
  return {
    db,
    other,
    gate,
    later,
    /** Until that many imports wait for a lock. */
    waiting: (imports: number) =>
      vi.waitFor(async () => {
        const rows = await watch<{ pid: number }[]>`select pid from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`;
        expect(rows).toHaveLength(imports);
        return rows.map(({ pid }) => pid);
      }, 60_000),
    /** Until one of them has everything written but its messages. */
    atEnd: (pid: number | undefined) =>
      vi.waitFor(async () => {
        const rows = await watch`select from pg_stat_activity
          where pid = ${pid ?? 0} and wait_event_type = 'Lock' and query like '%outbox%'`;
        expect(rows).toHaveLength(1);
      }, 60_000),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([gate.end(), later.end(), watch.end()]);
      await Promise.all([db[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]);
    },
  };
}

/** A session with one transaction, which is undone. */
async function openGate(url: string) {
  const sql = postgres(url, { max: 1 });
  return {
    /** As an import does that has written this instance and is not over. */
    async holdInstance(uid: string): Promise<void> {
      await sql`begin`;
      await sql`with study as (
          insert into sendit.studies (study_instance_uid) values (${`held ${uid}`}) returning id
        ), one as (
          insert into sendit.series (study_id, series_instance_uid) select id, 'held' from study returning id
        )
        insert into sendit.instances (batch_id, sop_instance_uid, series_id, path, bytes)
        select batches.id, ${uid}, one.id, 'held', 1 from sendit.batches, one where batches.name = 'held'`;
    },
    async holdStudy(uid: string): Promise<void> {
      await sql`begin`;
      await sql`select from sendit.studies where study_instance_uid = ${uid} for update`;
    },
    async holdRoots(): Promise<void> {
      await sql`begin`;
      await sql`select from sendit.roots for update`;
    },
    release: () => sql`rollback`,
    end: () => sql.end(),
  };
}
