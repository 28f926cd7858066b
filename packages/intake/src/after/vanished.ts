import type { Root } from '@sendit/model';
import type { Sealer } from '../candidate/sealer.ts';
import type { BatchStore } from '../ports.ts';
import { askStore, type AskStoreDeps } from '../seal/find-known.ts';

/** What {@link leaveVanished} works with. */
export interface VanishedDeps extends AskStoreDeps {
  readonly root: Root;
  readonly store: Pick<BatchStore, 'listThere'>;
  readonly sealer: Pick<Sealer, 'has' | 'leave'>;
}

/** Recorded names asked of the store in one question. */
const PAGE = 2_000;

/**
 * What vanished while nobody watched: recorded, wanted here (`isOurs`), and not there. What is in hand is looked at anyway, and found gone
 * then. Waits through an outage; false when aborted.
 */
export async function leaveVanished(
  deps: VanishedDeps,
  { isOurs, isThere }: { readonly isOurs: (name: string) => boolean; readonly isThere: (name: string) => boolean },
  signal: AbortSignal,
): Promise<boolean> {
  const { root, sealer, store } = deps;
  for (let after = ''; ; ) {
    const asked = after;
    const page = await askStore(deps, () => store.listThere(root.id, { after: asked, limit: PAGE }), signal);
    if (page === undefined) return false;
    for (const name of page) if (isOurs(name) && !isThere(name) && !sealer.has(name)) sealer.leave(name, true);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return true;
    after = last;
  }
}
