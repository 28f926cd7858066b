export type { OpenedApi } from './open-api.ts';
export { findAsked, openAsked } from './installation/asked.ts';
export { toBatchRef } from './installation/batch-ref.ts';
export { type BatchSource, followBatch, hasFailed, isSettled } from './installation/follow-batch.ts';
export { listAllBatches } from './installation/list-batches.ts';
export { type AskedStatus, readAskedStatus } from './installation/read-status.ts';
export { readPortalLink } from './installation/portal-link.ts';
export { resolveRoot } from './installation/resolve-root.ts';
export { type RetryReport, retryByFilter, retryByRef } from './installation/retry-batches.ts';
