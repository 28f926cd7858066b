import { lstatSync } from 'node:fs';
import { toBytePath, toDisplayPath, toPathBytes } from '@sendit/files';
import type {
  BatchProgress,
  BatchToImport,
  CommitOutcome,
  ImportPart,
  ImportResult,
  ImportRun,
  ManifestFile,
} from '@sendit/model';
import type { StudyStore } from '../src/index.ts';
import type { ImportJob } from '../src/study-store.ts';
import { listFiles } from '../src/list-files.ts';

/** The files of a directory as they are now; none of one that is not there. */
export async function toManifest(path: string): Promise<readonly ManifestFile[]> {
  const listing = await listFiles({ id: 'batch-1', path }, new AbortController().signal).catch(() => ({ files: [] }));
  return listing.files.map((file) => {
    const {
      size,
      mtimeNs,
      ino,
      birthtimeNs,
      ctimeNs: changedNs,
    } = lstatSync(toPathBytes(`${toBytePath(path)}/${file}`), { bigint: true });
    return {
      path: toDisplayPath(file),
      rawPath: toPathBytes(file),
      bytes: Number(size),
      mtimeNs,
      inode: ino,
      ...(birthtimeNs > 0n && { bornNs: birthtimeNs }),
      changedNs,
    };
  });
}

/** A store in memory: one batch, one outbox row, and what was written. Its directory is sealed on the first import, where not before. */
export class MemoryStore implements StudyStore {
  readonly results: ImportResult[] = [];
  readonly reported: BatchProgress[] = [];
  readonly parts: ImportPart[] = [];
  readonly postponed: string[] = [];
  attempts = 0;
  readonly outbox = new Set<string>(['outbox-1']);
  readonly job: ImportJob = { batchId: 'batch-1', outboxId: 'outbox-1' };
  readonly batch: BatchToImport;
  #manifest: readonly ManifestFile[] | undefined;

  constructor(path: string, changes: Partial<BatchToImport> = {}) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    this.batch = {
      id: 'batch-1',
      path,
      name,
      files: 0,
      isWhole: true,
      isDelta: false,
      acceptsMissing: false,
      isAccepted: false,
      findingPolicy: {},
      ignore: [],
      ...changes,
    };
  }

  async seal(manifest?: readonly ManifestFile[]): Promise<void> {
    this.#manifest = manifest ?? (await toManifest(this.batch.path));
  }

  async *manifest(): AsyncGenerator<readonly ManifestFile[]> {
    yield this.#manifest ?? [];
  }

  async begin(job: ImportJob) {
    if (!this.outbox.has(job.outboxId)) return { kind: 'settled' as const };
    if (this.#manifest === undefined) await this.seal();
    this.attempts += 1;
    const batch = { ...this.batch, files: this.#manifest?.length ?? 0 };
    return { kind: 'import' as const, batch, attempt: this.attempts };
  }

  /** Paths of the generations before. */
  earlierPaths: readonly string[] = [];

  async *earlier(): AsyncGenerator<readonly string[]> {
    yield this.earlierPaths;
  }

  async progress(_batchId: string, progress: BatchProgress): Promise<void> {
    this.reported.push(progress);
  }

  async commit(result: ImportResult): Promise<CommitOutcome> {
    if (!this.outbox.delete(result.outboxId)) return { kind: 'already-done' };
    this.results.push(result);
    const staged = this.parts.filter(({ attempt }) => attempt === result.attempt);
    return {
      kind: 'committed',
      status: result.status,
      studies: result.studies.length,
      series: result.series.length,
      instances: result.instances.length + staged.reduce((sum, part) => sum + part.instances.length, 0),
      findings: result.findings.length,
      quarantined: 0,
    };
  }

  async stage(part: ImportPart): Promise<'staged' | 'superseded'> {
    if (part.attempt !== this.attempts) return 'superseded';
    this.parts.push(part);
    return 'staged';
  }

  async postpone(_run: ImportRun, reason: string): Promise<void> {
    this.postponed.push(reason);
  }
}
