import type { DirectoryFinding } from '@sendit/model';
import type { Clock, DirectoryDecision, DirectoryNote } from '@sendit/model';
import type { NoteStore } from '../src/ports.ts';

/** Notes in memory that follow the port's contract; they outlive an intake, as a database does. */
export class MemoryNotes implements NoteStore {
  readonly rows = new Map<string, DirectoryNote>();
  writes = 0;
  readonly #clock: Clock | undefined;
  #time = 0;

  /** `clock`: since when an outcome is what it is; without it, only the order is kept. */
  constructor(clock?: Clock) {
    this.#clock = clock;
  }

  async notes(_rootId: string, { decided = false } = {}): Promise<readonly DirectoryNote[]> {
    return [...this.rows.values()].filter(({ decision }) => !decided || decision !== null);
  }

  async note(_rootId: string, finding: DirectoryFinding): Promise<DirectoryNote> {
    this.writes += 1;
    const known = this.rows.get(finding.relativePath);
    const since = known?.outcome === finding.outcome ? known.since : this.#since();
    const note = { decision: null, ...known, ...finding, since };
    this.rows.set(finding.relativePath, note);
    return note;
  }

  async forget(_rootId: string, relativePath: string): Promise<void> {
    const known = this.rows.get(relativePath);
    const isKept = known?.decision?.decision === 'hold' || known?.decision?.decision === 'quarantine';
    if (known === undefined || !isKept) this.rows.delete(relativePath);
    else
      this.rows.set(relativePath, {
        ...known,
        outcome: 'waiting',
        reason: '',
        arrival: 'found',
        renamedFiles: null,
        identity: null,
      });
  }

  /** Writes a person's decision as the database does. */
  decide(name: string, decision: DirectoryDecision, identity: string | null = null): DirectoryNote {
    const at = this.#now();
    const nothing = {
      relativePath: name,
      outcome: 'waiting',
      reason: '',
      since: at,
      arrival: 'found',
      renamedFiles: null,
    } as const;
    const known = this.rows.get(name) ?? { ...nothing, identity: null };
    const note = {
      ...known,
      identity: identity ?? known.identity,
      decision: { decision, by: 'alice', reason: 'Why.', at },
    };
    this.rows.set(name, note);
    return note;
  }

  #since(): string {
    return this.#clock === undefined ? this.#now() : new Date(this.#clock.now()).toISOString();
  }

  #now(): string {
    this.#time += 1;
    return new Date(this.#time * 1000).toISOString();
  }
}
