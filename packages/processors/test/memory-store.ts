import type { BatchStatus, DirectoryNote, SealOutcome, SealRequest } from '@sendit/model';
import type { BatchStore, KnownBatch } from '../src/ports.ts';

interface Row {
  readonly batchId: string;
  readonly generation: number;
  readonly status: BatchStatus;
  readonly manifestDigest: string;
  vanished: boolean;
}

/** A store in memory that follows the port's contract, and can be made to fail. */
export class MemoryStore implements BatchStore {
  readonly rows = new Map<string, Row>();
  readonly sealed: SealRequest[] = [];
  readonly vanished: string[] = [];
  readonly calls: string[] = [];
  /** What a person keeps back, as only the database knows. */
  readonly keptBack = new Map<string, DirectoryNote>();
  /** Throws for the questions that are to fail. */
  fail: (question: string) => void = () => undefined;

  async seal(request: SealRequest): Promise<SealOutcome> {
    const { manifestDigest, relativePath } = request;
    this.#ask(`seal ${relativePath}`);
    const row = this.rows.get(relativePath);
    if (row !== undefined && (!row.vanished || row.manifestDigest === manifestDigest)) {
      row.vanished = false;
      const { batchId, generation, status } = row;
      return { kind: 'known', batchId, generation, status, changed: row.manifestDigest !== manifestDigest };
    }
    const note = this.keptBack.get(relativePath);
    if (note !== undefined) return { kind: 'kept-back', batchId: null, generation: null, note };
    const generation = (row?.generation ?? 0) + 1;
    const batchId = `${relativePath}#${generation}`;
    this.rows.set(relativePath, { batchId, generation, status: 'NEW', manifestDigest, vanished: false });
    this.sealed.push(request);
    return { kind: 'sealed', batchId, generation };
  }

  async findKnown(_rootId: string, relativePaths: readonly string[]): Promise<ReadonlyMap<string, KnownBatch>> {
    this.#ask(`findKnown ${relativePaths.length}`);
    return new Map(
      relativePaths.flatMap((path) => {
        const row = this.rows.get(path);
        return row === undefined ? [] : [[path, { ...row }] as const];
      }),
    );
  }

  async markVanished(_rootId: string, relativePath: string): Promise<void> {
    this.#ask(`markVanished ${relativePath}`);
    this.vanished.push(relativePath);
    const row = this.rows.get(relativePath);
    if (row !== undefined) row.vanished = true;
  }

  #ask(question: string): void {
    this.calls.push(question);
    this.fail(question);
  }
}
