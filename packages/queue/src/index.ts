export type { ImportJob, ImportQueue, QueueOptions, QueueTarget, WorkerOptions } from './import-queue.ts';
export { openQueue } from './open-queue.ts';
export type { PgliteEngine, PgliteResult, PgliteSession } from './pglite-pool.ts';
export { type OutboxPort, type RelayDeps, runRelay } from './relay.ts';
export { createWake, type Wake } from './wake.ts';
