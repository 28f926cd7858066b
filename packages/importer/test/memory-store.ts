import type { BatchProgress, BatchToImport, ImportResult } from '@sendit/model';
import type { ImportJob, StudyStore } from '../src/index.ts';

/** A store in memory: one batch, one outbox row, and what was written. */
export class MemoryStore implements StudyStore {
  readonly results: ImportResult[] = [];
  readonly reported: BatchProgress[] = [];
  readonly outbox = new Set<string>(['outbox-1']);
  readonly job: ImportJob = { batchId: 'batch-1', outboxId: 'outbox-1' };
  readonly #batch: BatchToImport;

  constructor(path: string) {
    this.#batch = { id: 'batch-1', path, name: path.slice(path.lastIndexOf('/') + 1) };
  }

  async begin(job: ImportJob) {
    if (!this.outbox.has(job.outboxId)) return { kind: 'settled' as const };
    return { kind: 'import' as const, batch: this.#batch };
  }

  async progress(_batchId: string, progress: BatchProgress): Promise<void> {
    this.reported.push(progress);
  }

  async commit(result: ImportResult): Promise<'committed' | 'already-done'> {
    if (!this.outbox.delete(result.outboxId)) return 'already-done';
    this.results.push(result);
    return 'committed';
  }
}
