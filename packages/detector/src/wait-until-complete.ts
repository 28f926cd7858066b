import { basename, resolve } from 'node:path';
import { type CompletenessGrade, systemClock } from '@sendit/model';
import { type Explanation, explain } from './explain.ts';
import { type FolderFacts, type FolderListing, type FolderSight, observe } from './facts.ts';
import { toNameRules } from './name-rules.ts';
import { nextLookAt } from './next-look.ts';
import { DEFAULT_QUIET_MS, profile } from './profile.ts';
import { readFolder } from './read-folder.ts';
import type { SidecarNames } from './read-sidecars.ts';
import { readWriters } from './read-writers.ts';
import type { Finding, Rule } from './rule.ts';

/** How {@link waitUntilComplete} and {@link inspect} judge. */
export interface CompletenessOptions extends SidecarNames {
  /**
   * `safe` (default): any proof, quiet among them. `strict`: a manifest alone. `legacy` needs renames, which only
   * events report.
   */
  readonly profile?: 'safe' | 'strict' | undefined;
  /** How long nothing may change where nothing else proves it; 15,000 ms by default. */
  readonly quietMs?: number | undefined;
  /** Fewest files; 1 by default. */
  readonly minFiles?: number | undefined;
  /** Globs of names that are ignored, beside the usual ones. */
  readonly ignore?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Result of a look. */
export interface Completeness {
  /** Absolute. */
  readonly path: string;
  readonly isComplete: boolean;
  /** The strongest proof, or null if there is none yet. */
  readonly grade: CompletenessGrade | null;
  /** Why it is complete, or what it waits for. Holds no file names. */
  readonly reason: string;
  /** Steps that would finish it, most direct first; empty if complete. */
  readonly toFinish: readonly string[];
  readonly files: number;
  readonly bytes: number;
  /** Each rule's answer and evidence. */
  readonly findings: readonly Finding[];
}

const NEVER = new AbortController().signal;
/** Between two looks at what is not there. */
const ABSENT_AGAIN_MS = 1_000;

/**
 * Waits until a directory is complete, looking again and again; one that is not there yet is waited for. How it came is not known, so that
 * a rename proves nothing here. As long as it takes: give an `AbortSignal.timeout` to bound it.
 * @throws the signal's reason when aborted. @throws TypeError when an option is out of range.
 */
export async function waitUntilComplete(path: string, options: CompletenessOptions = {}): Promise<Completeness> {
  const { quietMs = DEFAULT_QUIET_MS, signal = NEVER } = options;
  const place = toPlace(path, options);
  let facts: FolderFacts | undefined;
  for (;;) {
    signal.throwIfAborted();
    const startedAt = systemClock.now();
    const listing = await place.read(signal);
    const now = systemClock.now();
    // What is gone is another one when it comes again.
    facts = listing.exists ? observe(facts ?? place.sight, listing, now) : undefined;
    const told = facts === undefined ? undefined : await place.judge(facts, now, signal);
    if (told?.finished === true) return toCompleteness(told, listing);
    const next =
      told === undefined
        ? now + Math.min(ABSENT_AGAIN_MS, quietMs)
        : nextLookAt(told, now, { quietMs, tookMs: now - startedAt });
    await systemClock.sleep(Math.max(next - systemClock.now(), 1), signal);
  }
}

/**
 * Looks at a directory once. Its quiet time is measured from its files' change times by this host's clock: right on a
 * local disk, and where a share's clock agrees; {@link waitUntilComplete} needs no such trust.
 * @throws the signal's reason when aborted. @throws TypeError when an option is out of range.
 */
export async function inspect(path: string, options: CompletenessOptions = {}): Promise<Completeness> {
  const { signal = NEVER } = options;
  const place = toPlace(path, options);
  const listing = await place.read(signal);
  const now = systemClock.now();
  const quietForMs = listing.newestCtimeMs === null ? 0 : Math.max(0, Date.now() - listing.newestCtimeMs);
  const changedAt = now - quietForMs;
  const seen = observe(place.sight, listing, changedAt);
  return toCompleteness(await place.judge({ ...seen, observedAt: now }, now, signal), listing);
}

/** One directory and its rules. */
interface Place {
  readonly sight: FolderSight;
  read(signal: AbortSignal): Promise<FolderListing>;
  /** Asks who still writes only where nothing else speaks against it. */
  judge(facts: FolderFacts, now: number, signal: AbortSignal): Promise<Explanation>;
}

function toPlace(path: string, options: CompletenessOptions): Place {
  const { ignore = [], profile: name = 'safe', signal: _signal, ...settings } = options;
  const absolute = resolve(path);
  const rules = toRules(name, settings);
  const names = toNameRules({ ignore });
  const judge = (facts: FolderFacts, now: number): Explanation => explain({ path: absolute, facts, rules, now });
  return {
    sight: { name: basename(absolute), arrival: 'found' },
    read: (signal) => readFolder(absolute, signal, { ...settings, names }),
    judge: async (facts, now, signal) => {
      const told = judge(facts, now);
      if (!told.finished) return told;
      const writers = await readWriters(absolute, signal);
      return judge({ ...facts, listing: { ...facts.listing, writers } }, now);
    },
  };
}

function toRules(name: string, { minFiles, quietMs }: CompletenessOptions): readonly Rule[] {
  if (name === 'safe' || name === 'strict') return profile(name, { minFiles, quietMs, maxWaitMs: false });
  throw new TypeError(`Expected \`profile\` to be safe or strict, got \`${name}\``);
}

function toCompleteness(
  { findings, finished, grade, path, reason, toFinish }: Explanation,
  listing: FolderListing,
): Completeness {
  const { bytes, exists, files } = listing;
  const found = { path, isComplete: finished, grade, toFinish, files, bytes, findings };
  return { ...found, reason: exists ? reason : 'it is not there' };
}
