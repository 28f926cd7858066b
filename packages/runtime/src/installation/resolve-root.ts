import { toSuggestion, type WatchPath } from '@sendit/config';
import { type LabelledRoot, SenditError, toRootLabels } from '@sendit/model';
import type { OpenedApi } from '../open-api.ts';

/** Where the watch paths are known. */
type RootSource = Pick<OpenedApi, 'from' | 'status' | 'listBatches'> & {
  readonly settings: () => Promise<{ readonly watchPaths: readonly Pick<WatchPath, 'name' | 'folder'>[] }>;
};

/**
 * Resolves a watch path's name, label or folder to its name.
 * @throws SenditError `not-found` for one that is none, `bad-arguments` for a label of several; both list what there is
 */
export async function resolveRoot(api: RootSource, text: string): Promise<string> {
  const roots = await listRoots(api);
  const path = text.replace(/(?<=.)\/+$/, '');
  const exact = roots.find((root) => root.name === text) ?? roots.find((root) => root.path === path);
  if (exact !== undefined) return exact.name;
  const ends = roots.filter((root) => `/${root.name}`.endsWith(`/${text}`));
  if (ends.length === 1 && ends[0] !== undefined) return ends[0].name;
  // One that is watched no longer has its batches all the same.
  if ((await api.listBatches({ root: text, limit: 1 })).results.length > 0) return text;
  const labels = [...toRootLabels(roots).values()];
  const known = labels.length === 0 ? 'none is known' : `there are ${labels.join(', ')}`;
  if (ends.length > 1) {
    throw new SenditError(`Expected one watch path, ${text} ends the names of ${ends.length}.`, {
      code: 'bad-arguments',
      hint: 'Write more of it.',
      problems: ends.map(({ name }) => name),
    });
  }
  throw new SenditError(`There is no watch path ${text}; ${known}${toSuggestion(text, labels)}.`, {
    code: 'not-found',
    hint: '`sendit watcher status` lists them.',
  });
}

async function listRoots(api: RootSource): Promise<readonly LabelledRoot[]> {
  const { roots } = await api.status();
  if (api.from === 'daemon' || roots.length > 0) return roots;
  const { watchPaths } = await api.settings();
  return watchPaths.map(({ folder, name }) => ({ name, path: folder }));
}
