import type { Root } from '@sendit/model';
import type { BatchStore } from '../ports.ts';
import { type AskStoreDeps, askStore, findKnown } from '../seal/find-known.ts';
import type { Reconciler } from './reconciler.ts';

/** What {@link lookAtAmended} works with. */
export interface LookAtAmendedDeps extends AskStoreDeps {
  readonly root: Root;
  readonly store: BatchStore;
  readonly reconciler: Reconciler;
}

/** Looks at what a person wants amended: what came late to it is sealed, whatever the policy says. */
export async function lookAtAmended(deps: LookAtAmendedDeps, signal: AbortSignal): Promise<void> {
  const { reconciler, root, store } = deps;
  const names = await askStore(deps, () => store.listAmending(root.id), signal);
  const known = names && (await findKnown({ ...deps, rootId: root.id }, names, signal));
  if (known !== undefined) await reconciler.check(known, { all: true }, signal);
}
