import { noteStoreContract, sealingStoreContract } from '@sendit/testing';
import { MemoryNotes } from './memory-notes.ts';
import { MemoryStore } from './memory-store.ts';

sealingStoreContract(async () => {
  const store = new MemoryStore();
  const rowOf = (id: string) => [...store.rows.values()].find(({ batchId }) => batchId === id);
  return {
    store,
    rootId: 'r1',
    amend: async (path) => void store.amending.add(path),
    hold: async (path) => void store.keptBack.set(path, new MemoryNotes().decide(path, 'hold')),
    keepDigests: async (batchId, digests) =>
      void Object.assign(rowOf(batchId) ?? {}, { digests: new Map(Object.entries(digests)) }),
    waitForFiles: async (batchId) => void Object.assign(rowOf(batchId) ?? {}, { isWaiting: true }),
    [Symbol.asyncDispose]: async () => undefined,
  };
});

noteStoreContract(async () => {
  const store = new MemoryNotes();
  return {
    store,
    rootId: 'r1',
    decide: async (path, decision) => void store.decide(path, decision),
    [Symbol.asyncDispose]: async () => undefined,
  };
});
