import { isSettledWithin } from './deadline.ts';

/** The work to drain. */
export interface Draining {
  /** Handlers running now; members leave when they end, and a last one may still join. */
  readonly active: ReadonlySet<Promise<void>>;
  /** The queue library's own end: after the last handler and its last command. */
  readonly closing: Promise<void>;
  readonly drainMs: number;
  /** Asks the handlers to stop. */
  readonly interrupt: () => void;
}

/** Time for interrupted handlers to end. */
const GRACE_MS = 1_200;
/** Time for BullMQ's last commands once no handler runs; without its service it would wait for ever. */
const CLOSE_MS = 600;

/** Waits for the handlers, interrupts them at the deadline. Gives false when the library had to be left behind. */
export async function drain({ active, closing, drainMs, interrupt }: Draining): Promise<boolean> {
  const end = performance.now() + drainMs;
  const handlers = (ms: number): Promise<boolean> =>
    isSettledWithin(Math.max(ms, 0), Promise.race([closing, Promise.all(active)]));

  await handlers(drainMs);
  while (!(await isSettledWithin(CLOSE_MS, closing))) {
    if (active.size === 0) return false;
    if (await handlers(end - performance.now())) continue;
    interrupt();
    await handlers(GRACE_MS);
    return isSettledWithin(CLOSE_MS, closing);
  }
  return true;
}
