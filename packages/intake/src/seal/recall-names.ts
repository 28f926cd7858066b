import type { Clock } from '@sendit/model';
import type { Candidates } from '../candidate/candidates.ts';
import type { DirectoryNotes } from './directory-notes.ts';

/** What {@link recallNames} works with. */
export interface RecallNamesDeps {
  readonly candidates: Pick<Candidates, 'unfinished' | 'recall'>;
  readonly notes: Pick<DirectoryNotes, 'get' | 'remember'>;
  /** Of the watch path, with a slash at the end. */
  readonly prefix: string;
  /** As `FolderListing.identity`; null where there is no directory. */
  readonly readIdentity: (path: string) => Promise<string | null>;
  /** Ms since the epoch: only the wall clock goes on while no watcher runs. */
  readonly wallNow: () => number;
  readonly clock: Clock;
}

/** What is renamed sooner leaves no trace in the database: most transfers do. */
const REMEMBERED_AFTER_MS = 30_000;

/** Takes over, from before a restart, since when directories are there under names that cannot be taken, and has it remembered of those that stay. */
export async function recallNames(deps: RecallNamesDeps, signal: AbortSignal): Promise<void> {
  const { candidates, clock, notes, prefix, readIdentity, wallNow } = deps;
  for (const { isRecalled, name, since } of candidates.unfinished) {
    if (signal.aborted) return;
    const note = notes.get(name);
    const isToBeRecalled = !isRecalled && note !== undefined;
    const isToBeKept = clock.now() - since >= REMEMBERED_AFTER_MS && note === undefined;
    candidates.recall(name, undefined);
    if (!isToBeRecalled && !isToBeKept) continue;
    const identity = await readIdentity(`${prefix}${name}`);
    if (identity === null) continue;
    if (note?.identity !== identity) await notes.remember(name, identity);
    else candidates.recall(name, clock.now() - Math.max(0, wallNow() - Date.parse(note.since)));
  }
}
