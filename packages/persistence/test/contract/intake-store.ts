import { noteStoreContract, sealingStoreContract } from '@sendit/testing';
import { type Engine, instanceOf, resultOf, rootId } from './fixtures.ts';

/** Contract of the intake's stores; its fakes pass the same suites. */
export function intakeStoreContract(engine: Engine): void {
  sealingStoreContract(async () => {
    const opened = await engine.open();
    const { db } = opened;
    const root = await rootId(db);
    const person = { by: 'alice', reason: 'Because.' };
    return {
      store: db.batches,
      rootId: root,
      amend: async (ref) => void (await db.decisions.decide({ ref, decision: 'amend', ...person })),
      hold: async (relativePath) => {
        const there = { rootId: root, relativePath, exists: true, identity: null };
        await db.decisions.decide({ ref: `/data/${relativePath}`, decision: 'hold', ...person }, there);
      },
      keepDigests: async (batchId, digests) => {
        const rows = await db.outbox.claim({ limit: 100, leaseMs: 60_000 });
        const job = { batchId, outboxId: rows.find((row) => row.batchId === batchId)?.id ?? '' };
        await db.studies.begin(job);
        const instances = Object.entries(digests).map(([path, digest]) => ({
          ...instanceOf(`1.2.${path}`),
          path,
          digest,
        }));
        await db.studies.commit(resultOf(job, { instances }));
      },
      waitForFiles: async (batchId) => {
        const rows = await db.outbox.claim({ limit: 100, leaseMs: 60_000 });
        const job = { batchId, outboxId: rows.find((row) => row.batchId === batchId)?.id ?? '' };
        await db.studies.begin(job);
        await db.studies.holdMissing(job, 'one file is gone');
      },
      [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
    };
  });
  noteStoreContract(async () => {
    const opened = await engine.open();
    const { db } = opened;
    const root = await rootId(db);
    return {
      store: db.directories,
      rootId: root,
      decide: async (relativePath, decision) => {
        const asked = { ref: `/data/${relativePath}`, decision, by: 'alice', reason: 'Because.' };
        await db.decisions.decide(asked, { rootId: root, relativePath, exists: true, identity: '1:2:3' });
      },
      [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
    };
  });
}
