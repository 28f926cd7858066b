import type { ManifestFile } from '@sendit/model';
import { describe, expect, test } from 'vitest';
import { BEFORE, begin, type Content, file, signed, type StoreUnderTest } from './store-under-test.ts';

const [ONE, TWO, THREE] = ['1', '2', '3'].map((digit) => digit.repeat(32)) as [string, string, string];

/** How a store of sealed batches tells one file from another under its name. */
export function exchangedFilesContract(open: () => Promise<StoreUnderTest>): void {
  const opened = () => begin(open);

  describe('a store of sealed batches', () => {
    test('takes a series none of whose sealed files is left for gone, and one that keeps a file for late', async () => {
      await using at = await opened();
      const series = { unit: 'series' as const };
      const [a, b] = [file('a', 1, { inode: 1n }), file('b', 2, { inode: 2n })];
      const { batchId } = await at.seal('series/1', { manifestDigest: '1', manifest: [a, b] }, series);
      expect(await at.see(batchId, { manifestDigest: '2', manifest: [b, file('c', 3, { inode: 3n })] })).toMatchObject({
        kind: 'late',
      });
      const others = { manifestDigest: '3', manifest: [file('d', 1, { inode: 4n })] };
      expect(await at.see(batchId, others)).toEqual({ kind: 'replaced' });
      expect(await at.seal('series/1', others, series)).toMatchObject({ kind: 'sealed', generation: 2 });
    });

    test.each(['directory', 'series', 'study'] as const)(
      'takes another file in the place of one of a %s for a change, by its birth or, where files keep them, its inode',
      async (unit) => {
        await using at = await opened();
        const path = unit === 'directory' ? 'a' : `${unit}/1`;
        const over = unit === 'directory' ? { unit, signature: signed('one') } : { unit };
        const [a, b] = [file('a', 1, { bornNs: 10n }), file('b', 1, { bornNs: 10n, inode: 2n })];
        const of = (one: ManifestFile): Content => ({ manifestDigest: 'same', manifest: [a, one] });
        const see = { ...(unit === 'directory' && { signature: signed('one') }), keepsInodes: true };
        const { batchId } = await at.seal(path, of(b), over);
        expect(await at.see(batchId, of({ ...b, inode: 9n }), see)).toEqual({ kind: 'unchanged' });
        const { bornNs: _, ...unborn } = b;
        expect(await at.see(batchId, of({ ...unborn, inode: 9n }), { ...see, keepsInodes: false })).toEqual({
          kind: 'unchanged',
        });
        const other = { ...b, bornNs: 20n, inode: 3n };
        const late = { kind: 'late', isLeft: true };
        expect(await at.see(batchId, of(other), see)).toEqual({ ...late, isNew: true });
        expect(await at.see(batchId, of(other), see)).toEqual({ ...late, isNew: false });
        // What was left is left under another policy too.
        expect(await at.seal(path, of(other), { ...over, late: 'amend' })).toMatchObject({
          kind: 'known',
          changed: true,
        });
        expect(await at.see(batchId, of({ ...unborn, inode: 9n }), see)).toEqual({ ...late, isNew: true });
        const again = of({ ...b, bornNs: 30n, inode: 4n });
        const next = await at.seal(path, again, { ...over, late: 'amend' });
        expect(next).toMatchObject({ kind: 'sealed', generation: 2 });
        expect(await at.seal(path, again, { ...over, late: 'amend' })).toMatchObject({ kind: 'known', changed: false });
        expect(await at.see(next.batchId, again, see)).toEqual({ kind: 'unchanged' });
      },
    );

    test.each(['directory', 'series', 'study'] as const)(
      'asks for the digests of files of a %s that were touched, and takes another one for a change',
      async (unit) => {
        await using at = await opened();
        const path = unit === 'directory' ? 'a' : `${unit}/1`;
        const identity = unit === 'directory' && { signature: signed('one') };
        const over = { unit, ...identity, keepsInodes: true };
        const see = { ...identity, keepsInodes: true };
        const [a, b] = [file('a', 1, { changedNs: 1n }), file('b', 1, { changedNs: 1n, inode: 2n })];
        const seen = (changedNs: bigint): Content => ({ manifestDigest: 'same', manifest: [a, { ...b, changedNs }] });
        const told = (digest: string | null) => ({ ...see, touched: new Map([['b', digest]]) });
        const { batchId } = await at.seal(path, seen(1n), over);
        const id = batchId ?? '';
        // Not imported yet: its import tells of it.
        expect(await at.see(id, seen(2n), see)).toEqual({ kind: 'unchanged' });
        await at.keepDigests(id, { a: ONE, b: ONE });
        expect(await at.see(id, seen(2n), { ...see, keepsInodes: false })).toEqual({ kind: 'unchanged' });
        const touched = [{ path: 'b', algorithm: 'xxh128-dataset' }];
        expect(await at.see(id, seen(2n), see)).toEqual({ kind: 'unchanged', touched });
        expect(await at.seal(path, seen(2n), over)).toMatchObject({ kind: 'known', changed: false, touched });
        // Not read: nothing is known, and it is asked for again.
        expect(await at.see(id, seen(2n), told(null))).toEqual({ kind: 'unchanged' });
        expect(await at.see(id, seen(2n), told(ONE))).toEqual({ kind: 'unchanged' });
        expect(await at.see(id, seen(2n), see)).toEqual({ kind: 'unchanged' });
        const late = { kind: 'late', isLeft: true };
        expect(await at.see(id, seen(3n), told(TWO))).toEqual({ ...late, isNew: true });
        expect(await at.see(id, seen(3n), see)).toEqual({ kind: 'unchanged', touched });
        expect(await at.see(id, seen(4n), told(TWO))).toEqual({ ...late, isNew: false });
        expect(await at.see(id, seen(4n), told(null))).toEqual({ ...late, isNew: false });
        const amend = { ...over, late: 'amend' as const, touched: new Map([['b', THREE]]) };
        const next = await at.seal(path, seen(5n), amend);
        expect(next).toMatchObject({ kind: 'sealed', generation: 2, isLate: true });
        expect(await at.seal(path, seen(5n), over)).toMatchObject({ kind: 'known', changed: false });
        expect(await at.see(next.batchId, seen(5n), see)).toEqual({ kind: 'unchanged' });
      },
    );

    test('knows what was sent again as it was', async () => {
      await using at = await opened();
      const again = { ...BEFORE, manifest: BEFORE.manifest.map((one) => ({ ...one, inode: 9n })) };
      const kept = { keepsInodes: true };
      await at.seal('a', BEFORE);
      await at.store.markVanished(at.rootId, 'a');
      expect(await at.seal('a', again, kept)).toMatchObject({ kind: 'known', changed: false });
      await at.seal('b', BEFORE, { signature: signed('one') });
      expect(await at.seal('b', again, { ...kept, signature: signed('two') })).toMatchObject({ changed: false });
      await at.seal('series/1', BEFORE, { unit: 'series' });
      expect(await at.seal('series/1', again, { ...kept, unit: 'series' })).toMatchObject({ changed: false });
    });
  });
}
