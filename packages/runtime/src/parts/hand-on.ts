import { type ActionDeps, toPlan } from '@sendit/actions';
import type { Settings, WatchPath } from '@sendit/config';
import { BATCH_EVENTS, type Logger, type Root, silentLogger } from '@sendit/model';
import type { ImportQueue } from '@sendit/queue';
import { toActingParts } from './acting.ts';
import { type openConfiguredDatabase, openConfiguredQueue } from './open-stores.ts';
import type { ContentCheck } from '../disk/content-check.ts';
import { openMountGuard } from '../watch-paths/open-mount-guard.ts';
import type { Part } from './run-together.ts';

/** Commands and copies are another's work, which does not become faster by many at once. */
const ACTIONS_AT_ONCE = 2;

/** Actions after the imports of this watcher's watch paths. */
export interface HandOn extends AsyncDisposable {
  /** To be run side by side. */
  readonly parts: readonly Part[];
}

type Database = Awaited<ReturnType<typeof openConfiguredDatabase>>;

export interface HandOnDeps {
  readonly database: Database;
  readonly contents: ContentCheck;
  readonly logger: Logger;
}

/**
 * Plans the actions of every watch path, for all imports from now on, and opens a queue for each that has some. Actions are done by
 * watchers, not by import workers: only a watcher has their configuration (docs/adr/0013-hand-on-actions.md).
 */
export async function openHandOn(settings: Settings, deps: HandOnDeps): Promise<HandOn> {
  const queues: ImportQueue[] = [];
  const parts: Part[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(queues.map((queue) => queue[Symbol.asyncDispose]()));
  };
  try {
    for (const watchPath of settings.watchPaths) {
      const root = await plan(watchPath, deps.database);
      if (root === undefined) continue;
      const name = `sendit-hand-on-${root.id}`;
      const queue = await openConfiguredQueue(settings, deps.database, deps.logger, { name });
      queues.push(queue);
      parts.push(
        ...toParts(watchPath, {
          ...deps,
          root,
          queue,
          concurrency: Math.min(settings.worker.concurrency, ACTIONS_AT_ONCE),
        }),
      );
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { parts, [Symbol.asyncDispose]: close };
}

/** The id of the root, undefined when nothing is to be done for it. */
async function plan(
  { actions, eventActions, failedActions, folder, name }: WatchPath,
  database: Database,
): Promise<Root | undefined> {
  const root = await database.roots.upsert({ name, path: folder });
  const ofEvents = BATCH_EVENTS.map((on) => [on, toPlan(eventActions.filter((action) => action.on === on))] as const);
  const planned = { onDone: toPlan(actions), onFailed: toPlan(failedActions), ...Object.fromEntries(ofEvents) };
  const isEmpty = actions.length + failedActions.length + eventActions.length === 0;
  await database.roots.planActions(root.id, isEmpty ? null : planned);
  if (!isEmpty) return root;
  // Planned under another configuration: they must not wait in silence.
  const { pending, running } = await database.actions.counts(root.id);
  return pending + running > 0 ? root : undefined;
}

interface PartsDeps extends HandOnDeps {
  readonly root: Root;
  readonly queue: ImportQueue;
  readonly concurrency: number;
}

function toParts({ actions, eventActions, failedActions, folder }: WatchPath, deps: PartsDeps): readonly Part[] {
  const { concurrency, contents, database, logger, queue, root } = deps;
  // The watch path's own tells of it.
  const mount = openMountGuard(root, folder, database, { isNear: () => false, logger: silentLogger });
  const acting: ActionDeps = {
    store: database.actions,
    actions: [...actions, ...failedActions, ...eventActions],
    folder,
    readFiles: (batchId) => database.actions.files(batchId),
    isOther: (batch, file, signal) => contents.isOther(database.actions, batch, file, signal),
    isInPlace: async () => (await mount.check()) === null,
    logger,
  };
  return toActingParts({ database, queue, lane: { handOnOf: root.id }, acting, concurrency, logger });
}
