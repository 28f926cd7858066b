import type { ManifestFile, SealRequest } from '@sendit/model';
import { expect, test } from 'vitest';
import { type Engine, partsOf, requestOf, rootId, started } from './fixtures.ts';

const file = (path: string, inode: bigint, bornNs?: bigint): ManifestFile => {
  const born = bornNs === undefined ? {} : { bornNs };
  return { path, bytes: 1, mtimeNs: 1n, inode, ...born };
};
const A = file('a', 1n, 10n);
const B = file('b', 2n, 10n);
/** In the place of `b`, with its size and time. */
const OTHER = file('b', 3n, 20n);
const SIGNATURE = { identity: 'one', directories: [['', 's'] as const] };
const UNITS = {
  directory: { unit: 'directory', name: 'a', signature: SIGNATURE },
  series: { unit: 'series', name: 'series/1.2', signature: null },
  study: { unit: 'study', name: 'study/1', signature: null },
} as const;

/** What every engine promises about files that took the place of sealed ones with their names, sizes and times. */
export function exchangedFilesContract(engine: Engine): void {
  test.each(Object.values(UNITS))(
    'another file in the place of one of a sealed $unit is late, told once, and by `amend` the next generation alone',
    async ({ name, signature, unit }) => {
      await using opened = await engine.open();
      const { db } = opened;
      const request = (manifest: readonly ManifestFile[], late: SealRequest['late']) =>
        requestOf(db, name, { unit, manifest, manifestDigest: 'd', signature, ...(late && { late }), files: 2 });
      const { batchId } = await db.batches.seal(await request([A, B], 'ignore'));
      const see = (manifest: readonly ManifestFile[], late: 'ignore' | 'amend') =>
        db.batches.noteSeen(batchId ?? '', { manifestDigest: 'd', signature, late, manifest });
      expect(await see([A, B], 'ignore')).toEqual({ kind: 'unchanged' });
      expect(await see([A, OTHER], 'ignore')).toEqual({ kind: 'late', isNew: true, isLeft: true });
      expect(await see([A, OTHER], 'ignore')).toEqual({ kind: 'late', isNew: false, isLeft: true });
      expect(await db.batches.countLate()).toBe(1);
      expect(await db.batches.seal(await request([A, OTHER], 'ignore'))).toMatchObject({
        kind: 'known',
        changed: true,
        isLate: false,
      });
      // Another one again: what was left is not what is there now.
      const again = file('b', 4n, 30n);
      expect(await see([A, again], 'amend')).toEqual({ kind: 'late', isNew: true, isLeft: false });
      const next = await db.batches.seal(await request([A, again], 'amend'));
      expect(next).toMatchObject({ kind: 'sealed', generation: 2 });
      expect((await partsOf(db, next.batchId)).flat()).toEqual([again]);
      expect(await db.batches.seal(await request([A, again], 'amend'))).toMatchObject({
        kind: 'known',
        changed: false,
      });
      expect(await db.batches.countLate()).toBe(0);
    },
  );

  test('inodes tell where files keep them and no time of birth is known; a time of birth says more; unknown stays unknown', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const batch = async (name: string, sealedFile: ManifestFile) => {
      const manifest = [A, sealedFile];
      return (await db.batches.seal(await requestOf(db, name, { manifest, manifestDigest: 'd' }))).batchId ?? '';
    };
    const see = async (batchId: string, seen: ManifestFile, keepsInodes: boolean) => {
      const manifest = [A, seen];
      const outcome = { manifestDigest: 'd', signature: null, late: 'amend' as const, manifest, keepsInodes };
      return (await db.batches.noteSeen(batchId, outcome)).kind;
    };
    const old = await batch('old', file('b', 2n));
    expect(await see(old, file('b', 3n), false)).toBe('unchanged');
    expect(await see(old, file('b', 3n, 20n), false)).toBe('unchanged');
    expect(await see(old, file('b', 2n, 20n), true)).toBe('unchanged');
    expect(await see(old, file('b', 3n), true)).toBe('late');
    const born = await batch('born', B);
    expect(await see(born, file('b', 9n, 10n), true)).toBe('unchanged');
    expect(await see(born, file('b', 2n, 20n), false)).toBe('late');
  });

  test('what was sent again as it was, or is back, is no exchange', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const again = [file('a', 5n, 50n), file('b', 6n, 50n)];
    const manifestDigest = 'd';
    const seal = async (name: string, changes: Partial<SealRequest>) =>
      db.batches.seal(await requestOf(db, name, { manifestDigest, manifest: [A, B], ...changes }));
    await seal('gone', {});
    await db.batches.markVanished(await rootId(db), 'gone');
    expect(await seal('gone', { manifest: again })).toMatchObject({ kind: 'known', changed: false });
    await seal('replaced', { signature: SIGNATURE });
    const signature = { ...SIGNATURE, identity: 'two' };
    expect(await seal('replaced', { manifest: again, signature })).toMatchObject({ kind: 'known', changed: false });
    const born = BigInt(Date.now() + 3_600_000) * 1_000_000n;
    const anew = again.map((one) => ({ ...one, bornNs: born }));
    await seal('series/1', { unit: 'series' });
    expect(await seal('series/1', { unit: 'series', manifest: anew })).toMatchObject({ kind: 'known', changed: false });
  });

  test('a batch that is held for missing files is queued when files of their names, sizes and times are back', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const job = await started(db, 'a');
    await db.studies.holdMissing(job, 'one file is gone');
    const manifest = [file('1.dcm', 9n, 90n), file('2.dcm', 8n, 90n)];
    const seen = { manifestDigest: 'a', signature: null, late: 'ignore' as const, manifest, keepsInodes: true };
    expect(await db.batches.noteSeen(job.batchId, seen)).toEqual({ kind: 'reopened' });
    expect((await db.batches.show(job.batchId))?.status).toBe('NEW');
  });
}
