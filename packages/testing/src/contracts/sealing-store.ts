import type { DirectoryNote, SeenDirectory } from '@sendit/model';
import { describe, expect, test } from 'vitest';
import { exchangedFilesContract } from './exchanged-files.ts';
import { AFTER, BEFORE, begin, type Content, LESS, MORE, signed, type StoreUnderTest } from './store-under-test.ts';

/** The contract of a store of sealed batches, for the real ones and for fakes alike. */
export function sealingStoreContract(open: () => Promise<StoreUnderTest>): void {
  const opened = () => begin(open);

  describe('a store of sealed batches', () => {
    test('seals a content once, and knows it afterwards', async () => {
      await using at = await opened();
      const first = await at.seal('a', BEFORE);
      expect(first).toMatchObject({ kind: 'sealed', generation: 1, isLate: false });
      const known = { kind: 'known', batchId: first.batchId, generation: 1, changed: false, isLate: false };
      expect(await at.seal('a', BEFORE)).toEqual({ ...known, status: 'NEW' });
      expect(await at.known('a')).toMatchObject({
        batchId: first.batchId,
        manifestDigest: 'before',
        vanished: false,
        isWaiting: false,
      });
      expect(await at.known('b')).toBeUndefined();
    });

    test('leaves late files by `ignore`: known and changed, each content late once', async () => {
      await using at = await opened();
      await at.seal('a', BEFORE);
      expect(await at.seal('a', AFTER)).toMatchObject({ kind: 'known', generation: 1, changed: true, isLate: true });
      expect(await at.seal('a', AFTER)).toMatchObject({ kind: 'known', changed: true, isLate: false });
      expect(await at.seal('a', BEFORE)).toMatchObject({ kind: 'known', changed: false, isLate: false });
    });

    test.each(['amend', 'whole', 'hold'] as const)(
      'seals late files by `%s` as the next generation, once',
      async (late) => {
        await using at = await opened();
        await at.seal('a', BEFORE);
        const kind = late === 'hold' ? 'held' : 'sealed';
        expect(await at.seal('a', AFTER, { late })).toMatchObject({ kind, generation: 2, isLate: true });
        expect(await at.seal('a', AFTER, { late })).toMatchObject({ kind: 'known', generation: 2, changed: false });
        expect(await at.seal('a', MORE, { late })).toMatchObject({ kind, generation: 3 });
      },
    );

    test('makes no generation of files that only went away, by any policy', async () => {
      await using at = await opened();
      await at.seal('a', BEFORE);
      for (const late of ['ignore', 'amend', 'whole', 'hold'] as const)
        expect(await at.seal('a', LESS, { late })).toMatchObject({ kind: 'known', generation: 1, changed: true });
    });

    test('seals other content after a disappearance as the next generation; the same is known and there again', async () => {
      await using at = await opened();
      await at.seal('a', BEFORE);
      await at.store.markVanished(at.rootId, 'a');
      await at.store.markVanished(at.rootId, 'a');
      await at.store.markVanished(at.rootId, 'unknown');
      expect(await at.known('a')).toMatchObject({ vanished: true });
      expect(await at.seal('a', BEFORE)).toMatchObject({ kind: 'known', changed: false });
      expect(await at.known('a')).toMatchObject({ vanished: false });
      await at.store.markVanished(at.rootId, 'a');
      expect(await at.seal('a', AFTER)).toMatchObject({ kind: 'sealed', generation: 2, isLate: false });
      expect(await at.known('a')).toMatchObject({ manifestDigest: 'after', vanished: false });
    });

    test('seals another directory under the same name, with other files, as the next generation', async () => {
      await using at = await opened();
      const { batchId } = await at.seal('a', BEFORE, { signature: signed('one') });
      expect(await at.see(batchId, AFTER, { signature: signed('two') })).toEqual({ kind: 'replaced' });
      expect(await at.seal('a', BEFORE, { signature: signed('two') })).toMatchObject({ kind: 'known', changed: false });
      const again = await at.seal('a', AFTER, { signature: signed('three') });
      expect(again).toMatchObject({ kind: 'sealed', generation: 2, isLate: false });
    });

    test('tells of a look what became of a batch, and keeps its signature where nothing more is to be done', async () => {
      await using at = await opened();
      const { batchId } = await at.seal('a', BEFORE, { signature: signed('one', '1') });
      const kept = async () => (await at.known('a'))?.signature?.directories[0]?.[1];
      const see = (content: Content, stamp: string, late: SeenDirectory['late']) =>
        at.see(batchId, content, { signature: signed('one', stamp), late });
      expect(await see(BEFORE, '2', 'ignore')).toEqual({ kind: 'unchanged' });
      expect(await kept()).toBe('2');
      expect(await see(AFTER, '3', 'amend')).toEqual({ kind: 'late', isNew: true, isLeft: false });
      expect(await kept()).toBe('2');
      expect(await see(AFTER, '3', 'ignore')).toEqual({ kind: 'late', isNew: false, isLeft: true });
      expect(await kept()).toBe('3');
      expect((await at.known('a'))?.batchId).toBe(batchId);
    });

    test('leaves what was left under another policy too, until more comes or a person wants it', async () => {
      await using at = await opened();
      const { batchId } = await at.seal('a', BEFORE);
      await at.seal('b', BEFORE);
      for (const path of ['a', 'b']) await at.seal(path, AFTER);
      expect(await at.see(batchId, AFTER, { late: 'amend' })).toEqual({ kind: 'late', isNew: false, isLeft: true });
      expect(await at.seal('a', AFTER, { late: 'amend' })).toMatchObject({
        kind: 'known',
        changed: true,
        isLate: false,
      });
      expect(await at.seal('a', MORE, { late: 'amend' })).toMatchObject({ kind: 'sealed', generation: 2 });
      expect(await at.store.listAmending(at.rootId)).toEqual([]);
      await at.amend('b');
      expect(await at.store.listAmending(at.rootId)).toEqual(['b']);
      expect(await at.known('b')).toMatchObject({ isWaiting: true });
      const b = (await at.known('b'))?.batchId ?? '';
      expect(await at.see(b, AFTER)).toEqual({ kind: 'late', isNew: false, isLeft: false });
      expect(await at.seal('b', AFTER)).toMatchObject({ kind: 'sealed', generation: 2 });
      expect(await at.store.listAmending(at.rootId)).toEqual([]);
    });

    test.each(['look', 'seal'] as const)(
      'queues a batch that waits for files again when a %s finds it as it was',
      async (by) => {
        await using at = await opened();
        const { batchId } = await at.seal('a', BEFORE);
        await at.waitForFiles(batchId ?? '');
        expect(await at.known('a')).toMatchObject({ isWaiting: true });
        // Copied back: other files of the same names, sizes and times.
        const manifest = BEFORE.manifest.map((one) => ({ ...one, inode: 9n }));
        const back = { ...BEFORE, manifest };
        const outcome =
          by === 'look'
            ? await at.see(batchId, back, { keepsInodes: true })
            : await at.seal('a', back, { keepsInodes: true });
        expect(outcome.kind).toBe('reopened');
        expect(await at.known('a')).toMatchObject({ isWaiting: false, vanished: false });
      },
    );

    test('keeps back what a person holds, and writes nothing', async () => {
      await using at = await opened();
      await at.hold('a');
      const kept = await at.seal('a', BEFORE);
      expect(kept).toMatchObject({ kind: 'kept-back', batchId: null });
      const note: DirectoryNote | undefined = kept.kind === 'kept-back' ? kept.note : undefined;
      expect(note?.decision?.decision).toBe('hold');
      expect(await at.known('a')).toBeUndefined();
    });

    test('follows a directory to its new name, and takes its old one for gone', async () => {
      await using at = await opened();
      const { batchId } = await at.seal('a', BEFORE, { signature: signed('one') });
      const renamed = { kind: 'renamed', batchId, generation: 1, from: 'a', isLate: false };
      expect(await at.seal('b', BEFORE, { signature: signed('one') })).toEqual(renamed);
      expect(await at.seal('b', BEFORE, { signature: signed('one') })).toMatchObject({ kind: 'known', batchId });
      expect(await at.known('a')).toMatchObject({ vanished: true });
      expect(await at.known('b')).toMatchObject({ batchId, vanished: false });
      expect(await at.store.listThere(at.rootId, { after: '', limit: 5 })).toEqual(['b']);
      expect(await at.seal('c', BEFORE, { signature: signed('another') })).toMatchObject({
        kind: 'sealed',
        generation: 1,
      });
      expect(await at.seal('a', AFTER, { signature: signed('two') })).toMatchObject({ kind: 'sealed', generation: 2 });
    });

    test('lists what is there in order, page by page', async () => {
      await using at = await opened();
      for (const path of ['c', 'a', 'b', 'd']) await at.seal(path, BEFORE);
      await at.store.markVanished(at.rootId, 'b');
      expect(await at.store.listThere(at.rootId, { after: '', limit: 2 })).toEqual(['a', 'c']);
      expect(await at.store.listThere(at.rootId, { after: 'c', limit: 2 })).toEqual(['d']);
    });
  });
  exchangedFilesContract(open);
}
