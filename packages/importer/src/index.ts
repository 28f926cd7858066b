export { checkBatch, type DirectoryCheck } from './check-batch.ts';
export {
  type Check,
  type CheckedBatch,
  type CheckFunction,
  type CheckOptions,
  defineCheck,
  type OwnFinding,
} from './own-checks/define-check.ts';
export { openHeaderPool } from './header-pool.ts';
export type { HeaderPool, HeaderReaders } from './header-readers.ts';
export { importBatch } from './import-batch.ts';
export type { ImportPolicy } from './import-policy.ts';
export { openInlineHeaders } from './inline-headers.ts';
export { readDigests } from './read-digests.ts';
export type { StudyStore } from './study-store.ts';
export { LargeSlots } from './large-slots.ts';
