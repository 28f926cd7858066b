import type { Root } from '@sendit/model';
import type { Candidates } from '../candidate/candidates.ts';
import type { BatchStore } from '../ports.ts';
import { askStore, type AskStoreDeps } from '../seal/find-known.ts';

export interface VanishedDeps extends AskStoreDeps {
  readonly root: Root;
  readonly store: Pick<BatchStore, 'listThere'>;
  readonly candidates: Pick<Candidates, 'has' | 'leave' | 'addRecorded'>;
}

/** Recorded names asked of the store in one question. */
const PAGE = 2_000;

/**
 * Marks batches that vanished while no watcher ran: recorded, wanted here (`isOurs`), and gone. Names in hand are
 * looked at anyway. Waits through an outage; false when aborted.
 */
export async function leaveVanished(
  deps: VanishedDeps,
  { isOurs, isThere }: { readonly isOurs: (name: string) => boolean; readonly isThere: (name: string) => boolean },
  signal: AbortSignal,
): Promise<boolean> {
  const { candidates, root, store } = deps;
  for (let after = ''; ; ) {
    const asked = after;
    const page = await askStore(deps, () => store.listThere(root.id, { after: asked, limit: PAGE }), signal);
    if (page === undefined) return false;
    for (const name of page) {
      if (!isOurs(name)) continue;
      if (candidates.has(name)) candidates.addRecorded(name);
      else if (!isThere(name)) candidates.leave(name, true);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return true;
    after = last;
  }
}
