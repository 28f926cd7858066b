import type { DirectoryFinding } from '@sendit/model';
import type { FolderListing } from '@sendit/detector';
import type { Clock, DirectoryNote, Root } from '@sendit/model';
import type { NoteStore } from '../ports.ts';
import type { SourceListing } from '../sources/candidate-source.ts';
import type { StoreGate } from './store-gate.ts';

/** Without a store, nothing survives a restart. */
export interface DirectoryNotesDeps {
  readonly root: Root;
  readonly store: NoteStore | undefined;
  readonly gate: StoreGate;
  readonly clock: Clock;
}

/**
 * Notes about the unsealed directories of one watch path, kept across restarts: an observed rename, a passed deadline,
 * a person's decision. The store is the truth; it is read at the start, and people's decisions again with every scan.
 */
export class DirectoryNotes {
  readonly #deps: DirectoryNotesDeps;
  #notes = new Map<string, DirectoryNote>();
  #isLoaded = false;
  /** Counts what was set here, so that an older answer of the store does not undo it. */
  #changes = 0;

  constructor(deps: DirectoryNotesDeps) {
    this.#deps = deps;
  }

  get(name: string): DirectoryNote | undefined {
    return this.#notes.get(name);
  }

  get names(): readonly string[] {
    return [...this.#notes.keys()];
  }

  /** Takes over what was written elsewhere: a decision, or a seal. */
  set(name: string, note: DirectoryNote | undefined): void {
    this.#changes += 1;
    if (note === undefined) this.#notes.delete(name);
    else this.#notes.set(name, note);
  }

  /** Reads the store, through an outage of it; says about which names a person decided anew. */
  async read(signal: AbortSignal): Promise<readonly string[]> {
    const { clock, gate, root, store } = this.#deps;
    while (store !== undefined && !signal.aborted) {
      const { closedUntil } = gate;
      if (closedUntil !== undefined) {
        await clock.sleep(Math.ceil(closedUntil - clock.now()), signal);
        continue;
      }
      const before = this.#changes;
      const isFirst = !this.#isLoaded;
      const asked = await gate.ask(() => store.notes(root.id, { decided: !isFirst }));
      if (asked.kind === 'failed') continue;
      if (before !== this.#changes && !isFirst) return [];
      this.#isLoaded = true;
      return this.#take(asked.value, isFirst);
    }
    return [];
  }

  #take(notes: readonly DirectoryNote[], isFirst: boolean): readonly string[] {
    const here = new Map(notes.map((note) => [note.relativePath, note]));
    const changed = notes.filter(({ decision, relativePath }) => {
      const known = this.#notes.get(relativePath)?.decision;
      return decision !== null && decision.at !== known?.at;
    });
    for (const note of isFirst ? notes : changed) this.#notes.set(note.relativePath, note);
    for (const [name, { decision }] of this.#notes) if (decision !== null && !here.has(name)) this.#notes.delete(name);
    return changed.map(({ relativePath }) => relativePath);
  }

  /** Remembers what the rules came to, where that is worth remembering and new. A failure is made good at the next look. */
  async keep(finding: DirectoryFinding): Promise<void> {
    const { gate, root, store } = this.#deps;
    const known = this.#notes.get(finding.relativePath);
    // The rename of an empty directory proves nothing later either.
    const isRename = finding.arrival === 'renamed' && finding.renamedFiles !== 0;
    const isWorthIt = finding.outcome !== 'waiting' || isRename;
    if (!isWorthIt) {
      if (known !== undefined && known.decision === null) await this.forget(finding.relativePath);
      return;
    }
    if (known !== undefined && isSameFinding(known, finding)) return;
    if (store === undefined || gate.closedUntil !== undefined) return;
    const asked = await gate.ask(() => store.note(root.id, finding));
    if (asked.kind === 'answer') this.set(finding.relativePath, asked.value);
  }

  /** Remembers that a directory is there, since now, under a name that is not final; one of that name before it is forgotten. */
  async remember(name: string, identity: string): Promise<void> {
    const { gate, root, store } = this.#deps;
    const known = this.#notes.get(name);
    if (store === undefined || gate.closedUntil !== undefined || known?.identity === identity) return;
    if (known !== undefined) await this.forget(name);
    const nothing = { outcome: 'waiting', reason: '', arrival: 'found', renamedFiles: null } as const;
    const asked = await gate.ask(() => store.note(root.id, { relativePath: name, ...nothing, identity }));
    if (asked.kind === 'answer') this.set(name, asked.value);
  }

  /** The directory is gone, or known: what a person holds or has set aside stays so, a release does not. */
  async forget(name: string): Promise<void> {
    const { gate, root, store } = this.#deps;
    const known = this.#notes.get(name);
    if (known === undefined || store === undefined || gate.closedUntil !== undefined) return;
    const asked = await gate.ask(() => store.forget(root.id, name));
    if (asked.kind === 'failed') return;
    const { decision } = known;
    const isKept = decision !== null && decision.decision !== 'release';
    const nothing = { outcome: 'waiting', reason: '', arrival: 'found', renamedFiles: null, identity: null } as const;
    this.set(name, isKept ? { ...known, ...nothing } : undefined);
  }

  /**
   * Forgets directories that went away while no watcher ran: those on the file system that lies at the watch path now. A file system that
   * is not mounted takes its directories with it, and they come back.
   */
  async forgetGone({ identity: at, isThere }: Pick<SourceListing, 'identity' | 'isThere'>): Promise<void> {
    const device = toDevice(at);
    const gone = [...this.#notes].filter(
      ([name, { identity }]) => !isThere(name) && identity !== null && toDevice(identity) === device,
    );
    for (const [name] of gone) await this.forget(name);
  }
}

/** Whether nothing of a finding would be new. */
function isSameFinding(known: DirectoryNote, { arrival, identity, outcome, renamedFiles }: DirectoryFinding): boolean {
  const isSameArrival = (known.arrival === 'renamed') === (arrival === 'renamed');
  const isSameRename = arrival !== 'renamed' || known.renamedFiles === renamedFiles;
  return known.outcome === outcome && known.identity === identity && isSameArrival && isSameRename;
}

/** Whether a note is about the directory that a look saw, and not about an earlier one of the same name. */
export function isAbout(note: DirectoryNote, { identity }: Pick<FolderListing, 'identity'>): boolean {
  return note.identity === null || note.identity === identity;
}

function toDevice(identity: string): string {
  return identity.slice(0, identity.indexOf(':'));
}
