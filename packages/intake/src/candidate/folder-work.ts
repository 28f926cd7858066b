import {
  type FolderFacts,
  type FolderListing,
  type FolderSight,
  judge,
  nextLookAt,
  observe,
  type Rule,
  toRenamedFiles,
  type Verdict,
} from '@sendit/detector';
import {
  type Clock,
  type CompletenessGrade,
  type DirectoryNote,
  type FolderSignature,
  type LatePolicy,
  type Logger,
  type ManifestFile,
  type MonotonicMs,
  type Root,
  type SealOutcome,
  toKeptBack,
  toErrorName,
} from '@sendit/model';
import { toBackoffMs } from '../turns/backoff.ts';
import { type DirectoryNotes, isAbout } from '../seal/directory-notes.ts';
import type { Entry } from './entry.ts';
import type { Landing } from './landing.ts';
import type { BatchStore } from '../ports.ts';
import type { SealedDirectory } from '../after/late-watch.ts';
import type { RecordedDirectory } from '../after/reconciler.ts';
import type { Candidate } from '@sendit/processors';
import type { StoreGate } from '../seal/store-gate.ts';

/** What {@link FolderWork} works with. */
export interface FolderWorkDeps {
  readonly root: Root;
  readonly store: BatchStore;
  readonly gate: StoreGate;
  readonly rules: readonly Rule[];
  readonly landing: Landing;
  /** Whether the watch path is what it was: else a look says nothing about what landed there. */
  readonly isInPlace: () => Promise<boolean>;
  readonly notes: DirectoryNotes;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onSealed: (directory: SealedDirectory) => void;
  /** It is in the store and came again. */
  readonly onKnown: (name: string) => void;
  /** A recorded one has other files than were sealed, which nobody has seen before. */
  readonly onLate: (recorded: RecordedDirectory) => void;
  /** What to do when a recorded directory comes with other files. */
  readonly late: LatePolicy;
  /** How long a directory must be quiet where nothing else proves it. */
  readonly quietMs: number;
  /** Directories seen and not yet sealed. */
  readonly pendingCount: () => number;
}

/** Shortest wait before a directory is looked at again that only a person can help. */
const LEAST_AGAIN_MS = 1_000;

/** Shortest wait before it is seen whether a quarantined directory is still there. */
const QUARANTINED_AGAIN_MS = 60_000;

const STORE_AWAY = 'the database does not answer';

/** Between two looks whether the watch path is back. */
const PATH_AWAY_AGAIN_MS = 1_000;

const PATH_AWAY = 'the watch path is away, or something else is mounted there';

/** What is done to one entry when it is due: record that it is gone, look, judge, seal, tell. */
export class FolderWork {
  readonly #deps: FolderWorkDeps;
  readonly #recorded: Set<string>;

  /** `recorded`: names that the store has and that are still there; kept up to date here. */
  constructor(deps: FolderWorkDeps, recorded: Set<string>) {
    this.#deps = deps;
    this.#recorded = recorded;
  }

  /** Takes one step; says when the next is due, or nothing when the candidate is done with. Never rejects. */
  async step(entry: Entry, signal: AbortSignal): Promise<MonotonicMs | undefined> {
    try {
      return await this.#step(entry, entry.candidate, signal);
    } catch (thrown) {
      if (!signal.aborted) {
        const fields = { root: this.#deps.root.name, error: toErrorName(thrown) };
        const { landing, logger } = this.#deps;
        logger.error(`A landing ${landing.unit} could not be looked at; it is tried again`, fields);
      }
      return this.#afterFailure(entry);
    }
  }

  async #step(entry: Entry, candidate: Candidate | undefined, signal: AbortSignal): Promise<MonotonicMs | undefined> {
    const { clock, gate, landing, notes, pendingCount, quietMs } = this.#deps;
    const blockedUntil = entry.gone || entry.reason === STORE_AWAY ? gate.closedUntil : undefined;
    if (blockedUntil !== undefined) return blockedUntil;
    if (entry.gone && !(await this.#deps.isInPlace())) {
      // It may have gone with the mount: what is back and gone all the same, the scan finds.
      entry.gone = false;
      if (candidate === undefined) return undefined;
    }
    if (entry.gone && !(await this.#recordGone(entry))) return this.#afterFailure(entry);
    if (candidate === undefined) await notes.forget(entry.name);
    if (candidate === undefined || entry.candidate !== candidate) return undefined;

    const lookedAt = clock.now();
    const { files, listing, signature } = await (landing.readToJudge?.(candidate, signal) ??
      landing.read(candidate, signal));
    const now = clock.now();
    if (entry.candidate !== candidate || entry.gone) return now;
    // After the look, so that what it saw is known to be of the right place.
    if (!(await this.#deps.isInPlace())) {
      entry.reason = PATH_AWAY;
      return clock.now() + PATH_AWAY_AGAIN_MS;
    }
    if (!listing.exists) {
      entry.gone = this.#recorded.has(entry.name);
      await notes.forget(entry.name);
      return undefined;
    }
    const facts = observe(entry.facts ?? this.#recall(entry, candidate, listing), listing, now);
    entry.facts = facts;
    const note = notes.get(entry.name);
    if (note?.decision?.decision === 'release') {
      // A limit is not a person's to lift here: what was not listed cannot be sealed.
      if (listing.exceeds === undefined && listing.isDirectory && isAbout(note, listing))
        return this.#seal(entry, candidate, { grade: 'released', files, signature });
      await notes.forget(entry.name);
    } else if (note !== undefined && note.decision !== null) {
      this.#tellKeptBack(entry, candidate, note);
      return now + Math.max(quietMs, QUARANTINED_AGAIN_MS);
    }
    // Only a person, or its going away, ends a quarantine.
    if (entry.outcome === 'quarantine') return now + Math.max(quietMs, QUARANTINED_AGAIN_MS);
    if (candidate.rawName !== undefined) {
      this.#tellWaiting(entry, candidate, 'its name is not valid UTF-8; rename it');
      return now + Math.max(quietMs, LEAST_AGAIN_MS);
    }
    const verdict = await this.#judge(entry, facts, signal);
    if (entry.candidate !== candidate || entry.gone) return clock.now();
    if (verdict.finished) return this.#seal(entry, candidate, { grade: verdict.grade, files, signature });
    // Not a directory any more, or never under a final name: only an event can bring it back.
    if (verdict.findings.some(({ rule, answer }) => rule === 'name' && answer === 'no')) return undefined;
    this.#tellOutcome(entry, candidate, verdict);
    await notes.keep({
      relativePath: entry.name,
      outcome: entry.outcome,
      reason: entry.reason,
      arrival: facts.arrival,
      renamedFiles: facts.arrival === 'renamed' ? (toRenamedFiles(facts, listing) ?? listing.files) : null,
      identity: listing.identity ?? null,
    });
    return nextLookAt(verdict, now, { quietMs, tookMs: now - lookedAt, pending: pendingCount() });
  }

  /**
   * How a directory came, at the first look at it: one that is only found, after a restart, is what is remembered of it if it is the same
   * directory; a rename proves what it brought, and nothing where nobody counted that. What it came to then still holds: a quarantine is
   * not judged anew.
   */
  #recall(entry: Entry, candidate: Candidate, listing: FolderListing): FolderSight {
    const note = candidate.arrival === 'found' ? this.#deps.notes.get(entry.name) : undefined;
    if (note === undefined || !isAbout(note, listing)) return candidate;
    if (note.outcome !== 'waiting') {
      this.#tellOutcome(entry, candidate, { outcome: note.outcome, reason: note.reason });
    }
    const { arrival, identity, renamedFiles } = note;
    const isRemembered = arrival === 'renamed' && identity !== null && renamedFiles !== null;
    return isRemembered ? { ...candidate, arrival, renamedFiles } : candidate;
  }

  async #recordGone(entry: Entry): Promise<boolean> {
    const { gate, root, store } = this.#deps;
    entry.gone = false;
    const asked = await gate.ask(() => store.markVanished(root.id, entry.name), entry.failures === 0);
    if (asked.kind === 'failed') entry.gone = true;
    else this.#recorded.delete(entry.name);
    return asked.kind === 'answer';
  }

  /** Asks who has files open only where nothing but quiet proves it: a sender that renames has said that it is done. */
  async #judge(entry: Entry, facts: FolderFacts, signal: AbortSignal): Promise<Verdict> {
    const { clock, landing, rules } = this.#deps;
    const verdict = judge(facts, rules, clock.now());
    const isWeak = verdict.grade === 'quiet' || verdict.grade === 'incomplete';
    if (landing.readWriters === undefined || !isWeak || entry.candidate === undefined) {
      return verdict;
    }
    const writers = await landing.readWriters(entry.candidate, signal);
    // Something may have been told of it meanwhile.
    const latest = entry.facts ?? facts;
    const withWriters = { ...latest, listing: { ...latest.listing, writers } };
    if (entry.facts !== undefined) entry.facts = withWriters;
    return judge(withWriters, rules, clock.now());
  }

  /** Without `findings` it is what was remembered. */
  #tellOutcome(
    entry: Entry,
    candidate: Candidate,
    { findings, outcome, reason }: Pick<Verdict, 'outcome' | 'reason'> & Partial<Pick<Verdict, 'findings'>>,
  ): void {
    // After a restart its longest wait begins again, and it is held all the same.
    if (outcome === 'waiting' && entry.outcome === 'hold') {
      entry.reason = reason;
      return;
    }
    if (outcome === 'waiting' || outcome === 'finished') return this.#tellWaiting(entry, candidate, reason);
    entry.reason = reason;
    if (entry.outcome === outcome) return;
    entry.outcome = outcome;
    entry.told = reason;
    const { clock, landing, logger, root } = this.#deps;
    const isHeld = outcome === 'hold';
    const isLate = findings?.some(({ answer, kind }) => kind === 'deadline' && answer === 'yes') ?? true;
    const cause = isLate ? 'has waited too long' : 'cannot be taken as it is';
    logger.log(`3|${isHeld ? 'HELD' : 'QUARANTINED'}: ${landing.toSubject(candidate)} (${reason})`);
    logger.warning(
      isHeld
        ? `A ${landing.unit} ${cause}; it is held until it is complete: see \`sendit watcher pending\``
        : `A ${landing.unit} ${cause}; it is quarantined: see \`sendit watcher pending\``,
      { root: root.name, reason, waitedMs: Math.round(clock.now() - entry.since) },
    );
  }

  #tellWaiting(entry: Entry, candidate: Candidate, reason: string): void {
    entry.reason = reason;
    if (entry.told === reason) return;
    entry.told = reason;
    const { landing, logger } = this.#deps;
    logger.log(`3|WAITING: ${landing.toSubject(candidate)} (${reason})`);
  }

  /** `files` and `signature`: those of the look that was judged. */
  async #seal(
    entry: Entry,
    candidate: Candidate,
    seen: {
      readonly grade: CompletenessGrade | null;
      readonly files: Iterable<ManifestFile>;
      readonly signature: FolderSignature | null;
    },
  ): Promise<MonotonicMs | undefined> {
    const { grade, files: manifest, signature } = seen;
    const { clock, gate, landing, late, logger, notes, root, store } = this.#deps;
    if (grade === null || entry.facts === undefined) throw new TypeError('Expected a finished verdict with facts');
    if (gate.closedUntil !== undefined) {
      entry.reason = STORE_AWAY;
      return gate.closedUntil;
    }
    const { files, bytes, manifestDigest } = entry.facts.listing;
    const { name, path } = candidate;
    const request = {
      rootId: root.id,
      unit: landing.unit,
      relativePath: name,
      path,
      name,
      grade,
      files,
      bytes,
      manifestDigest,
      manifest,
      signature,
      late,
    };
    const asked = await gate.ask(() => store.seal(request), entry.failures === 0);
    if (asked.kind === 'answer') {
      if (asked.value.kind === 'kept-back') {
        notes.set(name, asked.value.note);
        this.#tellKeptBack(entry, candidate, asked.value.note);
        return clock.now() + QUARANTINED_AGAIN_MS;
      }
      this.#recorded.add(name);
      if (asked.value.kind === 'sealed' || asked.value.kind === 'renamed') notes.set(name, undefined);
      else await notes.forget(name);
      this.#tell(candidate, asked.value, manifestDigest);
      return undefined;
    }
    entry.reason = gate.isClosed ? STORE_AWAY : `the database refuses it: ${asked.error}`;
    if (!gate.isClosed && entry.told !== entry.reason) {
      entry.told = entry.reason;
      const fields = { root: root.name, error: asked.error };
      logger.error(`The database refuses a finished ${landing.unit} and takes others; it is tried again`, fields);
    }
    return this.#afterFailure(entry);
  }

  /** A person's word stands above the rules; told once for each decision. */
  #tellKeptBack(entry: Entry, candidate: Candidate, note: DirectoryNote): void {
    const { outcome, reason } = toKeptBack(note);
    if (entry.told === reason) return;
    entry.told = reason;
    const { landing, logger } = this.#deps;
    logger.log(`3|${outcome === 'hold' ? 'HELD' : 'QUARANTINED'}: ${landing.toSubject(candidate)} (${reason})`);
  }

  #tell(candidate: Candidate, outcome: Exclude<SealOutcome, { kind: 'kept-back' }>, manifestDigest: string): void {
    const { landing, logger, onKnown, onLate, onSealed } = this.#deps;
    const { batchId: batch, generation } = outcome;
    const { name, path } = candidate;
    const subject = landing.toSubject(candidate);
    if (outcome.isLate) onLate({ name, path, batchId: batch });
    if (outcome.kind === 'renamed') {
      logger.log(`3|RENAMED: ${subject} (it was ${outcome.from})`, { batch, generation });
      onSealed({ name, path, manifestDigest, batch, generation });
      return;
    }
    if (outcome.kind !== 'known') {
      logger.log(`3|${outcome.kind.toUpperCase()}: ${subject}`, { batch, generation });
      onSealed({ name, path, manifestDigest, batch, generation });
      return;
    }
    onKnown(name);
    logger.log(`3|KNOWN: ${subject}`, { batch, generation });
  }

  /** Just after the others, so that one directory that always fails does not hold them up. */
  #afterFailure(entry: Entry): MonotonicMs {
    entry.failures += 1;
    const { clock, gate } = this.#deps;
    return Math.max(gate.closedUntil ?? 0, clock.now() + toBackoffMs(entry.failures)) + 1;
  }
}
