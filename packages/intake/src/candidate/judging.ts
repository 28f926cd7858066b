import {
  type FolderFacts,
  type FolderListing,
  type FolderSight,
  judge,
  nextLookAt,
  observe,
  toRenamedFiles,
  type Verdict,
} from '@sendit/detector';
import type { FolderLook } from '@sendit/detector/node';
import type { CompletenessGrade } from '@sendit/model';
import type { Candidate } from '@sendit/processors';
import { isAbout } from '../seal/directory-notes.ts';
import { idle, STORE_AWAY, waiting } from './phases.ts';
import type { Answer, CandidateState, Effect, Moment, Step } from './state.ts';
import { type Told, tellKeptBack, tellOutcome, tellWaiting } from './telling.ts';

/** Shortest wait before a candidate is looked at again that only a person can help. */
const LEAST_AGAIN_MS = 1_000;

/** Shortest wait before it is seen whether one that is kept back is still there. */
export const KEPT_BACK_AGAIN_MS = 60_000;

/** Between two looks whether the watch path is back. */
const PATH_AWAY_AGAIN_MS = 1_000;

const PATH_AWAY = 'the watch path is away, or something else is mounted there';

type Looked = Extract<Answer, { readonly kind: 'looked' }>;

/**
 * Decides after a look at a candidate: it is gone, waits, its writers are asked for, or it is sealed with exactly the
 * files of this look.
 */
export function onLooked(state: CandidateState, candidate: Candidate, looked: Looked, moment: Moment): Step {
  const { now, settings } = moment;
  const { isInPlace, look, note, tookMs } = looked;
  if (state.isOvertaken) return { state: idle(state, now, moment), effects: [] };
  if (!isInPlace) {
    return { state: waiting({ ...state, reason: PATH_AWAY }, now + PATH_AWAY_AGAIN_MS), effects: [] };
  }
  const { listing } = look;
  if (!listing.exists) {
    const gone = { ...state, candidate: undefined, isGone: state.isRecorded };
    return settle(gone, undefined, { kind: 'forget-note', name: state.name });
  }
  const recalled = state.facts === undefined ? recall(state, candidate, looked, moment) : undefined;
  const facts = observe(state.facts ?? recalled?.sight ?? candidate, listing, now);
  const seen = { ...(recalled?.state ?? state), facts };
  const effects = recalled?.effects ?? [];
  const keptUntil = now + Math.max(settings.quietMs, KEPT_BACK_AGAIN_MS);
  if (note?.decision?.decision === 'release') {
    // A limit is not a person's to lift here: what was not listed cannot be sealed.
    if (listing.exceeds === undefined && listing.isDirectory && isAbout(note, listing))
      return seal(seen, candidate, { grade: 'released', look }, { moment, effects });
    return settle(seen, now + LEAST_AGAIN_MS, { kind: 'forget-note', name: state.name }, effects);
  }
  if (note !== undefined && note.decision !== null)
    return wait(tellKeptBack(seen, candidate, note, moment), keptUntil, effects);
  // Only a person, or its going away, ends a quarantine.
  if (seen.outcome === 'quarantine') return { state: waiting(seen, keptUntil), effects };
  if (candidate.rawName !== undefined) {
    const told = tellWaiting(seen, candidate, 'its name is not valid UTF-8; rename it', moment);
    return wait(told, now + Math.max(settings.quietMs, LEAST_AGAIN_MS), effects);
  }
  const verdict = judge(facts, settings.rules, now);
  // A sender that renames has said that it is done: asked is only where nothing but quiet proves it.
  const isWeak = verdict.grade === 'quiet' || verdict.grade === 'incomplete';
  if (!isWeak || !settings.asksWriters)
    return conclude(seen, candidate, { verdict, look, tookMs }, { moment, effects });
  const phase = { kind: 'asking', candidate, look, tookMs } as const;
  return { state: { ...seen, phase }, effects, work: { kind: 'ask-writers', candidate } };
}

/** Who has its files open was asked. Something may have been told of it meanwhile. */
export function onWriters(
  state: CandidateState,
  { candidate, look, tookMs }: Omit<Extract<CandidateState['phase'], { readonly kind: 'asking' }>, 'kind'>,
  { writers }: Extract<Answer, { readonly kind: 'writers' }>,
  moment: Moment,
): Step {
  const { now, settings } = moment;
  if (state.isOvertaken || state.facts === undefined) return { state: idle(state, now, moment), effects: [] };
  const facts = { ...state.facts, listing: { ...state.facts.listing, writers } };
  const verdict = judge(facts, settings.rules, now);
  return conclude({ ...state, facts }, candidate, { verdict, look, tookMs }, { moment, effects: [] });
}

interface Rest {
  readonly moment: Moment;
  readonly effects: readonly Effect[];
}

function conclude(
  state: CandidateState,
  candidate: Candidate,
  { look, tookMs, verdict }: { readonly verdict: Verdict; readonly look: FolderLook; readonly tookMs: number },
  { effects, moment }: Rest,
): Step {
  const { now, pending, settings } = moment;
  if (verdict.grade !== null) return seal(state, candidate, { grade: verdict.grade, look }, { moment, effects });
  // Not a directory any more, or never under a final name: only an event can bring it back.
  if (verdict.findings.some(({ rule, answer }) => rule === 'name' && answer === 'no'))
    return { state: idle(state, undefined, moment), effects };
  const told = tellOutcome(state, candidate, verdict, moment);
  const until = nextLookAt(verdict, now, { quietMs: settings.quietMs, tookMs, pending });
  const finding = toFinding(told.state, look.listing);
  return settle(told.state, until, { kind: 'keep-note', finding }, [...effects, ...told.effects]);
}

function toFinding({ facts, name, outcome, reason }: CandidateState, listing: FolderListing) {
  const arrival = facts?.arrival ?? 'found';
  const renamedFiles = (facts && toRenamedFiles(facts, listing)) ?? listing.files;
  return {
    relativePath: name,
    outcome,
    reason,
    arrival,
    renamedFiles: arrival === 'renamed' ? renamedFiles : null,
    identity: listing.identity ?? null,
  };
}

/** With the files of the look that was judged, and no others. */
function seal(
  state: CandidateState,
  candidate: Candidate,
  { grade, look }: { readonly grade: CompletenessGrade; readonly look: FolderLook },
  { effects, moment }: Rest,
): Step {
  const { storeClosedUntil } = moment;
  if (storeClosedUntil !== undefined)
    return { state: waiting({ ...state, reason: STORE_AWAY }, storeClosedUntil), effects };
  const phase = { kind: 'sealing', candidate, snapshotDigest: look.listing.snapshotDigest } as const;
  const isFirstTry = state.failures === 0;
  return { state: { ...state, phase }, effects, work: { kind: 'seal', candidate, grade, look, isFirstTry } };
}

/**
 * How a candidate came, at the first look at it: one that is only found, after a restart, is what is remembered of it if it is the same
 * directory; a rename proves what it brought, and nothing where nobody counted that. What it came to then still holds: a quarantine is
 * not judged anew.
 */
function recall(
  state: CandidateState,
  candidate: Candidate,
  { look, note }: Looked,
  moment: Moment,
): Told & { readonly sight: FolderSight | FolderFacts } {
  if (candidate.arrival !== 'found' || note === undefined || !isAbout(note, look.listing))
    return { state, effects: [], sight: candidate };
  const told = note.outcome === 'waiting' ? { state, effects: [] } : tellOutcome(state, candidate, note, moment);
  const { arrival, identity, renamedFiles } = note;
  const isRemembered = arrival === 'renamed' && identity !== null && renamedFiles !== null;
  return { ...told, sight: isRemembered ? { ...candidate, arrival, renamedFiles } : candidate };
}

function wait({ effects, state }: Told, until: number, before: readonly Effect[]): Step {
  return { state: waiting(state, until), effects: [...before, ...effects] };
}

function settle(
  state: CandidateState,
  until: number | undefined,
  work: NonNullable<Step['work']>,
  effects: readonly Effect[] = [],
): Step {
  return { state: { ...state, phase: { kind: 'settling', until } }, effects, work };
}
