import type { DirectoryDecision, DirectoryFinding, DirectoryNote } from '@sendit/model';
import { describe, expect, test } from 'vitest';

/** Requirements of the suite on a store of notes: the intake's port `NoteStore`. */
export interface NotesStore {
  notes(rootId: string, options?: { readonly decided?: boolean }): Promise<readonly DirectoryNote[]>;
  note(rootId: string, finding: DirectoryFinding): Promise<DirectoryNote>;
  forget(rootId: string, relativePath: string): Promise<void>;
}

/** An empty store, and what people do to it. */
export interface NotesUnderTest extends AsyncDisposable {
  readonly store: NotesStore;
  readonly rootId: string;
  decide(relativePath: string, decision: DirectoryDecision): Promise<void>;
}

const HELD: DirectoryFinding = {
  relativePath: 'a',
  outcome: 'hold',
  reason: 'it has no file',
  arrival: 'renamed',
  renamedFiles: 0,
  identity: '1:2:3',
};
const NOTHING = { outcome: 'waiting', reason: '', arrival: 'found', renamedFiles: null, identity: null };

/** The contract of what is remembered of unsealed directories, for the real stores and for fakes alike. */
export function noteStoreContract(open: () => Promise<NotesUnderTest>): void {
  describe('a store of notes', () => {
    test('keeps what the rules came to; since when moves only with the outcome', async () => {
      await using at = await open();
      const first = await at.store.note(at.rootId, HELD);
      expect(first).toMatchObject({ ...HELD, decision: null });
      const again = await at.store.note(at.rootId, { ...HELD, reason: 'it cannot be read', renamedFiles: 2 });
      expect(again).toMatchObject({ reason: 'it cannot be read', renamedFiles: 2, since: first.since });
      expect(await at.store.notes(at.rootId)).toEqual([again]);
    });

    test('keeps a person’s decision beside it, and gives those alone where only they are asked for', async () => {
      await using at = await open();
      await at.store.note(at.rootId, HELD);
      await at.store.note(at.rootId, { ...HELD, relativePath: 'b' });
      await at.decide('b', 'quarantine');
      await at.store.note(at.rootId, { ...HELD, relativePath: 'b', reason: 'later' });
      const decided = await at.store.notes(at.rootId, { decided: true });
      expect(decided).toMatchObject([{ relativePath: 'b', reason: 'later', decision: { decision: 'quarantine' } }]);
      expect(await at.store.notes(at.rootId)).toHaveLength(2);
    });

    test('forgets a directory and its release; what a person holds or has set aside stays', async () => {
      await using at = await open();
      for (const relativePath of ['a', 'held', 'released']) await at.store.note(at.rootId, { ...HELD, relativePath });
      await at.decide('held', 'hold');
      await at.decide('released', 'release');
      for (const path of ['a', 'held', 'released', 'unknown']) await at.store.forget(at.rootId, path);
      const left = await at.store.notes(at.rootId);
      expect(left).toMatchObject([{ relativePath: 'held', ...NOTHING, decision: { decision: 'hold' } }]);
    });
  });
}
