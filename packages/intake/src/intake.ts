import { DEFAULT_MAX_WAIT_MS, DEFAULT_QUIET_MS } from '@sendit/detector';
import { findRefusal, keepsInodes, readEntryIdentity } from '@sendit/detector/node';
import { defaultLatePolicy, type DirectoryNote, type FileEvent } from '@sendit/model';
import { type Candidate, withoutSlash } from '@sendit/processors';
import { lookAtAmended } from './after/look-at-amended.ts';
import { readAgain } from './after/read-again.ts';
import { reconcile, type ReconcileDeps } from './after/reconcile.ts';
import { Candidates } from './candidate/candidates.ts';
import { toRules } from './candidate/to-rules.ts';
import type { Intake, IntakeDeps } from './intake-port.ts';
import { DirectoryNotes } from './seal/directory-notes.ts';
import { recallNames } from './seal/recall-names.ts';
import { StoreGate } from './seal/store-gate.ts';
import type { CandidateSink, CandidateSource, SourceListing } from './sources/candidate-source.ts';
import { DirectorySource } from './sources/directory-source.ts';
import { type ScanOutcome, Scanner } from './sources/scanner.ts';
import { UnitSource } from './sources/units/unit-source.ts';

/** An intake for one watch path. @throws TypeError when its unit is a series or a study and there is no `disk`. */
export function createIntake(deps: IntakeDeps): Intake {
  return new SourceIntake(deps);
}

/** Brings what one source tells of to the store, and looks after it: the same for directories, series and studies. */
class SourceIntake implements Intake {
  readonly watchPath: { readonly name: string; readonly folder: string };
  readonly #deps: IntakeDeps;
  readonly #gate: StoreGate;
  readonly #notes: DirectoryNotes;
  readonly #source: CandidateSource;
  readonly #candidates: Candidates;
  readonly #scanner: Scanner;
  #keepsInodes = false;

  constructor(deps: IntakeDeps) {
    const { clock, logger, root, store, watchPath } = deps;
    const folder = withoutSlash(watchPath.folder);
    this.watchPath = { name: watchPath.name, folder };
    this.#deps = deps;
    this.#gate = new StoreGate({ clock, logger, root: root.name });
    this.#notes = new DirectoryNotes({ root, store: deps.notes, gate: this.#gate, clock });
    const source = openSource(deps, this.#toSink());
    this.#source = source;
    const shared = { ...this.#shared, source, landing: source };
    const settings = {
      root: root.name,
      unit: source.unit,
      toSubject: (candidate: Pick<Candidate, 'name' | 'path'>) => source.toSubject(candidate),
      rules: toRules(watchPath),
      quietMs: watchPath.quietMs ?? DEFAULT_QUIET_MS,
      late: watchPath.late ?? defaultLatePolicy(source.unit),
      asksWriters: source.readWriters !== undefined,
      maxWaitMs: watchPath.maxWaitMs ?? DEFAULT_MAX_WAIT_MS,
      nameWarning: source.nameWarning,
      prefix: toPrefix(folder),
    };
    // What becomes due together is sealed together.
    const { concurrency = 64 } = deps;
    const inodes = (): boolean => this.#keepsInodes;
    const { readDigests } = deps;
    const looking = { notes: this.#notes, keepsInodes: inodes, readDigests };
    const candidates = new Candidates({ ...shared, ...looking, settings, concurrency });
    this.#candidates = candidates;
    this.#scanner = new Scanner({
      ...shared,
      candidates,
      store,
      reconcile: (known, options, signal) => reconcile(known, { ...this.#reconciling, ...options }, signal),
      onListing: (listing, signal) => this.#recall(listing, signal),
    });
  }

  get isRecursive(): boolean {
    return this.#source.isRecursive;
  }

  submit(candidate: Candidate): void {
    this.#source.submit(candidate);
  }

  leave(name: string): void {
    this.#source.leave(name);
  }

  note(event: FileEvent): void {
    this.#source.onEvent(event);
  }

  decide(name: string, note: DirectoryNote | undefined): void {
    this.#notes.set(name, note);
    if (note !== undefined && (!this.isRecursive || this.#candidates.has(name))) this.#reconsider(name);
  }

  async scan(signal: AbortSignal): Promise<ScanOutcome> {
    this.#askInodes();
    for (const name of await this.#notes.read(signal)) if (this.#candidates.has(name)) this.#reconsider(name);
    const outcome = await this.#scanner.scan(signal);
    if (outcome.kind !== 'scanned') return outcome;
    const again = {
      ...this.#shared,
      findRefusal: this.#deps.findRefusal ?? findRefusal,
      toSubject: (batch: Pick<Candidate, 'name' | 'path'>) => this.#source.toSubject(batch),
      onReopened: this.#shared.onSealed,
    };
    await readAgain(again, signal);
    await lookAtAmended({ ...this.#shared, ...this.#reconciling }, signal);
    return outcome;
  }

  pending(): ReturnType<Intake['pending']> {
    this.#source.refreshNames?.();
    const pending = this.#candidates.pending();
    return { count: pending.length, candidates: [...pending, ...this.#source.leftAlone.pending()] };
  }

  get pendingCount(): number {
    this.#source.refreshNames?.();
    return this.#candidates.pendingCount + this.#candidates.unfinished.length;
  }

  get kept(): Intake['kept'] {
    return this.#candidates.kept();
  }

  get storeProblem(): string | null {
    return this.#gate.problem;
  }

  get skippedTests(): number {
    return this.#source.wanted.skippedTests;
  }

  get ignored(): number {
    return this.#source.wanted.ignored;
  }

  get problems(): readonly string[] {
    return this.#source.leftAlone.problems;
  }

  get lateChanges(): number {
    return this.#candidates.lateChanges;
  }

  async run(signal: AbortSignal): Promise<void> {
    // Nothing is judged before it is known what was decided about it.
    await this.#notes.read(signal);
    await Promise.all([this.#candidates.run(signal), this.#source.run(signal)]);
  }

  /** Not waited for: until it is known what inode numbers say, only times of birth tell one file from another. */
  #askInodes(): void {
    void (this.#deps.keepsInodes ?? keepsInodes)(this.watchPath.folder).then((keeps) => {
      this.#keepsInodes = keeps;
    });
  }

  get #shared() {
    const { clock, logger, mount, onSealed, root, store } = this.#deps;
    const isInPlace = async (): Promise<boolean> => (await mount?.isInPlace()) ?? true;
    return { root, store, gate: this.#gate, clock, logger, isInPlace, onSealed: (): void => onSealed?.() };
  }

  get #reconciling(): ReconcileDeps {
    const source = this.#source;
    return {
      candidates: this.#candidates,
      toPath: (name) => source.toPath(name),
      isUnchanged: (name, batch) => source.isUnchanged(name, batch),
    };
  }

  #toSink(): CandidateSink {
    return {
      submit: (candidate) => this.#candidates.submit(candidate),
      look: (name) => this.#candidates.look(name),
      leave: (name) => this.#candidates.leave(name, !this.#scanner.isComplete),
      name: (name, reason) => this.#candidates.name(name, reason),
      unname: (name) => this.#candidates.leave(name, false),
      seeNames: (names) => this.#candidates.seeNames(names),
      isArriving: (name) => this.#candidates.isArriving(name),
    };
  }

  #reconsider(name: string): void {
    this.#candidates.reconsider({ name, path: this.#source.toPath(name), arrival: 'found' });
  }

  /** Forgets notes of names that are gone; takes over the first-seen time of the others. */
  async #recall(listing: SourceListing, signal: AbortSignal): Promise<void> {
    await this.#notes.forgetGone(listing);
    const { readIdentity = readEntryIdentity, wallNow = Date.now } = this.#deps;
    const prefix = toPrefix(this.watchPath.folder);
    const { clock } = this.#deps;
    await recallNames(
      { candidates: this.#candidates, notes: this.#notes, prefix, readIdentity, wallNow, clock },
      signal,
    );
  }
}

function openSource(deps: IntakeDeps, sink: CandidateSink): CandidateSource {
  const { disk, watchPath } = deps;
  const { unit = 'directory' } = watchPath;
  if (unit === 'directory') return new DirectorySource(deps, sink);
  if (disk === undefined) throw new TypeError(`Expected \`disk\` for a watch path whose unit is ${unit}`);
  return new UnitSource({ ...deps, unit, disk }, sink);
}

function toPrefix(folder: string): string {
  return folder.endsWith('/') ? folder : `${folder}/`;
}
