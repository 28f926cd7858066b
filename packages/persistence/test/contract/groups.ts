import type { ImportResult, SealOutcome } from '@sendit/model';
import { expect, test } from 'vitest';
import type { Database } from '../../src/index.ts';
import { type Engine, fileOf, ONE, requestOf, resultOf, rootId, seriesOf, started, study, TWO } from './fixtures.ts';

/** A study of its own for each number, with one series and one instance. */
function apart(number: number, digest = ONE): Partial<ImportResult> {
  const uid = `1.9.${number}`;
  return {
    studies: [{ ...study, studyInstanceUid: uid }],
    series: [seriesOf(`${uid}.1`, uid)],
    instances: [fileOf(`${uid}.1.1`, digest)],
    findings: [],
  };
}

const outcomeOf = (outcome: SealOutcome): string => `${outcome.kind} ${outcome.generation ?? '-'}`;

/** Contract of every engine: what comes together is done together, each with an outcome of its own. */
export function groupsContract(engine: Engine): void {
  test('of directories that are sealed at once each is what it would be by itself', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const root = await rootId(db);
    const signature = { identity: 'x', directories: [] };
    await db.batches.seal(await requestOf(db, 'known'));
    await db.batches.seal(await requestOf(db, 'other', { manifestDigest: 'b' }));
    await db.batches.seal(await requestOf(db, 'old', { manifestDigest: 'c', signature }));
    const held = { rootId: root, relativePath: 'held', exists: true, identity: null };
    await db.decisions.decide({ ref: '/data/held', decision: 'hold', by: 'alice', reason: 'Because.' }, held);
    const released = { ...held, relativePath: 'released' };
    await db.decisions.decide({ ref: '/data/released', decision: 'release', by: 'alice', reason: 'Go.' }, released);
    const requests = await Promise.all([
      requestOf(db, 'new1', { manifestDigest: '1' }),
      requestOf(db, 'known'),
      requestOf(db, 'new2', { manifestDigest: '2' }),
      requestOf(db, 'new2', { manifestDigest: '2' }),
      requestOf(db, 'held', { manifestDigest: '3' }),
      requestOf(db, 'other', { manifestDigest: 'd' }),
      requestOf(db, 'released', { manifestDigest: '4' }),
      requestOf(db, 'renamed', { manifestDigest: 'c', signature }),
      requestOf(db, 'empty', { manifestDigest: '5', files: 0, manifest: [] }),
    ]);
    const outcomes = await Promise.all(requests.map((request) => db.batches.seal(request)));
    expect(outcomes.map(outcomeOf)).toEqual([
      'sealed 1',
      'known 1',
      'sealed 1',
      'known 1',
      'kept-back -',
      'known 1',
      'sealed 1',
      'renamed 1',
      'sealed 1',
    ]);
    const [first, , second, again, , , freed] = outcomes;
    expect(again?.batchId).toBe(second?.batchId);
    expect((await db.batches.list({})).results.map(({ name }) => name)).not.toContain('held');
    expect(await db.outbox.count()).toBe(7);
    const [part] = await readParts(db, first?.batchId ?? '');
    expect(part?.map(({ path }) => path)).toEqual(['1.dcm', '2.dcm']);
    expect(await db.batches.show('new1')).toMatchObject({ status: 'NEW', files: 2, grade: 'renamed' });
    // What a person decided about the directory is the batch's now.
    const { results: audited } = await db.decisions.audit({});
    expect(audited.find(({ decision }) => decision === 'release')?.batchId).toBe(freed?.batchId);
    expect((await db.directories.notes(root)).map(({ relativePath }) => relativePath)).toEqual(['held']);
  });

  test('of many seals from two connections at once each directory has one', async () => {
    await using opened = await engine.open();
    const { db, other } = opened;
    const names = Array.from({ length: 30 }, (_, index) => `d${index}`);
    const requests = await Promise.all(names.map((name) => requestOf(db, name, { manifestDigest: name })));
    const outcomes = await Promise.all([
      ...requests.map((request) => db.batches.seal(request)),
      ...requests.toReversed().map((request) => other.batches.seal(request)),
    ]);
    expect(outcomes.filter(({ kind }) => kind === 'sealed').length).toBe(30);
    expect(outcomes.filter(({ kind }) => kind === 'known').length).toBe(30);
    expect(await db.outbox.count()).toBe(30);
  });

  test('of imports that begin at once each is told its own, two runs of one are two attempts, and one that is held is settled', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const jobs: { batchId: string; outboxId: string }[] = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      const outcome = await db.batches.seal(await requestOf(db, name, { manifestDigest: name }));
      const rows = await db.outbox.claim({ limit: 10, leaseMs: 60_000 });
      jobs.push({ batchId: outcome.batchId ?? '', outboxId: rows[0]?.id ?? '' });
    }
    await db.decisions.decide({ ref: jobs[2]?.batchId ?? '', decision: 'hold', by: 'alice', reason: 'Because.' });
    const [a, b, c, d] = jobs;
    const other = { batchId: d?.batchId ?? '', outboxId: crypto.randomUUID() };
    const asked = [a, b, a, c, other, d].flatMap((job) => job ?? []);
    const outcomes = await Promise.all(asked.map((job) => db.studies.begin(job)));
    const told = outcomes.map((outcome) =>
      outcome.kind === 'import' ? `${outcome.batch.name} ${outcome.attempt} ${outcome.manifest?.length}` : outcome.kind,
    );
    expect(told).toEqual(['a 1 2', 'b 1 2', 'a 2 2', 'settled', 'settled', 'd 1 2']);
    // The message of the one that is held went; the one that names another message did nothing.
    expect(await db.outbox.count()).toBe(3);
  });

  test('imports that end at once are each whole, and one that cannot be written harms no neighbour', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    await db.studies.commit(resultOf(await started(db, 'before'), apart(0)));
    const jobs: { batchId: string; outboxId: string }[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) jobs.push(await started(db, name));
    const job = (index: number) => jobs[index] ?? { batchId: '', outboxId: '' };
    const missing = { ...apart(7), instances: [{ ...fileOf('1.9.7.1.1', ONE), series: 5 }] };
    const nothing = { status: 'EMPTY', studies: [], series: [], instances: [], findings: [] } as const;
    const error = { code: 'unreadable', severity: 'error', path: null, message: 'No.' } as const;
    const outcomes = await Promise.allSettled(
      [
        resultOf(job(0), apart(1)),
        resultOf(job(1), apart(0)),
        resultOf(job(2), apart(0, TWO)),
        resultOf(job(0), apart(1)),
        resultOf(job(3), missing),
        resultOf(job(4), { ...apart(4), status: 'ERROR', reason: 'No.', findings: [error] }),
        resultOf(job(5), nothing),
        resultOf(job(6), { ...apart(6), attempt: 2 }),
        resultOf(job(7), apart(8)),
      ].map((result) => db.studies.commit(result)),
    );
    const told = outcomes.map((one) =>
      one.status === 'rejected' ? 'rejected' : one.value.kind === 'committed' ? one.value.status : one.value.kind,
    );
    expect(told).toEqual([
      'DONE',
      'DONE',
      'EMPTY',
      'already-done',
      'rejected',
      'ERROR',
      'EMPTY',
      'already-done',
      'DONE',
    ]);
    const shown = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => db.batches.show(name)));
    expect(shown.map((batch) => [batch?.status, batch?.instances, batch?.duplicates])).toEqual([
      ['DONE', 1, 0],
      ['DONE', 1, 1],
      ['EMPTY', 0, 0],
      ['PROCESSING', 0, 0],
      ['ERROR', 1, 0],
      ['EMPTY', 0, 0],
      ['PROCESSING', 0, 0],
      ['DONE', 1, 0],
    ]);
    expect(shown[4]).toMatchObject({ reason: 'No.', findings: 1, studies: 1, series: 1 });
    expect(await db.outbox.count()).toBe(2);
  });

  test('plain imports that end while another is written are committed as one', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const names = Array.from({ length: 8 }, (_, index) => `plain${index}`);
    const jobs = [];
    for (const name of names) jobs.push(await started(db, name));
    await Promise.all(jobs.map((job, index) => db.studies.commit(resultOf(job, apart(20 + index)))));
    const [, ...together] = await Promise.all(names.map((name) => db.batches.show(name)));
    expect(together.map((batch) => batch?.status)).toEqual(together.map(() => 'DONE'));
    // The time of a transaction is that of its begin.
    expect(new Set(together.map((batch) => batch?.finishedAt)).size).toBe(1);
  });

  test('imports of one study that end at once share its row; what one says otherwise is kept beside, and found', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const jobs = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) jobs.push(await started(db, name));
    const results = jobs.map((job, index) => {
      const series = seriesOf(`1.2.3.${index}`);
      const said = index === 3 ? { ...study, patientName: 'Roe^John' } : study;
      return resultOf(job, {
        studies: [said],
        series: [series, seriesOf('no uid')],
        instances: [fileOf(`1.2.3.${index}.1`, ONE), { ...fileOf(`1.2.3.${index}.2`, ONE), series: 1 }],
        findings: [],
      });
    });
    const outcomes = await Promise.all(results.map((result) => db.studies.commit(result)));
    expect(outcomes.map((outcome) => outcome.kind === 'committed' && outcome.findings)).toEqual([0, 0, 0, 1, 0]);
    const [first, second, , fourth] = await Promise.all(['a', 'b', 'c', 'd'].map((name) => db.batches.show(name)));
    expect(second).toMatchObject({ studies: 1, series: 2, instances: 2 });
    expect(first).toMatchObject({ studies: 1, series: 2, instances: 2 });
    expect(fourth?.findingList.map(({ code }) => code)).toEqual(['patient-differs']);
  });

  test('actions of imports that end at once are each planned', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const plan = {
      onDone: [
        { name: 'first', kind: 'exec' },
        { name: 'second', kind: 'copy' },
      ],
      onFailed: [{ name: 'sorry', kind: 'exec' }],
    } as const;
    await db.roots.planActions(await rootId(db), plan);
    const jobs = [];
    for (const name of ['a', 'b', 'c']) jobs.push(await started(db, name));
    await Promise.all(
      jobs.map((job, index) =>
        db.studies.commit(
          resultOf(job, index === 2 ? { ...apart(index), status: 'ERROR', reason: 'No.' } : apart(index)),
        ),
      ),
    );
    const names = async (name: string) => (await db.batches.show(name))?.actionList.map((action) => action.name);
    expect([await names('a'), await names('b'), await names('c')]).toEqual([
      ['first', 'second'],
      ['first', 'second'],
      ['sorry'],
    ]);
    const due = await db.outbox.claim({ limit: 100, leaseMs: 60_000, handOnOf: await rootId(db) });
    expect(due.length).toBe(3);
  });

  test('imports that share nothing but their time, from two connections, end without a circle', async () => {
    await using opened = await engine.open();
    const { db, other } = opened;
    const jobs = [];
    for (let index = 0; index < 20; index += 1) jobs.push(await started(db, `d${index}`));
    // In pairs of one study, each pair on both connections, in orders that cross.
    const results = jobs.map((job, index) => {
      const uid = `1.9.${index >> 1}`;
      return resultOf(job, {
        studies: [{ ...study, studyInstanceUid: uid }],
        series: [seriesOf(`${uid}.1`, uid)],
        instances: [fileOf(`${uid}.1.${index}`, ONE)],
        findings: [],
      });
    });
    const outcomes = await Promise.all([
      ...results.filter((_, index) => index % 2 === 0).map((result) => db.studies.commit(result)),
      ...results
        .filter((_, index) => index % 2 === 1)
        .toReversed()
        .map((result) => other.studies.commit(result)),
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(outcomes.map(() => 'committed'));
    expect((await db.batches.list({ status: ['DONE'] })).count).toBe(20);
  });
}

async function readParts(db: Database, batchId: string) {
  const parts = [];
  for await (const part of db.batches.manifest(batchId)) parts.push(part);
  return parts;
}
