import { type DirectoryNote, type SealOutcome, toKeptBack } from '@sendit/model';
import type { Verdict } from '@sendit/detector';
import type { Candidate } from '@sendit/processors';
import type { CandidateState, Effect, Moment, RecordedBatch } from './state.ts';

/** A state after something was told of it. */
export interface Told {
  readonly state: CandidateState;
  readonly effects: readonly Effect[];
}

/** Lines about why an unfinished candidate waits; each reason is logged once. */
export function tellWaiting(state: CandidateState, candidate: Candidate, reason: string, moment: Moment): Told {
  if (state.told === reason) return { state: { ...state, reason }, effects: [] };
  const line = `3|WAITING: ${moment.settings.toSubject(candidate)} (${reason})`;
  return { state: { ...state, reason, told: reason }, effects: [toLine(line)] };
}

/** Result of the rules; without `findings` it comes from a note. */
export function tellOutcome(
  state: CandidateState,
  candidate: Candidate,
  { findings, outcome, reason }: Pick<Verdict, 'outcome' | 'reason'> & Partial<Pick<Verdict, 'findings'>>,
  moment: Moment,
): Told {
  // After a restart its longest wait begins again, and it is held all the same.
  if (outcome === 'waiting' && state.outcome === 'hold') return { state: { ...state, reason }, effects: [] };
  if (outcome === 'waiting' || outcome === 'finished') return tellWaiting(state, candidate, reason, moment);
  if (state.outcome === outcome) return { state: { ...state, reason }, effects: [] };
  const { root, toSubject, unit } = moment.settings;
  const isHeld = outcome === 'hold';
  const isLate = findings?.some(({ answer, kind }) => kind === 'deadline' && answer === 'yes') ?? true;
  const cause = isLate ? 'has waited too long' : 'cannot be taken as it is';
  const then = isHeld ? 'it is held until it is complete' : 'it is quarantined';
  const fields = { root, reason, waitedMs: Math.round(moment.now - state.since) };
  return {
    state: { ...state, reason, outcome, told: reason },
    effects: [
      toLine(`3|${isHeld ? 'HELD' : 'QUARANTINED'}: ${toSubject(candidate)} (${reason})`),
      { kind: 'say', level: 'warning', message: `A ${unit} ${cause}; ${then}: see \`sendit watcher pending\``, fields },
    ],
  };
}

/** A person's word stands above the rules; told once for each decision. */
export function tellKeptBack(state: CandidateState, candidate: Candidate, note: DirectoryNote, moment: Moment): Told {
  const { outcome, reason } = toKeptBack(note);
  if (state.told === reason) return { state, effects: [] };
  const word = outcome === 'hold' ? 'HELD' : 'QUARANTINED';
  const line = `3|${word}: ${moment.settings.toSubject(candidate)} (${reason})`;
  return { state: { ...state, told: reason }, effects: [toLine(line)] };
}

/** A name that cannot be taken has waited too long: told once. */
export function tellOverdue(state: CandidateState, { now, settings }: Moment): Told {
  const waitedMs = now - state.since;
  const { maxWaitMs, nameWarning, prefix, root } = settings;
  if (maxWaitMs === false || waitedMs < maxWaitMs || state.told !== undefined) return { state, effects: [] };
  const { name, reason } = state;
  const fields = { root, reason, waitedMs: Math.round(waitedMs) };
  return {
    state: { ...state, told: reason },
    effects: [
      toLine(`3|HELD: ${prefix}${name} (${reason})`),
      { kind: 'say', level: 'warning', message: nameWarning, fields },
    ],
  };
}

/** Lines about the store's answer for a candidate. */
export function toSealEffects(
  candidate: Candidate,
  outcome: Exclude<SealOutcome, { kind: 'kept-back' }>,
  moment: Moment,
): readonly Effect[] {
  const { batchId: batch, generation, kind } = outcome;
  const { name, path } = candidate;
  const subject = moment.settings.toSubject(candidate);
  const fields = { batch, generation };
  const late = outcome.isLate ? toLateEffects({ name, path, batchId: batch }, moment) : [];
  const was = kind === 'renamed' ? ` (it was ${outcome.from})` : '';
  const line = toLine(`3|${kind.toUpperCase()}: ${subject}${was}`, fields);
  return kind === 'known' ? [...late, line] : [...late, line, { kind: 'wake-relay' }];
}

/** A content that was not seen before, of a recorded batch. */
export function toLateEffects(batch: RecordedBatch, { settings }: Moment): readonly Effect[] {
  const { late, root, toSubject, unit } = settings;
  const then = late === 'ignore' ? 'it is not processed again' : 'it is sealed anew when it is complete';
  const fields = { root, batch: batch.batchId, policy: late };
  return [
    { kind: 'count-late' },
    toLine(`3|LATE: ${toSubject(batch)} (files changed after it was sealed)`, { batch: batch.batchId }),
    { kind: 'say', level: 'warning', message: `A ${unit} changed after it was sealed; ${then}`, fields },
  ];
}

/** A line of the transcript. */
export function toLine(message: string, fields?: Readonly<Record<string, string | number>>): Effect {
  return { kind: 'say', level: 'log', message, ...(fields && { fields }) };
}
