import type { Root } from '@sendit/model';
import type { BatchStore } from '../ports.ts';
import { type AskStoreDeps, askStore, findKnown } from '../seal/find-known.ts';
import { reconcile, type ReconcileDeps } from './reconcile.ts';

export interface LookAtAmendedDeps extends AskStoreDeps, ReconcileDeps {
  readonly root: Root;
  readonly store: BatchStore;
}

/** Looks at what a person wants amended: what came late to it is sealed, whatever the policy says. */
export async function lookAtAmended(deps: LookAtAmendedDeps, signal: AbortSignal): Promise<void> {
  const { root, store } = deps;
  const names = await askStore(deps, () => store.listAmending(root.id), signal);
  const known = names && (await findKnown({ ...deps, rootId: root.id }, names, signal));
  if (known !== undefined) await reconcile(known, { ...deps, all: true }, signal);
}
