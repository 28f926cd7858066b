import type { Clock } from '@sendit/model';
import type { Candidates } from '../candidate/candidates.ts';
import type { DirectoryNotes } from './directory-notes.ts';

export interface RecallNamesDeps {
  readonly candidates: Pick<Candidates, 'unfinished' | 'recall'>;
  readonly notes: Pick<DirectoryNotes, 'get' | 'remember'>;
  /** Of the watch path, with a slash at the end. */
  readonly prefix: string;
  /** As `FolderListing.identity`; null where nothing is. */
  readonly readIdentity: (path: string) => Promise<string | null>;
  /** Ms since the epoch: only the wall clock goes on while no watcher runs. */
  readonly wallNow: () => number;
  readonly clock: Clock;
}

/** A name that lasts less long leaves no trace in the database: so it is with most transfers. */
const REMEMBERED_AFTER_MS = 30_000;

/** Names remembered anew in one go: each is a transaction, and the rest has its turn with the next scan. */
const REMEMBERED_AT_ONCE = 200;

/** Takes over, from before a restart, since when names that cannot be taken are there, and has it remembered of those that stay. */
export async function recallNames(deps: RecallNamesDeps, signal: AbortSignal): Promise<void> {
  const { candidates, clock, notes, prefix, readIdentity, wallNow } = deps;
  let remembered = 0;
  for (const { isRecalled, name, since } of candidates.unfinished) {
    if (signal.aborted || remembered >= REMEMBERED_AT_ONCE) return;
    const note = notes.get(name);
    const isToBeRecalled = !isRecalled && note !== undefined;
    const isToBeKept = clock.now() - since >= REMEMBERED_AFTER_MS && note === undefined;
    candidates.recall(name, undefined);
    if (!isToBeRecalled && !isToBeKept) continue;
    const identity = await readIdentity(`${prefix}${name}`);
    if (identity === null) continue;
    if (note?.identity !== identity) {
      remembered += 1;
      await notes.remember(name, identity);
    } else candidates.recall(name, clock.now() - Math.max(0, wallNow() - Date.parse(note.since)));
  }
}
