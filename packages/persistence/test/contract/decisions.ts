import type { DecisionRequest } from '@sendit/api';
import type { BatchStatus, Decision } from '@sendit/model';
import { BATCH_STATUSES, canTransition, DIRECTORY_DECISIONS } from '@sendit/model';
import { expect, test } from 'vitest';
import type { Database } from '../../src/index.ts';
import type { DirectoryThere } from '../../src/people/decisions.ts';
import { type Engine, instanceOf, requestOf, resultOf, rootId, sealed, started } from './fixtures.ts';

const asked = (decision: Decision, ref: string): DecisionRequest => ({
  ref,
  decision,
  by: 'alice',
  reason: 'Because.',
});

/** The run of a batch that was queued again. */
async function begun(db: Database, batchId: string): Promise<{ batchId: string; outboxId: string }> {
  const [message] = await db.outbox.claim({ limit: 1, leaseMs: 60_000 });
  const job = { batchId, outboxId: message?.id ?? '' };
  await db.studies.begin(job);
  return job;
}

/** Contract of every engine: people's decisions. */
export function decisionsContract(engine: Engine): void {
  test('a batch is held, set aside and released as the one transition table says, each time with an audit record', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const reached = await batchesByStatus(db);
    expect([...reached.keys()].sort()).toEqual([...BATCH_STATUSES].sort());
    for (const [status, id] of reached) {
      const to = { release: 'NEW', hold: 'HELD', quarantine: 'QUARANTINED' } as const;
      for (const decision of DIRECTORY_DECISIONS) {
        const now = (await db.batches.show(id))?.status ?? status;
        const isKeptBack = now === 'HELD' || now === 'QUARANTINED';
        const isAllowed = canTransition(now, to[decision]) && (decision !== 'release' || isKeptBack);
        const record = { decision, from: now, to: to[decision], batchId: id };
        expect(await db.decisions.decide(asked(decision, id))).toMatchObject(
          isAllowed ? { kind: 'decided', record } : { kind: 'refused', batchId: id, status: now },
        );
        expect((await db.batches.show(id))?.status).toBe(isAllowed ? to[decision] : now);
      }
    }
  });

  test('what stands still is counted by cause until somebody has seen it', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const reached = await batchesByStatus(db);
    const none = { missing: 0, unreadable: 0, held: 0, failed: 0, quarantined: 0 };
    expect(await db.batches.countHeld()).toEqual({ ...none, held: 1, failed: 1, quarantined: 1 });
    for (const status of ['HELD', 'ERROR', 'QUARANTINED'] as const) {
      await db.decisions.decide(asked('acknowledge', reached.get(status) ?? ''));
    }
    expect(await db.batches.countHeld()).toEqual(none);
  });

  test('a batch in ERROR that is accepted is DONE as it is: its rows stay, what follows DONE is planned, and it is on record', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const plan = {
      onDone: [{ name: 'copy', kind: 'copy' }],
      onFailed: [{ name: 'moveFailed', kind: 'move' }],
    } as const;
    await db.roots.planActions(await rootId(db), plan);
    const job = await started(db, 'a');
    await db.studies.commit(resultOf(job, { status: 'ERROR', reason: 'two study dates' }));
    expect(await db.decisions.decide(asked('accept', 'a'))).toMatchObject({
      kind: 'decided',
      record: { decision: 'accept', by: 'alice', from: 'ERROR', to: 'DONE', reason: 'Because.', batchId: job.batchId },
    });
    expect(await db.batches.show('a')).toMatchObject({
      status: 'DONE',
      reason: null,
      instances: 2,
      findingList: [{ code: 'not-dicom' }],
      actionList: [{ name: 'copy', state: 'pending' }],
      auditList: [{ decision: 'accept' }],
    });
    expect(await db.decisions.decide(asked('accept', 'a'))).toMatchObject({ kind: 'refused', why: 'status' });
    expect((await db.batches.show('a'))?.actionList).toHaveLength(1);
  });

  test('a batch whose files cannot be read is imported without them once it is accepted, and its actions leave them', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await started(db, 'a');
    await db.studies.holdUnreadable(job, 'one file cannot be read');
    expect(await db.decisions.decide(asked('accept', 'a'))).toMatchObject({ record: { from: 'HELD', to: 'NEW' } });
    const [message] = await db.outbox.claim({ limit: 1, leaseMs: 60_000 });
    const again = { batchId: job.batchId, outboxId: message?.id ?? '' };
    const begun = await db.studies.begin(again);
    expect(begun).toMatchObject({ kind: 'import', batch: { isAccepted: true, acceptsMissing: false } });
    const left = {
      code: 'not-read',
      severity: 'error',
      path: '2.dcm',
      message: 'Could not be read (EACCES).',
    } as const;
    const read = resultOf(again, { attempt: 2, instances: [instanceOf('1')], findings: [left] });
    expect(await db.studies.commit(read)).toMatchObject({ kind: 'committed', status: 'DONE' });
    expect(await placed(db, job.batchId)).toEqual(['1.dcm']);
  });

  test('what vanished and was given up by a retry is no file that an action waits for', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await started(db, 'a');
    await db.studies.holdMissing(job, 'one file is gone');
    await db.batches.retry('a');
    const [message] = await db.outbox.claim({ limit: 1, leaseMs: 60_000 });
    const again = { batchId: job.batchId, outboxId: message?.id ?? '' };
    await db.studies.begin(again);
    const gone = { code: 'vanished', severity: 'warning', path: '1.dcm', message: 'It is gone.' } as const;
    await db.studies.commit(resultOf(again, { attempt: 2, instances: [instanceOf('2')], findings: [gone] }));
    expect(await placed(db, job.batchId)).toEqual(['2.dcm']);
  });

  test('what stands about a batch is acknowledged until something else stands, with a record, and the batch stays as it is', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const unreadable = await started(db, 'a');
    expect(await db.decisions.decide(asked('acknowledge', 'a'))).toMatchObject({
      kind: 'refused',
      status: 'PROCESSING',
    });
    await db.studies.holdUnreadable(unreadable, 'EACCES');
    expect(await db.batches.countHeld()).toMatchObject({ missing: 0, unreadable: 1 });
    expect(await db.decisions.decide(asked('acknowledge', 'a'))).toMatchObject({
      kind: 'decided',
      record: { decision: 'acknowledge', by: 'alice', from: 'HELD', to: 'HELD', batchId: unreadable.batchId },
    });
    expect(await db.batches.countHeld()).toMatchObject({ missing: 0, unreadable: 0 });
    expect(await db.batches.show('a')).toMatchObject({ status: 'HELD', auditList: [{ decision: 'acknowledge' }] });
    await db.batches.reopenUnreadable(unreadable.batchId);
    await db.studies.holdUnreadable(await begun(db, unreadable.batchId), 'EACCES');
    expect(await db.batches.countHeld()).toMatchObject({ missing: 0, unreadable: 0 });
    await db.batches.retry('a');
    await db.studies.holdUnreadable(await begun(db, unreadable.batchId), 'EACCES');
    expect(await db.batches.countHeld()).toMatchObject({ missing: 0, unreadable: 1 });
  });

  test('no other batch is accepted, and each refusal says why', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const refusal = async (ref: string, there?: DirectoryThere) => {
      const outcome = await db.decisions.decide(asked('accept', ref), there);
      return outcome.kind === 'refused' ? outcome.why : outcome.kind;
    };
    for (const [status, id] of await batchesByStatus(db)) {
      const why = { HELD: 'held', ERROR: 'decided' }[status as string] ?? 'status';
      expect([status, await refusal(id)]).toEqual([status, why]);
    }
    const missing = await started(db, 'missing');
    await db.studies.holdMissing(missing, 'one file is gone');
    expect(await refusal('missing')).toBe('missing');
    const there = { rootId: await rootId(db), relativePath: 'unsealed', exists: true, identity: '1:2:3' };
    expect(await refusal('/data/unsealed', there)).toBe('unsealed');
    expect(await refusal('nowhere')).toBe('not-found');
    expect((await db.decisions.audit({ ref: 'unsealed' })).results).toEqual([]);

    await db.roots.planActions(await rootId(db), { onDone: [], onFailed: [{ name: 'away', kind: 'move' }] });
    const moved = await started(db, 'moved');
    await db.studies.commit(resultOf(moved, { status: 'ERROR', reason: 'two study dates' }));
    const claimed = await db.outbox.claim({ limit: 9, leaseMs: 60_000, handOnOf: await rootId(db) });
    const move = { batchId: moved.batchId, outboxId: claimed.find((one) => one.batchId === moved.batchId)?.id ?? '' };
    await db.actions.begin(move);
    expect(await refusal('moved')).toBe('running');
    await db.actions.done(move, { code: null });
    expect(await refusal('moved')).toBe('moved');
    await db.batches.seal(await requestOf(db, 'moved'));
    expect(await refusal('moved')).toBe('decided');
  });

  test('what is held is not imported, whoever has its message, and is imported once after its release', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await sealed(db, 'a');
    await db.decisions.decide(asked('hold', 'a'));
    expect(await db.batches.show('a')).toMatchObject({ status: 'HELD', reason: 'held by alice: Because.' });
    expect(await db.studies.begin(job)).toEqual({ kind: 'settled' });
    await db.decisions.decide(asked('release', '/data/a'));
    expect(await db.studies.begin(job)).toEqual({ kind: 'settled' });
    const [row] = await db.outbox.claim({ limit: 1, leaseMs: 60_000 });
    expect(row?.batchId).toBe(job.batchId);
    expect(await db.studies.begin({ batchId: job.batchId, outboxId: row?.id ?? '' })).toMatchObject({ kind: 'import' });
    const shown = await db.batches.show('a');
    expect(shown).toMatchObject({ status: 'PROCESSING', reason: null });
    expect(shown?.auditList.map(({ decision, by, from, to }) => [decision, by, from, to])).toEqual([
      ['hold', 'alice', 'NEW', 'HELD'],
      ['release', 'alice', 'HELD', 'NEW'],
    ]);
  });

  test('a batch that is set aside while it is imported keeps nothing of the import', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await started(db, 'a');
    await db.decisions.decide(asked('quarantine', job.batchId));
    expect(await db.studies.commit(resultOf(job))).toMatchObject({ kind: 'already-done' });
    expect(await db.batches.show('a')).toMatchObject({ status: 'QUARANTINED', instances: 0, studyList: [] });
    expect(await db.outbox.count()).toBe(0);
  });

  test('a directory that is held is not sealed until it is released; then the batch has its decisions', async () => {
    await using opened = await engine.open();
    const { db, other } = opened;
    const there = { rootId: await rootId(db), relativePath: 'a', exists: true, identity: '1:2:3' };
    const held = await db.decisions.decide(asked('hold', '/data/a'), there);
    expect(held).toMatchObject({
      kind: 'decided',
      record: { from: 'WAITING', to: 'HELD', batchId: null, root: 'data', path: '/data/a' },
      note: { relativePath: 'a', identity: '1:2:3', decision: { decision: 'hold', by: 'alice', reason: 'Because.' } },
    });
    expect(await other.batches.seal(await requestOf(db, 'a'))).toMatchObject({
      kind: 'kept-back',
      note: { decision: { decision: 'hold' } },
    });
    expect((await db.batches.list({})).results).toEqual([]);
    expect(await db.outbox.count()).toBe(0);
    expect(await db.directories.list()).toMatchObject([{ root: { name: 'data' }, note: { relativePath: 'a' } }]);

    expect(await db.decisions.decide(asked('release', '/data/a'), there)).toMatchObject({
      record: { from: 'HELD', to: 'RELEASED' },
    });
    const outcome = await db.batches.seal(await requestOf(db, 'a', { grade: 'released' }));
    expect(outcome.kind).toBe('sealed');
    const shown = await db.batches.show('a');
    expect(shown?.auditList.map(({ to, batchId }) => [to, batchId])).toEqual([
      ['HELD', shown?.id],
      ['RELEASED', shown?.id],
    ]);
    expect(await db.directories.list()).toEqual([]);
    expect(await db.directories.notes(there.rootId)).toEqual([]);
  });

  test('a seal and a decision that meet leave one truth: a held batch or a held directory', async () => {
    await using opened = await engine.open();
    const { db, other } = opened;
    const root = await rootId(db);
    for (let round = 0; round < 20; round++) {
      const name = `race${round}`;
      const there = { rootId: root, relativePath: name, exists: true, identity: null };
      const request = await requestOf(db, name);
      const [outcome, decided] = await Promise.all([
        other.batches.seal(request),
        db.decisions.decide(asked('hold', `/data/${name}`), there),
      ]);
      const notes = (await db.directories.notes(root)).filter(({ relativePath }) => relativePath === name);
      const batch = await db.batches.show(name);
      const truth = outcome.kind === 'kept-back' ? [1, undefined] : [0, 'HELD'];
      expect([notes.length, batch?.status]).toEqual(truth);
      expect(decided.kind).toBe('decided');
    }
  });

  test('what is remembered of a directory is kept until it is sealed or gone; a person’s hold outlives its going', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const root = await rootId(db);
    const finding = {
      relativePath: 'a',
      outcome: 'hold',
      reason: 'it has no file',
      arrival: 'renamed',
      renamedFiles: 3,
    } as const;
    const first = await db.directories.note(root, { ...finding, identity: '1:2:3' });
    expect(await db.directories.note(root, { ...finding, identity: '1:2:3', reason: 'not yet quiet' })).toEqual({
      ...first,
      reason: 'not yet quiet',
    });
    expect(await db.directories.notes(root, { decided: true })).toEqual([]);
    await db.directories.forget(root, 'a');
    expect(await db.directories.notes(root)).toEqual([]);

    await db.directories.note(root, { ...finding, identity: '1:2:3' });
    await db.decisions.decide(asked('quarantine', '/data/a'), {
      rootId: root,
      relativePath: 'a',
      exists: true,
      identity: null,
    });
    await db.directories.forget(root, 'a');
    expect(await db.directories.notes(root, { decided: true })).toMatchObject([
      { outcome: 'waiting', arrival: 'found', identity: null, decision: { decision: 'quarantine' } },
    ]);
    const gone = { rootId: root, relativePath: 'a', exists: false, identity: null };
    expect(await db.decisions.decide(asked('release', '/data/a'), gone)).toMatchObject({
      record: { from: 'QUARANTINED', to: 'FORGOTTEN' },
      note: undefined,
    });
    expect(await db.directories.notes(root)).toEqual([]);
    expect(await db.decisions.decide(asked('release', '/data/a'), gone)).toEqual({ kind: 'not-found' });
    const { results: audit } = await db.decisions.audit({ ref: '/data/a' });
    expect(audit.map(({ to }) => to)).toEqual(['FORGOTTEN', 'QUARANTINED']);
    expect((await db.decisions.audit({ ref: '/data/b' })).results).toEqual([]);
  });
}

/** One batch in every status, by id. */
/** The files that the actions of a batch place. */
async function placed(db: Database, batchId: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const part of db.actions.files(batchId)) paths.push(...part.map(({ path }) => path));
  return paths;
}

async function batchesByStatus(db: Database): Promise<ReadonlyMap<BatchStatus, string>> {
  const reached = new Map<BatchStatus, string>();
  reached.set('NEW', (await sealed(db, 'new')).batchId);
  const queued = await sealed(db, 'queue');
  await db.outbox.markSent([queued.outboxId], { resendAfterMs: 60_000 });
  reached.set('QUEUE', queued.batchId);
  reached.set('PROCESSING', (await started(db, 'processing')).batchId);
  for (const status of ['DONE', 'EMPTY', 'ERROR'] as const) {
    const job = await started(db, status);
    await db.studies.commit(
      resultOf(job, { status, ...(status === 'EMPTY' ? { studies: [], series: [], instances: [] } : {}) }),
    );
    reached.set(status, job.batchId);
  }
  for (const [status, decision] of [
    ['HELD', 'hold'],
    ['QUARANTINED', 'quarantine'],
  ] as const) {
    const { batchId } = await sealed(db, status);
    await db.decisions.decide(asked(decision, batchId));
    reached.set(status, batchId);
  }
  return reached;
}
