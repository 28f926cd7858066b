export type { ImportJob, ImportQueue, QueueTarget } from './import-queue.ts';
export { openQueue } from './open-queue.ts';
export { runRelay } from './relay.ts';
export { createWake } from './wake.ts';
