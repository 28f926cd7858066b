import type { Explanation } from '@sendit/api';
import type { Settings } from '@sendit/config';
import { openApi } from '../open-api.ts';
import { explainDirectory } from './explain-directory.ts';
import { explainUnit } from './explain-unit.ts';

/**
 * Explains what a reference names, as `sendit explain` does: a batch by its id, a unit, or a directory by its path.
 * @throws SenditError `not-found`
 */
export async function explainRef(settings: Settings, ref: string): Promise<Explanation> {
  const path = (await toPath(settings, ref)) ?? ref;
  return (await explainUnit(settings, path)) ?? (await explainDirectory(settings, path));
}

/** A batch's directory path, or the key of its unit. */
async function toPath(settings: Settings, ref: string): Promise<string | undefined> {
  if (ref.startsWith('/')) return undefined;
  await using api = await openApi(settings);
  const batch = await api.showBatch({ ref });
  if (batch === undefined) return undefined;
  return batch.unit === 'directory' ? (batch.renamedTo ?? batch.path) : batch.name;
}
