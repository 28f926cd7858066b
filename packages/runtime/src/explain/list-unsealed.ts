import type { PendingDirectory, SenditApi } from '@sendit/api';
import { basename, join } from 'node:path';
import type { Settings } from '@sendit/config';
import { isFinishedName, toNameRules } from '@sendit/detector';
import { readChildren, readFileKind } from '@sendit/detector/node';
import { isTestName, toLooseReason, toTestReason } from '@sendit/intake';
import { openPlace } from './explain-unit.ts';
import { stillAbout } from '../disk/still-about.ts';

/** Files right in a watch path that are looked at. */
const MOST_LOOSE = 1_000;

/**
 * Lists the candidates of a watcher's next start: directories and units in the watch paths without a batch, ignored
 * ones, and files of no unit, with the database's notes; held or quarantined ones first.
 */
export async function listUnsealed(
  settings: Pick<Settings, 'watchPaths'>,
  api: Pick<SenditApi, 'showBatch' | 'listPending'>,
): Promise<readonly PendingDirectory[]> {
  const { signal } = new AbortController();
  const { results: all } = await api.listPending({});
  const noted = new Map(all.map((one) => [one.path, one]));
  const unsealed: PendingDirectory[] = [];
  for (const watchPath of settings.watchPaths) {
    const { folder, name: root, quietMs, testPrefix, unit } = watchPath;
    if (unit !== 'directory') {
      const { listed, tree } = await openPlace(watchPath, signal);
      if (listed.kind === 'unreadable') unsealed.push(toUnreadable(root, folder, listed.code));
      const { groups } = tree;
      for (const name of groups.keys) {
        if ((await api.showBatch({ ref: name })) !== undefined) continue;
        const known = all.find((one) => one.root === root && one.name === name);
        unsealed.push({ ...(known ?? toWaiting({ root, path: folder, name })), quietMs });
      }
      const unfinished = groups.unfinished().map((name) => [name, 'its name is not final'] as const);
      const unassigned = [...groups.unassigned()].map(
        ([name, why]) => [name, `it belongs to no unit: ${why}`] as const,
      );
      for (const [name, reason] of [...unfinished, ...unassigned])
        unsealed.push({ ...toWaiting({ root, path: join(folder, name), name }), reason, quietMs });
      continue;
    }
    const names = toNameRules(watchPath);
    const children = await readChildren(folder, signal);
    if (children.kind === 'unreadable') {
      unsealed.push(toUnreadable(root, folder, children.code));
      continue;
    }
    for (const { name } of children.directories) {
      if (names.isIgnored(name)) continue;
      const path = join(folder, name);
      if (isTestName(name, testPrefix)) {
        unsealed.push(toSkipped({ root, path, name }, toTestReason(testPrefix)));
        continue;
      }
      const known = await stillAbout(noted.get(path));
      if (known === undefined && isFinishedName(name) && (await api.showBatch({ ref: path })) !== undefined) continue;
      unsealed.push({ ...(known ?? toWaiting({ root, path, name })), quietMs });
    }
    unsealed.push(...(await listLoose(root, folder, children.files)));
  }
  return unsealed.toSorted((one, other) => Number(one.since === null) - Number(other.since === null));
}

/** DICOM files and archives right in a watch path of directories. */
async function listLoose(root: string, folder: string, files: readonly string[]): Promise<readonly PendingDirectory[]> {
  const loose: PendingDirectory[] = [];
  for (const name of files.slice(0, MOST_LOOSE)) {
    const path = join(folder, name);
    const reason = toLooseReason(await readFileKind(path));
    if (reason !== undefined) loose.push(toSkipped({ root, path, name }, reason));
  }
  return loose;
}

/** A watch path of which nothing can be told. */
function toUnreadable(root: string, folder: string, code: string): PendingDirectory {
  const reason = `the watch path cannot be read (${code}): what lies in it is not listed`;
  return { ...toWaiting({ root, path: folder, name: basename(folder) }), reason };
}

function toSkipped(which: Pick<PendingDirectory, 'root' | 'path' | 'name'>, reason: string): PendingDirectory {
  return { ...toWaiting(which), outcome: 'skipped', reason };
}

function toWaiting(which: Pick<PendingDirectory, 'root' | 'path' | 'name'>): PendingDirectory {
  return {
    ...which,
    arrival: 'found',
    outcome: 'waiting',
    reason: isFinishedName(which.name) ? 'the watcher is not running' : 'its name ends in .tmp*',
    since: null,
    decision: null,
    identity: null,
    waitingMs: null,
    unchangedMs: null,
    snapshotDigest: null,
    quietMs: null,
  };
}
