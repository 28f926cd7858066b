import type { LatePolicy, ManifestFile } from '@sendit/model';
import { describe, expect, test } from 'vitest';
import { type Engine, partsOf, requestOf, resultOf, rootId, started } from './fixtures.ts';

/** Contract of every engine: sealing. */
export function sealingContract(engine: Engine): void {
  test('a directory is sealed once, with one message, and is known afterwards', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const first = await db.batches.seal(await requestOf(db, 'a'));
    const again = await db.batches.seal(await requestOf(db, 'a'));
    expect(first).toMatchObject({ kind: 'sealed', generation: 1 });
    expect(again).toEqual({
      kind: 'known',
      batchId: first.batchId,
      generation: 1,
      status: 'NEW',
      changed: false,
      isLate: false,
    });
    expect(await db.outbox.count()).toBe(1);
  });

  test('what was sealed is read back file by file, in order, whatever the bytes of the names', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const many = Array.from({ length: 12_001 }, (_, index) => ({
      path: `IM${String(index).padStart(6, '0')}`,
      bytes: index,
      mtimeNs: 1_700_000_000_123_456_789n + BigInt(index),
      inode: 2n ** 63n + BigInt(index),
    }));
    const odd = { path: 'f\ufffd', rawPath: Buffer.from([0x66, 0xe9]), bytes: 1, mtimeNs: -1n, inode: 1n };
    const manifest = [...many, odd];
    const { batchId } = await db.batches.seal(await requestOf(db, 'a', { manifest }));
    const other = await db.batches.seal(await requestOf(db, 'b'));
    const parts = await partsOf(db, batchId);
    expect(parts.flat()).toEqual(manifest);
    expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(5_000);
    expect((await partsOf(db, other.batchId)).flat()).toHaveLength(2);
    expect(await partsOf(db, '4711')).toEqual([]);
  });

  test('a directory that is known keeps the files that were sealed', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const { batchId } = await db.batches.seal(await requestOf(db, 'a'));
    const before = await partsOf(db, batchId);
    await db.batches.seal(await requestOf(db, 'a', { manifestDigest: 'b', manifest: [] }));
    expect(await partsOf(db, batchId)).toEqual(before);
  });

  const file = (path: string, bytes: number) => ({ path, bytes, mtimeNs: 1n, inode: 1n });
  const before = { manifestDigest: 'a', manifest: [file('a', 1), file('b', 1)], files: 2, bytes: 2 };
  const after = { manifestDigest: 'b', manifest: [file('b', 2), file('c', 3)], files: 2, bytes: 5 };

  test('late files under `amend` are the next generation: the new and the changed ones', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const first = await db.batches.seal(await requestOf(db, 'a', before));
    const second = await db.batches.seal(await requestOf(db, 'a', { ...after, late: 'amend' }));
    expect(second).toMatchObject({ kind: 'sealed', generation: 2 });
    expect((await partsOf(db, second.batchId ?? '')).flat()).toEqual([file('b', 2), file('c', 3)]);
    expect(await db.batches.show(first.batchId ?? '')).toMatchObject({ lateChanges: 1, isDelta: false, files: 2 });
    const third = {
      ...after,
      manifestDigest: 'c',
      manifest: [...after.manifest, file('d', 4)],
      late: 'amend' as const,
    };
    const amended = await db.batches.seal(await requestOf(db, 'a', third));
    // Held against both generations before it: `b` as the second has it, nothing of the first.
    expect((await partsOf(db, amended.batchId ?? '')).flat()).toEqual([file('d', 4)]);
    expect(await db.batches.show('a')).toMatchObject({ generation: 3, isDelta: true, files: 1, bytes: 4 });
    expect(await db.batches.seal(await requestOf(db, 'a', third))).toMatchObject({ kind: 'known', changed: false });
    expect(await db.outbox.count()).toBe(3);
  });

  test('late files under `whole` are the whole directory again, under `hold` it waits for a person', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    for (const name of ['a', 'b']) await db.batches.seal(await requestOf(db, name, before));
    expect(await db.batches.seal(await requestOf(db, 'a', { ...after, late: 'whole' }))).toMatchObject({
      generation: 2,
    });
    expect(await db.batches.show('a')).toMatchObject({ status: 'NEW', files: 2, isDelta: false });
    const held = await db.batches.seal(await requestOf(db, 'b', { ...after, late: 'hold' }));
    expect(held).toMatchObject({ kind: 'held', generation: 2 });
    expect(await db.batches.show('b')).toMatchObject({
      status: 'HELD',
      reason: expect.stringContaining('after the seal'),
    });
    expect(await db.outbox.count()).toBe(3);
    expect(await db.batches.retry('b')).toMatchObject({ kind: 'queued' });
    expect((await partsOf(db, held.batchId ?? '')).flat()).toEqual(after.manifest);
  });

  describe('a sealed directory that is renamed', () => {
    const signature = (identity: string) => ({ identity, directories: [['', 's'] as const] });
    const one = { ...before, signature: signature('one') };

    test('is moved from where it lies to the target of its sealed name, which no other batch has', async () => {
      await using opened = await engine.open();
      const { db } = opened;
      const root = await rootId(db);
      await db.roots.planActions(root, { onDone: [{ name: 'away', kind: 'move' }], onFailed: [] });
      await db.batches.seal(await requestOf(db, 'a', one));
      await db.batches.markVanished(root, 'a');
      await db.batches.seal(await requestOf(db, 'b', one));
      const [row] = await db.outbox.claim({ limit: 1, leaseMs: 60_000 });
      const job = { batchId: row?.batchId ?? '', outboxId: row?.id ?? '' };
      await db.studies.begin(job);
      await db.studies.commit(resultOf(job, { attempt: 1 }));
      const [away] = await db.outbox.claim({ limit: 1, leaseMs: 60_000, handOnOf: root });
      expect(await db.actions.begin({ batchId: job.batchId, outboxId: away?.id ?? '' })).toMatchObject({
        attempt: { name: 'away', relativePath: 'a', batch: { path: '/data/b', generation: 1 } },
      });
    });

    test('is its batch under another name: looks, decisions, its import and its path follow', async () => {
      await using opened = await engine.open();
      const { db } = opened;
      const root = await rootId(db);
      const { batchId } = await db.batches.seal(await requestOf(db, 'a', one));
      await db.batches.markVanished(root, 'a');
      expect(await db.batches.seal(await requestOf(db, 'b', one))).toEqual({
        kind: 'renamed',
        batchId,
        generation: 1,
        from: 'a',
        isLate: false,
      });
      expect(await db.outbox.count()).toBe(1);
      const known = await db.batches.findKnown(root, ['a', 'b']);
      expect([known.get('a')?.vanished, known.get('b')]).toMatchObject([true, { batchId, vanished: false }]);
      expect(await db.batches.listThere(root, { after: '', limit: 5 })).toEqual(['b']);
      expect(await db.batches.show('/data/b')).toMatchObject({ id: batchId, path: '/data/a', renamedTo: '/data/b' });
      const [row] = await db.outbox.claim({ limit: 1, leaseMs: 60_000 });
      const job = { batchId: row?.batchId ?? '', outboxId: row?.id ?? '' };
      expect(await db.studies.begin(job)).toMatchObject({ kind: 'import', batch: { path: '/data/b' } });
      // Told once, and known from then on.
      expect(await db.batches.seal(await requestOf(db, 'b', one))).toMatchObject({ kind: 'known', changed: false });
      await db.batches.markVanished(root, 'a');
      expect((await db.batches.findKnown(root, ['b'])).get('b')?.vanished).toBe(false);
    });

    test('leaves its old name to the next generation, and takes it back when it has it again', async () => {
      await using opened = await engine.open();
      const { db } = opened;
      const root = await rootId(db);
      const { batchId } = await db.batches.seal(await requestOf(db, 'a', one));
      await db.batches.seal(await requestOf(db, 'b', one));
      const again = await requestOf(db, 'a', { ...after, signature: signature('two') });
      expect(await db.batches.seal(again)).toMatchObject({ kind: 'sealed', generation: 2 });
      expect(await db.batches.listThere(root, { after: '', limit: 5 })).toEqual(['a', 'b']);
      expect(await db.batches.show(batchId ?? '')).toMatchObject({ renamedTo: '/data/b' });
      // The same files under the old name as well: nothing new, and `b` keeps its batch.
      await using other = await engine.open();
      await other.db.batches.seal(await requestOf(other.db, 'a', one));
      await other.db.batches.seal(await requestOf(other.db, 'b', one));
      const copy = await requestOf(other.db, 'a', { ...one, signature: signature('copy') });
      expect(await other.db.batches.seal(copy)).toMatchObject({ kind: 'known', changed: false });
      const otherRoot = await rootId(other.db);
      expect((await other.db.batches.findKnown(otherRoot, ['b'])).get('b')?.vanished).toBe(false);
      expect(await other.db.batches.seal(await requestOf(other.db, 'a', one))).toMatchObject({ kind: 'known' });
      expect(await other.db.batches.show('a')).toMatchObject({ renamedTo: null });
    });

    test('with other files, or an inode that is used again, is a batch of its own', async () => {
      await using opened = await engine.open();
      const { db } = opened;
      await db.batches.seal(await requestOf(db, 'a', one));
      const others = { ...after, signature: signature('one') };
      expect(await db.batches.seal(await requestOf(db, 'b', others))).toMatchObject({ kind: 'sealed', generation: 1 });
      const reused = { ...before, signature: signature('three') };
      expect(await db.batches.seal(await requestOf(db, 'c', reused))).toMatchObject({ kind: 'sealed', generation: 1 });
      expect(await db.outbox.count()).toBe(3);
    });

    test('and then changes is the next generation of its new name, whole', async () => {
      await using opened = await engine.open();
      const { db } = opened;
      const root = await rootId(db);
      await db.batches.seal(await requestOf(db, 'a', one));
      await db.batches.seal(await requestOf(db, 'b', one));
      const more = { ...after, signature: signature('one'), late: 'amend' as const };
      const next = await db.batches.seal(await requestOf(db, 'b', more));
      expect(next).toMatchObject({ kind: 'sealed', generation: 1, isLate: true });
      expect((await partsOf(db, next.batchId)).flat()).toEqual(after.manifest);
      expect(await db.batches.listThere(root, { after: '', limit: 5 })).toEqual(['b']);
      expect((await db.batches.findKnown(root, ['b'])).get('b')?.batchId).toBe(next.batchId);
    });
  });

  test('what was left as it is stays so under another policy, until more comes', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const { batchId } = await db.batches.seal(await requestOf(db, 'a', before));
    expect(await db.batches.seal(await requestOf(db, 'a', after))).toMatchObject({ kind: 'known', isLate: true });
    expect(await db.batches.countLate()).toBe(1);
    await db.decisions.decide({ ref: 'a', decision: 'acknowledge', by: 'alice', reason: 'a second scout' });
    expect(await db.batches.countLate()).toBe(0);
    await db.batches.seal(await requestOf(db, 'other'));
    expect((await db.batches.list({ late: true })).results.map(({ isLate, name }) => [name, isLate])).toEqual([
      ['a', true],
    ]);
    const seen = { manifestDigest: 'b', signature: null, late: 'amend' as const };
    expect(await db.batches.noteSeen(batchId ?? '', seen)).toEqual({ kind: 'late', isNew: false, isLeft: true });
    const again = await db.batches.seal(await requestOf(db, 'a', { ...after, late: 'amend' }));
    expect(again).toMatchObject({ kind: 'known', generation: 1, isLate: false });
    const more = { ...after, manifestDigest: 'c', manifest: [...after.manifest, file('d', 4)], late: 'amend' as const };
    expect(await db.batches.noteSeen(batchId ?? '', { ...seen, manifestDigest: 'c' })).toEqual({
      kind: 'late',
      isNew: true,
      isLeft: false,
    });
    expect(await db.batches.seal(await requestOf(db, 'a', more))).toMatchObject({ kind: 'sealed', generation: 2 });
    expect(await db.batches.countLate()).toBe(0);
  });

  test('what a person wants amended is listed, and is the next generation whatever the policy says', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const root = await rootId(db);
    const { batchId } = await db.batches.seal(await requestOf(db, 'a', before));
    const asked = { ref: 'a', decision: 'amend', by: 'jo', reason: 'late slices' } as const;
    expect(await db.decisions.decide(asked)).toMatchObject({ kind: 'refused' });
    await db.batches.seal(await requestOf(db, 'a', after));
    expect(await db.batches.listAmending(root)).toEqual([]);
    expect(await db.decisions.decide(asked)).toMatchObject({
      kind: 'decided',
      record: { decision: 'amend', from: 'NEW', to: 'NEW', batchId },
    });
    expect(await db.batches.listAmending(root)).toEqual(['a']);
    const seen = { manifestDigest: 'b', signature: null, late: 'ignore' as const };
    expect(await db.batches.noteSeen(batchId ?? '', seen)).toEqual({ kind: 'late', isNew: false, isLeft: false });
    const next = await db.batches.seal(await requestOf(db, 'a', after));
    expect(next).toMatchObject({ kind: 'sealed', generation: 2 });
    expect((await partsOf(db, next.batchId)).flat()).toEqual([file('b', 2), file('c', 3)]);
    expect(await db.batches.listAmending(root)).toEqual([]);
    expect(await db.batches.countLate()).toBe(0);
  });

  test('an EMPTY batch that is retried is looked at again: what has come since is the next generation under any policy', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await started(db, 'a');
    await db.studies.commit(resultOf(job, { status: 'EMPTY', instances: [], series: [], studies: [] }));
    expect(await db.batches.seal(await requestOf(db, 'a', after))).toMatchObject({ kind: 'known', changed: true });
    expect(await db.batches.retry('a')).toMatchObject({ kind: 'queued' });
    const root = await rootId(db);
    expect((await db.batches.findKnown(root, ['a'])).get('a')).toMatchObject({ isWaiting: true });
    const seen = { manifestDigest: after.manifestDigest ?? '', signature: null, late: 'ignore' as const };
    expect(await db.batches.noteSeen(job.batchId, seen)).toMatchObject({ kind: 'late', isLeft: false });
    expect(await db.batches.seal(await requestOf(db, 'a', after))).toMatchObject({ kind: 'sealed', generation: 2 });
    expect((await db.batches.findKnown(root, ['a'])).get('a')).toMatchObject({ isWaiting: false });
  });

  test('files that only went away make no generation under any policy', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    await db.batches.seal(await requestOf(db, 'a', before));
    for (const late of ['ignore', 'amend', 'whole', 'hold'] as const) {
      const less = { manifestDigest: 'less', manifest: [file('a', 1)], late };
      expect(await db.batches.seal(await requestOf(db, 'a', less))).toMatchObject({ kind: 'known', changed: true });
    }
    expect(await db.batches.show('a')).toMatchObject({ generation: 1, lateChanges: 1 });
  });

  test('a series none of whose sealed files is left went away; one that keeps a file, or was written in place, did not', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const key = 'series/1.2.3';
    const request = (manifestDigest: string, manifest: readonly ManifestFile[]) =>
      requestOf(db, key, { unit: 'series', path: '/data', name: key, manifestDigest, manifest });
    const born = (one: ManifestFile, hours: number): ManifestFile => ({
      ...one,
      bornNs: BigInt(Date.now() + hours * 3_600_000) * 1_000_000n,
    });
    const [a, b] = [born(file('a', 1), -1), born(file('b', 2), -1)];
    const { batchId } = await db.batches.seal(await request('1', [a, b]));
    const see = async (manifestDigest: string, manifest: readonly ManifestFile[]) =>
      (await db.batches.noteSeen(batchId ?? '', { manifestDigest, signature: null, late: 'ignore', manifest })).kind;
    const written = { ...b, mtimeNs: b.mtimeNs + 1n };
    const others = [born({ ...file('c', 1), inode: a.inode }, 1)];
    const again = [born(a, 1), born(written, 1)];
    expect(await see('2', [b, born(file('c', 3), 1)])).toBe('late');
    expect(await see('3', [written])).toBe('late');
    expect(await see('4', others)).toBe('replaced');
    expect(await see('5', again)).toBe('replaced');
    expect(await db.batches.seal(await request('3', [written]))).toMatchObject({ kind: 'known', changed: true });
    expect(await db.batches.seal(await request('5', again))).toMatchObject({ kind: 'sealed', generation: 2 });
  });

  test('a look at what is recorded tells what became of it, and seals nothing', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const root = await rootId(db);
    const signature = (identity: string, stamp: string) => ({ identity, directories: [['', stamp] as const] });
    const sealed = await db.batches.seal(await requestOf(db, 'a', { ...before, signature: signature('one', 's1') }));
    const batchId = sealed.batchId ?? '';
    const see = (manifestDigest: string, seen: ReturnType<typeof signature>, late: LatePolicy = 'ignore') =>
      db.batches.noteSeen(batchId, { manifestDigest, signature: seen, late });
    const kept = async () => (await db.batches.findKnown(root, ['a'])).get('a')?.signature;
    expect(await see('a', signature('one', 's2'))).toEqual({ kind: 'unchanged' });
    expect(await kept()).toEqual(signature('one', 's2'));
    expect(await see('b', signature('two', 's3'))).toEqual({ kind: 'replaced' });
    expect(await see('b', signature('one', 's3'), 'amend')).toEqual({ kind: 'late', isNew: true, isLeft: false });
    expect(await kept()).toEqual(signature('one', 's2'));
    expect(await see('b', signature('one', 's3'))).toEqual({ kind: 'late', isNew: false, isLeft: true });
    expect(await kept()).toEqual(signature('one', 's3'));
    expect(await db.batches.show('a')).toMatchObject({ generation: 1, lateChanges: 1 });
    expect(await db.outbox.count()).toBe(1);
  });

  test('a unit is a batch under its key, found by key or UID, and its import is told that other files lie beside its own', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const key = 'series/1.2.840.1';
    const unit = await requestOf(db, key, { unit: 'series', path: '/data', name: key });
    const { batchId } = await db.batches.seal(unit);
    const directory = await db.batches.seal(await requestOf(db, '1.2.840'));
    expect(await db.batches.seal(unit)).toMatchObject({ kind: 'known', batchId });
    for (const ref of [key, '1.2.840.1'])
      expect(await db.batches.show(ref)).toMatchObject({ id: batchId, path: '/data' });
    expect(await db.batches.show('1.2.840')).toMatchObject({ id: directory.batchId });
    expect(await db.batches.show('/data')).toBeUndefined();
    expect((await db.batches.findKnown(unit.rootId, [key])).get(key)).toMatchObject({ batchId });
    const messages = await db.outbox.claim({ limit: 10, leaseMs: 60_000 });
    const begun = await Promise.all(
      messages.map((row) => db.studies.begin({ batchId: row.batchId, outboxId: row.id })),
    );
    expect(begun).toMatchObject([
      { kind: 'import', batch: { path: '/data', name: key, isWhole: false } },
      { kind: 'import', batch: { path: '/data/1.2.840', isWhole: true } },
    ]);
  });

  test('of many seals of one directory at once, from two connections, one seals', async () => {
    await using opened = await engine.open();
    const { db, other } = opened;
    const requests = await Promise.all(Array.from({ length: 5 }, (_, index) => requestOf(db, `race${index}`)));
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, index) => {
        const request = requests[index % requests.length];
        if (request === undefined) throw new Error('no request');
        return (index % 2 === 0 ? db : other).batches.seal(request);
      }),
    );
    expect(outcomes.filter((outcome) => outcome.kind === 'sealed')).toHaveLength(5);
    expect(new Set(outcomes.map((outcome) => outcome.batchId)).size).toBe(5);
    expect(await db.outbox.count()).toBe(5);
  });

  test('other content after a disappearance is the next generation, the same content is not', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const root = await rootId(db);
    const first = await db.batches.seal(await requestOf(db, 'a'));
    await db.batches.markVanished(root, 'a');
    await db.batches.markVanished(root, 'a');
    expect((await db.batches.findKnown(root, ['a', 'b'])).get('a')).toEqual({
      batchId: first.batchId,
      status: 'NEW',
      manifestDigest: 'a',
      vanished: true,
      signature: null,
      isWaiting: false,
    });
    expect(await db.batches.seal(await requestOf(db, 'a'))).toMatchObject({ kind: 'known', changed: false });
    expect(await db.batches.seal(await requestOf(db, 'a', { manifestDigest: 'b' }))).toMatchObject({ changed: true });
    await db.batches.markVanished(root, 'a');
    const second = await db.batches.seal(await requestOf(db, 'a', { manifestDigest: 'b' }));
    expect(second).toMatchObject({ kind: 'sealed', generation: 2 });
    const known = await db.batches.findKnown(root, ['a', 'never']);
    expect([...known.keys()]).toEqual(['a']);
    expect(known.get('a')).toMatchObject({ batchId: second.batchId, vanished: false });
    expect(await db.batches.show('a')).toMatchObject({ id: second.batchId, generation: 2 });
  });

  test('one path under two roots is two batches', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const other = await db.roots.upsert({ name: 'other', path: '/other' });
    await db.batches.seal(await requestOf(db, 'a'));
    const second = await db.batches.seal(await requestOf(db, 'a', { rootId: other.id, path: '/other/a' }));
    expect(second.kind).toBe('sealed');
    expect((await db.batches.list({ root: 'other' })).results).toHaveLength(1);
    expect((await db.batches.show('/data/a'))?.root).toBe('data');
  });

  test('a root keeps its id under its name when its path changes', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const first = await db.roots.upsert({ name: 'data', path: '/data' });
    expect(await db.roots.upsert({ name: 'data', path: '/mnt/data' })).toEqual({ ...first, path: '/mnt/data' });
    expect(await db.roots.list()).toHaveLength(1);
  });

  test('batches are listed newest first, by status and root, up to a limit', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    for (const name of ['a', 'b', 'c']) await db.batches.seal(await requestOf(db, name));
    expect((await db.batches.list({ limit: 2 })).results.map((batch) => batch.name)).toEqual(['c', 'b']);
    expect((await db.batches.list({ status: ['DONE'] })).results).toEqual([]);
    expect((await db.batches.list({ root: 'nowhere' })).results).toEqual([]);
  });
}
