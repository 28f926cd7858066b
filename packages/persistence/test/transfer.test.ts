import { join } from 'node:path';
import { describeWith, openMemoryDir, type SharedPostgres, sharedPostgres, type TempDir } from '@sendit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../src/index.ts';
import { instanceOf, requestOf, resultOf, rootId, sealed, started } from './contract/fixtures.ts';

/** Big numbers, bytes, nulls, text of every kind; batches in every stage. */
async function fill(db: Database): Promise<void> {
  await db.roots.planActions(await rootId(db), { onDone: [{ name: 'tell', kind: 'webhook' }], onFailed: [] });
  await db.studies.commit(resultOf(await started(db, 'done')));
  await started(db, 'running');
  await sealed(db, 'sent');
  const rawPath = new Uint8Array([0xff, 0x0a, 0x5c]);
  const manifest = [
    { path: '\uFFFD\n\\ "ä"\u2028', rawPath, bytes: 1, mtimeNs: -1n, inode: 18_446_744_073_709_551_615n },
  ];
  await db.batches.seal(await requestOf(db, 'new', { files: 1, bytes: 1, manifest }));
  await db.directories.note(await rootId(db), {
    relativePath: 'waiting',
    outcome: 'hold',
    reason: 'waits',
    arrival: 'created',
    renamedFiles: null,
    identity: '1:2',
  });
}

/** Every action that is due is done. */
async function finishActions(db: Database): Promise<void> {
  const root = await rootId(db);
  for (const { batchId, id } of await db.outbox.claim({ limit: 100, leaseMs: 60_000, handOnOf: root })) {
    await db.actions.begin({ batchId, outboxId: id });
    await db.actions.done({ batchId, outboxId: id }, { code: null });
  }
}

async function toLines(db: Database): Promise<string[]> {
  let text = '';
  await db.exportRows(async (lines) => {
    text += lines;
  });
  return text.trimEnd().split('\n');
}

/** Messages of an import are due at another time. */
function withoutDue(lines: readonly string[]): readonly string[] {
  return lines
    .map((line) => line.replace(/"due_at":"[^"]*"/, '"due_at":""').replace(/"due_at":null/, '"due_at":null'))
    .sort();
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

describeWith(['postgres'], 'from one engine to the other', () => {
  let server: SharedPostgres;
  let directory: TempDir;
  let count = 0;
  beforeAll(async () => {
    [server, directory] = await Promise.all([sharedPostgres(), openMemoryDir()]);
  });
  afterAll(async () => {
    await Promise.all([server[Symbol.asyncDispose](), directory[Symbol.asyncDispose]()]);
  });
  const open = async (kind: 'embedded' | 'postgres'): Promise<Database> =>
    openDatabase(
      kind === 'embedded'
        ? { kind, directory: join(directory.path, `database-${(count += 1)}`) }
        : { kind, url: await server.createDatabase() },
    );

  test.each([
    ['embedded', 'postgres'],
    ['postgres', 'embedded'],
    ['postgres', 'postgres'],
  ] as const)('from %s to %s every row comes over as it was, and the work goes on', async (from, to) => {
    await using source = await open(from);
    await fill(source);
    const lines = await toLines(source);
    await using target = await open(to);
    const told: string[] = [];
    const counts = await target.importRows(each(lines), { onProgress: (table, rows) => told.push(`${table} ${rows}`) });
    expect(counts).toMatchObject({ roots: 1, batches: 4, instances: 2, actions: 1, outbox: 4, directories: 1 });
    expect(told).toContain('batches 4');
    expect(withoutDue(await toLines(target))).toEqual(withoutDue(lines));
    expect(await target.batches.list({})).toEqual(await source.batches.list({}));
    // What was under way is sent again; new rows get new numbers.
    const due = await target.outbox.claim({ limit: 10, leaseMs: 60_000 });
    expect(due.map(({ kind }) => kind)).toEqual(['import-dicomdir', 'import-dicomdir', 'import-dicomdir']);
    for (const { batchId, id } of due) {
      const job = { batchId, outboxId: id };
      const begun = await target.studies.begin(job);
      if (begun.kind !== 'import') throw new Error('expected an import');
      await target.studies.commit({ ...resultOf(job), attempt: begun.attempt });
    }
    expect((await target.batches.list({})).results.map(({ status }) => status)).toEqual([
      'DONE',
      'DONE',
      'DONE',
      'DONE',
    ]);
    const outcome = await target.batches.seal(await requestOf(target, 'after'));
    expect(outcome).toMatchObject({ kind: 'sealed', batchId: '5' });
    expect(await target.batches.seal(await requestOf(target, 'done'))).toMatchObject({ kind: 'known' });
  });

  test.each([
    ['embedded', 'postgres'],
    ['postgres', 'embedded'],
  ] as const)('from %s to %s what was pruned is known again there', async (from, to) => {
    await using source = await open(from);
    await fill(source);
    const pruning = { endedBefore: '2999-01-01T00:00:00.000Z', dryRun: false, limit: 100 };
    await source.studies.commit(resultOf(await started(source, 'old'), { instances: [instanceOf('1.2.3.4')] }));
    await finishActions(source);
    expect(await source.batches.prune(pruning)).toMatchObject({ batches: 2 });
    const lines = await toLines(source);
    await using target = await open(to);
    await target.importRows(each(lines));
    expect(withoutDue(await toLines(target))).toEqual(withoutDue(lines));
    expect(await target.batches.prune(pruning)).toMatchObject({ batches: 0 });
    expect(await target.batches.seal(await requestOf(target, 'old'))).toMatchObject({ kind: 'known', changed: false });
    const again = await started(target, 'again');
    await target.studies.commit(resultOf(again, { instances: [instanceOf('1.2.3.4')] }));
    expect(await target.batches.show(again.batchId)).toMatchObject({ duplicates: 1 });
  });

  test('anything but a whole export is refused, and nothing is written', async () => {
    await using source = await open('postgres');
    await fill(source);
    const lines = await toLines(source);
    await using target = await open('postgres');
    const wrong: readonly (readonly [string, readonly string[]])[] = [
      ['cut', lines.slice(0, -1)],
      ['empty', []],
      ['a row left out', lines.filter((line) => !line.includes('"waiting"'))],
      ['something after the end', [...lines, '{}']],
      ['another head', ['{"sendit":"export","format":2}', ...lines.slice(1)]],
      ['no head', lines.slice(1)],
      ['an unknown table', [lines[0] ?? '', '{"table":"pg_class","columns":["oid"]}', ...lines.slice(1)]],
      ['rows before a table', [lines[0] ?? '', '{"id":1}', ...lines.slice(1)]],
      ['no JSON', [lines[0] ?? '', '{"table":', ...lines.slice(1)]],
    ];
    for (const [what, given] of wrong) {
      const thrown: unknown = await target.importRows(each(given)).catch((error: unknown) => error);
      expect({ what, thrown }).toMatchObject({ what, thrown: { code: 'bad-arguments' } });
    }
    const older = lines.with(0, (lines[0] ?? '').replace(/"\d+_\w+"\]/, '"9999_else"]'));
    await expect(target.importRows(each(older))).rejects.toThrow('same migrations');
    expect((await target.batches.list({})).results).toEqual([]);
    await target.importRows(each(lines));
    await expect(target.importRows(each(lines))).rejects.toMatchObject({ code: 'refused' });
  });
});
