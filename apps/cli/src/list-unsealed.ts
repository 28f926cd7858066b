import { join } from 'node:path';
import type { Settings } from '@sendit/config';
import { isFinishedName } from '@sendit/detector';
import { readChildren } from '@sendit/detector/node';
import type { PendingDirectory, SenditApi } from '@sendit/model';
import { isTestName } from '@sendit/processors';

/** What a watcher would take up at its next start: directories in the watch paths that have no batch. */
export async function listUnsealed(
  settings: Pick<Settings, 'watchPaths'>,
  api: Pick<SenditApi, 'showBatch'>,
): Promise<readonly PendingDirectory[]> {
  const { signal } = new AbortController();
  const unsealed: PendingDirectory[] = [];
  for (const { folder, name: root, quietMs, testPrefix } of settings.watchPaths) {
    const children = await readChildren(folder, signal);
    if (children.kind === 'unreadable') continue;
    const wanted = children.directories.filter(({ name }) => isFinishedName(name) && !isTestName(name, testPrefix));
    for (const { name } of wanted) {
      const path = join(folder, name);
      if ((await api.showBatch(path)) !== undefined) continue;
      const unknown = { since: null, waitingMs: null, unchangedMs: null, snapshotDigest: null };
      const reason = 'the watcher is not running';
      unsealed.push({ root, path, name, arrival: 'found', outcome: 'waiting', reason, quietMs, ...unknown });
    }
  }
  return unsealed;
}
