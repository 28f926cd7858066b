import { idle } from './phases.ts';
import type { Aftercare, Answer, CandidateState, Effect, Moment, RecordedBatch, Step } from './state.ts';
import { toLateEffects, toLine } from './telling.ts';

/** After this long nobody looks any more: an event, a scan or a person finds what changes then. */
const LONGEST_MS = 4 * 60 * 60 * 1000;

const SHORTEST_MS = 1_000;

/** Subject of a check. */
interface Checked {
  readonly batch: RecordedBatch;
  /** It is one of the looks after the seal, of which nobody else asks the store. */
  readonly isAftercare: boolean;
}

/**
 * A sealed batch is looked at again after ever longer waits: a sender that goes on writing after its rename, or after a pause longer
 * than the quiet time, is not lost in silence. A restart forgets it; the reconcile does not.
 */
export function toAftercare(batch: RecordedBatch, snapshotDigest: string, { now, settings }: Moment): Aftercare {
  const waitMs = Math.max(settings.quietMs, SHORTEST_MS);
  return { batch, snapshotDigest, waitMs, at: now + waitMs, asksWriters: settings.asksWriters };
}

/** After a look at a recorded batch; the first one after the seal tells of a file that is still open. */
export function onChecked(
  state: CandidateState,
  checked: Checked,
  looked: Extract<Answer, { readonly kind: 'looked' }>,
  moment: Moment,
): Step {
  const { aftercare } = state;
  if (looked.writers === undefined || aftercare === undefined) return onLookedAgain(state, checked, looked, moment);
  const asked = { ...state, aftercare: { ...aftercare, asksWriters: false } };
  const { effects, ...step } = onLookedAgain(asked, checked, looked, moment);
  if (looked.writers.kind !== 'open' || !looked.isInPlace) return { ...step, effects };
  return { ...step, effects: [toOpenEffect(checked.batch, moment), ...effects] };
}

/** It was sealed since its sender said that it was done: this is a doubt, and holds nothing up. */
function toOpenEffect({ batchId: batch }: RecordedBatch, { settings: { root, unit } }: Moment): Effect {
  const message = `A sealed ${unit} has a file that is still open for writing: its sender goes on after it said that it was done; what it writes is told as late`;
  return { kind: 'say', level: 'warning', message, fields: { root, batch } };
}

/** Reports to the store what a look found, unless a look after the seal finds nothing new. */
function onLookedAgain(
  state: CandidateState,
  { batch, isAftercare }: Checked,
  { isInPlace, look }: Extract<Answer, { readonly kind: 'looked' }>,
  moment: Moment,
): Step {
  const { exists, isDirectory, snapshotDigest, unreadable } = look.listing;
  const isReadable = exists && isDirectory && unreadable === 0;
  const isUntouched = snapshotDigest === state.aftercare?.snapshotDigest;
  if (state.isOvertaken) return { state: idle(state, undefined, moment), effects: [] };
  if (isAftercare && (!isReadable || isUntouched))
    return { state: idle(lookLater(state, moment), undefined, moment), effects: [] };
  if (!isInPlace) return onSeen(state, { batch, isAftercare, snapshotDigest }, NOT_TOLD, moment);
  if (!exists) return { state: idle({ ...state, isGone: true }, moment.now, moment), effects: [] };
  if (!isReadable) return { state: idle(state, undefined, moment), effects: [] };
  const phase = { kind: 'noting', batch, isAftercare, snapshotDigest } as const;
  return { state: { ...state, phase }, effects: [], work: { kind: 'note-seen', batch, look } };
}

const NOT_TOLD = { kind: 'seen', outcome: undefined } as const;

/** After the report: logs the changes and, by the late-arrival policy, has the batch judged and sealed anew. */
export function onSeen(
  state: CandidateState,
  { batch, isAftercare, snapshotDigest }: Checked & { readonly snapshotDigest: string },
  { outcome }: Extract<Answer, { readonly kind: 'seen' }>,
  moment: Moment,
): Step {
  const { now, settings } = moment;
  const { aftercare } = state;
  if (outcome === undefined) {
    const again = aftercare && { ...aftercare, at: now + aftercare.waitMs };
    return { state: idle(isAftercare ? { ...state, aftercare: again } : state, undefined, moment), effects: [] };
  }
  // Touched, and as it was sealed all the same.
  if (outcome.kind === 'unchanged') {
    const seen = aftercare && { ...aftercare, snapshotDigest };
    return {
      state: idle(isAftercare ? lookLater({ ...state, aftercare: seen }, moment) : state, undefined, moment),
      effects: [],
    };
  }
  const told = isAftercare ? { ...state, aftercare: undefined } : state;
  const late = outcome.kind === 'late' && outcome.isNew ? toLateEffects(batch, moment) : [];
  if (outcome.kind === 'reopened') {
    const line = toLine(`3|REOPENED: ${settings.toSubject(batch)}`, { batch: batch.batchId });
    return { state: idle(told, undefined, moment), effects: [line, { kind: 'wake-relay' }] };
  }
  const isToBeSealed = outcome.kind === 'replaced' || (outcome.kind === 'late' && !outcome.isLeft);
  if (!isToBeSealed || told.isOvertaken) return { state: idle(told, undefined, moment), effects: late };
  const { name, path } = batch;
  const candidate = { name, path, arrival: 'found' } as const;
  return { state: idle({ ...told, candidate }, now, moment), effects: late };
}

/** A look at a recorded batch failed. */
export function onCheckFailed(state: CandidateState, { isAftercare }: Checked, moment: Moment): CandidateState {
  return idle(isAftercare ? lookLater(state, moment) : state, undefined, moment);
}

function lookLater(state: CandidateState, { now }: Moment): CandidateState {
  const { aftercare } = state;
  if (aftercare === undefined) return state;
  const waitMs = aftercare.waitMs * 2;
  return { ...state, aftercare: waitMs > LONGEST_MS ? undefined : { ...aftercare, waitMs, at: now + waitMs } };
}
