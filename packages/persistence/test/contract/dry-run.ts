import { expect, test } from 'vitest';
import { type Engine, requestOf } from './fixtures.ts';

/** Contract of every engine: what another quiet time would have made of the past. */
export function dryRunContract(engine: Engine): void {
  test('a dry run looks at the sealed lists of the last week', async () => {
    await using opened = await engine.open();
    const { db } = opened;
    const ago = (seconds: number): bigint => BigInt(Date.now() - seconds * 1_000) * 1_000_000n;
    const file = (path: string, seconds: number) =>
      ({ path, bytes: 1, mtimeNs: ago(seconds), inode: 1n, bornNs: ago(seconds) }) as const;
    const quiet = { grade: 'quiet', files: 2 } as const;
    await db.batches.seal(await requestOf(db, 'slow', { ...quiet, manifest: [file('a', 40), file('b', 15)] }));
    await db.batches.seal(await requestOf(db, 'fast', { ...quiet, manifest: [file('a', 16), file('b', 15)] }));
    await db.batches.seal(await requestOf(db, 'renamed', { manifest: [file('a', 40), file('b', 15)] }));
    await db.batches.seal(await requestOf(db, 'older', quiet));

    const longer = await db.views.dryRun({ quietMs: 60_000 });
    expect(longer).toMatchObject({
      considered: 4,
      otherProof: 1,
      unknown: 1,
      later: { count: 2 },
      split: { count: 0 },
    });
    expect(longer.later.mostMs).toBeGreaterThan(30_000);
    const shorter = await db.views.dryRun({ quietMs: 5_000, root: 'data' });
    expect(shorter).toMatchObject({ earlier: { count: 1 }, split: { count: 1 }, joined: { count: 0 } });
    expect(shorter.split.batches[0]?.pauseMs).toBeGreaterThan(24_000);
    expect(await db.views.dryRun({ quietMs: 1, root: 'other' })).toMatchObject({ considered: 0 });
  });
}
