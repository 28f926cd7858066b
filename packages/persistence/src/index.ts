export type { BatchStore, KnownBatch } from './batches.ts';
export { type Database, type DatabaseTarget, type OpenDatabaseOptions, openDatabase } from './database.ts';
export type { DecideOutcome, DecisionStore, DirectoryThere } from './decisions.ts';
export type { DirectoryFinding, DirectoryStore, NotedDirectory } from './directories.ts';
export type { AgedHeartbeat, HeartbeatStore } from './heartbeats.ts';
export type { BeginOutcome, ImportJob, StudyStore } from './import-jobs.ts';
export type { MigrationStatus } from './migrate.ts';
export type { OutboxStore } from './outbox.ts';
export type { RootStore } from './roots.ts';
