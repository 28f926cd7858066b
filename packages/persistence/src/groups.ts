import { SenditError } from '@sendit/model';

/** How one item of a group ended. */
export type Ended<Outcome> =
  | { readonly kind: 'done'; readonly outcome: Outcome }
  /** It was left alone: it is to be done by itself. */
  | { readonly kind: 'single' };

export interface GroupDeps<Item, Outcome> {
  /** Most items of a group. */
  readonly most: number;
  /** Most of all sizes of a group together; an item alone may be larger. */
  readonly mostSize: number;
  readonly sizeOf: (item: Item) => number;
  /** Does some items as one, all that it says are done or, when it rejects, none. */
  readonly runGroup: (items: readonly Item[]) => Promise<readonly Ended<Outcome>[]>;
  /** Does one item. */
  readonly runSingle: (item: Item) => Promise<Outcome>;
  /** Whether the items of a group that failed so may be done one by one; else all of them fail. */
  readonly mayTrySingly: (error: unknown) => boolean;
}

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: an item that comes alone is done at once; what comes while one group is done gathers and is the next. Each item has an
 * outcome of its own: where a group fails, or leaves some items alone, these are done one by one, in the order in which they came.
 */
export function createGroups<Item, Outcome>(deps: GroupDeps<Item, Outcome>): (item: Item) => Promise<Outcome> {
  const { most, mostSize, sizeOf } = deps;
  const waiting: Waiting<Item, Outcome>[] = [];
  let isRunning = false;

  function take(): Waiting<Item, Outcome>[] {
    let size = 0;
    const next = waiting.slice(0, most).findIndex(({ item }, index) => {
      size += sizeOf(item);
      return index > 0 && size > mostSize;
    });
    return waiting.splice(0, next === -1 ? most : next);
  }

  async function runAll(): Promise<void> {
    isRunning = true;
    while (waiting.length > 0) await runNext(take());
    isRunning = false;
  }

  async function runNext(group: readonly Waiting<Item, Outcome>[]): Promise<void> {
    let ended: readonly Ended<Outcome>[] = [];
    try {
      ended = await deps.runGroup(group.map(({ item }) => item));
    } catch (error) {
      if (!deps.mayTrySingly(error)) {
        for (const { reject } of group) reject(error);
        return;
      }
    }
    for (const [index, one] of group.entries()) {
      const end = ended[index];
      if (end?.kind === 'done') one.resolve(end.outcome);
      else await deps.runSingle(one.item).then(one.resolve, one.reject);
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isRunning) void runAll();
    });
}

/** A database that is away would only be asked in vain, once for each. */
export function mayTrySingly(error: unknown): boolean {
  return !(
    error instanceof SenditError &&
    (error.code === 'database-unavailable' || error.code === 'database-stopped')
  );
}
