import type { MountIdentity } from '@sendit/model';
import { expect, test } from 'vitest';
import { type Engine, rootId, sealed } from './fixtures.ts';

const SHARE: MountIdentity = { fsType: 'nfs4', source: 'nas:/export', root: '/', uuid: null, topInode: null };
const BARE: MountIdentity = { fsType: 'ext4', source: '/dev/sda1', root: '/data', uuid: 'u', topInode: '2:1' };

/** Contract of every engine: stored mounts. */
export function mountsContract(engine: Engine): void {
  test('a mount is remembered, and another one is accepted by a person, with an audit record', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const id = await rootId(db);
    expect(await db.mounts.expected(id)).toBeNull();
    await db.mounts.remember(id, SHARE);
    expect(await db.mounts.expected(id)).toEqual(SHARE);
    const request = { ref: 'data', by: 'alice', reason: 'Moved.' };
    expect(await db.mounts.accept(request)).toEqual({ kind: 'unchanged', root: 'data' });
    await db.mounts.noteOther(id, BARE);
    expect(await db.mounts.expected(id)).toEqual(SHARE);
    expect(await db.mounts.accept({ ...request, ref: 'none' })).toEqual({ kind: 'not-found' });
    expect(await db.mounts.accept({ ...request, ref: '/data/' })).toMatchObject({
      kind: 'accepted',
      record: { decision: 'accept-mount', by: 'alice', reason: 'Moved.', root: 'data', path: '/data', batchId: null },
    });
    expect(await db.mounts.expected(id)).toEqual(BARE);
    expect(await db.mounts.accept(request)).toEqual({ kind: 'unchanged', root: 'data' });
    expect((await db.decisions.audit({ ref: '/data' })).results).toHaveLength(1);
    await db.mounts.noteOther(id, SHARE);
    await db.mounts.noteOther(id, null);
    expect(await db.mounts.accept(request)).toEqual({ kind: 'unchanged', root: 'data' });
  });

  test('what is recorded and there is sampled with its files, the newest first', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    for (const name of ['a', 'b', 'c']) await sealed(db, name);
    const id = await rootId(db);
    await db.batches.markVanished(id, 'b');
    const samples = await db.batches.sampleThere(id, 2);
    expect(samples.map(({ relativePath, unit }) => [relativePath, unit])).toEqual([
      ['c', 'directory'],
      ['a', 'directory'],
    ]);
    expect(samples.every(({ files }) => files.length > 0)).toBe(true);
    expect(await db.batches.sampleThere(id, 1)).toHaveLength(1);
  });
}
