import type { Settings } from '@sendit/config';
import { type Logger, SenditError } from '@sendit/model';
import type { Database } from '@sendit/persistence';
import { toActingParts } from './acting.ts';
import { openConfiguredQueue } from './open-stores.ts';
import type { Part } from './run-together.ts';

const QUEUE = 'sendit-steps';

/** Steps of the import worker. */
export interface Steps extends AsyncDisposable {
  /** To be run side by side. */
  readonly parts: readonly Part[];
}

/**
 * Opens the queue of the steps, where the worker has some; on the embedded database also where there are some to be done that it does not
 * have any more, so that they fail and are told of (docs/adr/0022-worker-steps.md).
 * @throws SenditError `bad-configuration` when the settings were read without the modules of the steps.
 */
export async function openSteps(
  settings: Settings,
  { database, logger }: { readonly database: Database; readonly logger: Logger },
): Promise<Steps> {
  const { concurrency, steps } = settings.worker;
  const unloaded = steps.find(({ run }) => run === undefined);
  if (unloaded !== undefined) {
    const message = `Expected the step ${unloaded.name} to be loaded; read the settings of a worker with the purpose "working".`;
    throw new SenditError(message, { code: 'bad-configuration', retry: 'never' });
  }
  if (steps.length === 0 && !(database.kind === 'embedded' && (await database.actions.openSteps()) > 0)) {
    return { parts: [], [Symbol.asyncDispose]: async () => undefined };
  }
  const queue = await openConfiguredQueue(settings, database, logger, { name: QUEUE });
  const readFiles = (batchId: string) => database.actions.files(batchId);
  const acting = { store: database.actions, actions: steps, readFiles, logger };
  const parts = toActingParts({ database, queue, lane: { steps: true }, acting, concurrency, logger });
  return { parts, [Symbol.asyncDispose]: () => queue[Symbol.asyncDispose]() };
}
