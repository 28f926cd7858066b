export { checkBatch, type DirectoryCheck } from './check-batch.ts';
export { openHeaderPool, type HeaderPoolOptions } from './header-pool.ts';
export type { FileRecord, HeaderPool, HeaderReaders, HeaderRequest } from './header-readers.ts';
export { type ImportDeps, type ImportOutcome, importBatch } from './import-batch.ts';
export type { ImportPolicy } from './import-policy.ts';
export { openInlineHeaders } from './inline-headers.ts';
export type { ImportJob, StudyStore } from './study-store.ts';
