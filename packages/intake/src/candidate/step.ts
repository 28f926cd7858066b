import { touch } from '@sendit/detector';
import type { SealOutcome } from '@sendit/model';
import type { Candidate } from '@sendit/processors';
import { onChecked, onCheckFailed, onSeen, toAftercare } from './aftercare.ts';
import { KEPT_BACK_AGAIN_MS, onLooked, onWriters } from './judging.ts';
import { afterFailure, due, idle, STORE_AWAY, waiting } from './phases.ts';
import { type CandidateState, createState, type Effect, type Input, isBusy, type Moment, type Step } from './state.ts';
import { tellKeptBack, tellOverdue, toSealEffects } from './telling.ts';

/**
 * Applies one input to a candidate. Pure: the caller carries out the effects at once and the work in its own time, and
 * gives the work's answer as the next input. The phases stand at `Phase`, the transitions in docs/candidates.md; a test
 * holds them to each other.
 *
 * - At most one piece of work goes on for a name. What comes up meanwhile (it arrived anew, it went) overtakes the
 * work: a look that
 *   was overtaken is not judged, and the name is due again as soon as the work has ended.
 * - A seal takes the files of the one look that was judged.
 * - What the store refuses, and what fails, is due again later. A candidate leaves without being recorded only when it
 * is gone, or when
 *   its name is not final.
 * - What is recorded and goes away is told to the store before anything else happens to the name.
 */
export function step(state: CandidateState, input: Input, moment: Moment): Step {
  switch (input.kind) {
    case 'arrived':
      return only(arrive(state, input.candidate, moment));
    case 'left':
      return only(leave(state, input.mayBeRecorded, moment));
    case 'named':
      return name(state, input, moment);
    case 'recalled':
      return recall(state, input, moment);
    case 'recorded':
      return only({ ...state, isRecorded: true });
    case 'disowned':
      return only({ ...state, isRecorded: false });
    case 'wanted':
      return only(state.candidate === undefined ? state : due(state, moment));
    case 'dismissed':
      return only(dismiss(state, moment));
    case 'check': {
      const isFree = !isBusy(state) && state.phase.kind !== 'unfinished' && state.candidate === undefined;
      return isFree && !state.isGone ? check(state, { batch: input.batch, isAftercare: false }) : only(state);
    }
    case 'turn':
      return state.phase.kind === 'waiting' ? takeTurn(state, moment) : only(state);
    case 'marked':
    case 'looked':
    case 'writers':
    case 'answered':
    case 'refused':
    case 'seen':
    case 'settled':
    case 'failed':
      return answer(state, input, moment);
  }
}

type AnswerInput = Exclude<
  Input,
  {
    kind:
      | 'arrived'
      | 'left'
      | 'named'
      | 'recalled'
      | 'recorded'
      | 'disowned'
      | 'wanted'
      | 'dismissed'
      | 'check'
      | 'turn';
  }
>;

/** An answer to anything but the work that is being done is a mistake of the caller. @throws TypeError */
function answer(state: CandidateState, input: AnswerInput, moment: Moment): Step {
  const { phase } = state;
  if (input.kind === 'failed' && isBusy(state)) return fail(state, input.error, moment);
  if (phase.kind === 'marking' && input.kind === 'marked') return onMarked(state, input.result, moment);
  if (phase.kind === 'looking' && input.kind === 'looked') return onLooked(state, phase.candidate, input, moment);
  if (phase.kind === 'asking' && input.kind === 'writers') return onWriters(state, phase, input, moment);
  if (phase.kind === 'sealing' && input.kind === 'answered') return onSealed(state, input.outcome, moment);
  if (phase.kind === 'sealing' && input.kind === 'refused') return onRefused(state, input.error, moment);
  if (phase.kind === 'checking' && input.kind === 'looked') return onChecked(state, phase, input, moment);
  if (phase.kind === 'noting' && input.kind === 'seen') return onSeen(state, phase, input, moment);
  if (phase.kind === 'settling' && input.kind === 'settled') return only(idle(state, phase.until, moment));
  throw new TypeError(`Expected an answer to what is ${phase.kind}, got ${input.kind}`);
}

/** One that is waited for and only found again keeps what is known of it, but has changed. */
function arrive(state: CandidateState, candidate: Candidate, moment: Moment): CandidateState {
  const { facts } = state;
  if (candidate.arrival === 'found' && state.candidate !== undefined)
    return facts === undefined ? state : { ...state, facts: touch(facts, moment.now) };
  const isNew = state.candidate === undefined && !state.isGone;
  const since = isNew ? moment.now : state.since;
  return due({ ...state, candidate, facts: undefined, outcome: 'waiting', since }, moment);
}

function leave(state: CandidateState, mayBeRecorded: boolean, moment: Moment): CandidateState {
  const { isRecorded, phase } = state;
  if (phase.kind === 'unfinished') return createState(state.name, isRecorded, moment.now);
  if (phase.kind === 'resting' && !mayBeRecorded && !isRecorded) return state;
  const isGone = state.isGone || mayBeRecorded || isRecorded || isBusy(state);
  const nothing = { candidate: undefined, facts: undefined, told: undefined, aftercare: undefined };
  return due({ ...state, ...nothing, isGone }, moment);
}

function name(state: CandidateState, input: Extract<Input, { kind: 'named' }>, moment: Moment): Step {
  const { isNew, reason } = input;
  const { phase } = state;
  if (phase.kind === 'unfinished') return tellOverdue({ ...state, reason }, moment);
  if (phase.kind !== 'resting') return only(state);
  return only({ ...state, since: moment.now, reason, phase: { kind: 'unfinished', isRecalled: isNew } });
}

function recall(state: CandidateState, { since }: Extract<Input, { kind: 'recalled' }>, moment: Moment): Step {
  if (state.phase.kind !== 'unfinished') return only(state);
  const phase = { kind: 'unfinished', isRecalled: true } as const;
  return tellOverdue({ ...state, phase, since: since ?? state.since }, moment);
}

function dismiss(state: CandidateState, moment: Moment): CandidateState {
  const alone = { ...state, aftercare: undefined };
  const isOnlyCared = state.phase.kind === 'waiting' && state.candidate === undefined && !state.isGone;
  return isOnlyCared ? idle(alone, undefined, moment) : alone;
}

function takeTurn(state: CandidateState, { storeClosedUntil }: Moment): Step {
  const isForStore = state.isGone || state.reason === STORE_AWAY;
  if (isForStore && storeClosedUntil !== undefined) return only(waiting(state, storeClosedUntil));
  if (state.isGone) {
    const work = { kind: 'mark-vanished', name: state.name, isFirstTry: state.failures === 0 } as const;
    return { state: { ...state, isGone: false, phase: { kind: 'marking' } }, effects: [], work };
  }
  if (state.candidate !== undefined) return look(state, state.candidate);
  const { aftercare } = state;
  return aftercare === undefined ? forget(state) : check(state, { batch: aftercare.batch, isAftercare: true });
}

function look(state: CandidateState, candidate: Candidate): Step {
  const phase = { kind: 'looking', candidate } as const;
  return { state: { ...state, isOvertaken: false, phase }, effects: [], work: { kind: 'look', candidate } };
}

function check(
  state: CandidateState,
  { batch, isAftercare }: Omit<Extract<CandidateState['phase'], { kind: 'checking' }>, 'kind'>,
): Step {
  const phase = { kind: 'checking', batch, isAftercare } as const;
  const asksWriters = isAftercare && state.aftercare?.asksWriters === true;
  return {
    state: { ...state, phase },
    effects: [],
    work: { kind: 'look-again', batch, ...(asksWriters && { asksWriters }) },
  };
}

/** It is done with, and so is what was remembered of it. */
function forget(state: CandidateState): Step {
  const phase = { kind: 'settling', until: undefined } as const;
  return { state: { ...state, phase }, effects: [], work: { kind: 'forget-note', name: state.name } };
}

function onMarked(state: CandidateState, result: 'done' | 'elsewhere' | 'failed', moment: Moment): Step {
  if (result === 'failed') return only(afterFailure({ ...state, isGone: true }, moment));
  // It may have gone with the mount: what is back and gone all the same, the scan finds.
  const isRecorded = result === 'done' ? false : state.isRecorded;
  const next = { ...state, isRecorded };
  if (next.isGone) return only(idle(next, moment.now, moment));
  if (next.candidate !== undefined) return look(next, next.candidate);
  return result === 'done' ? forget(next) : only(idle(next, undefined, moment));
}

function onSealed(state: CandidateState, outcome: SealOutcome, moment: Moment): Step {
  const { phase } = state;
  if (phase.kind !== 'sealing') return only(state);
  const { candidate, snapshotDigest } = phase;
  if (outcome.kind === 'kept-back') {
    const told = tellKeptBack(state, candidate, outcome.note, moment);
    const remember: Effect = { kind: 'remember', note: outcome.note };
    const kept = idle(told.state, moment.now + KEPT_BACK_AGAIN_MS, moment);
    return { state: kept, effects: [remember, ...told.effects] };
  }
  const { batchId } = outcome;
  const batch = { name: candidate.name, path: candidate.path, batchId };
  // What left meanwhile, or is there anew, is told by itself.
  const isCared = outcome.kind !== 'known' && !state.isGone;
  const aftercare = isCared ? toAftercare(batch, snapshotDigest, moment) : undefined;
  const sealed = { ...state, isRecorded: true, aftercare };
  const effects = toSealEffects(candidate, outcome, moment);
  if (outcome.kind === 'sealed' || outcome.kind === 'renamed')
    return { state: idle(sealed, undefined, moment), effects: [{ kind: 'remember', note: undefined }, ...effects] };
  return { ...forget(sealed), effects };
}

function onRefused(state: CandidateState, error: string, moment: Moment): Step {
  const { isStoreAway, settings } = moment;
  const reason = isStoreAway ? STORE_AWAY : `the database refuses it: ${error}`;
  const isToBeTold = !isStoreAway && state.told !== reason;
  const told = isToBeTold ? reason : state.told;
  const message = `The database refuses a finished ${settings.unit} and takes others; it is tried again`;
  const say: Effect = { kind: 'say', level: 'error', message, fields: { root: settings.root, error } };
  return { state: afterFailure({ ...state, reason, told }, moment), effects: isToBeTold ? [say] : [] };
}

function fail(state: CandidateState, error: string | undefined, moment: Moment): Step {
  const { phase } = state;
  const { root, unit } = moment.settings;
  const isCheck = phase.kind === 'checking' || phase.kind === 'noting';
  const isGone = state.isGone || phase.kind === 'marking';
  const next = isCheck ? onCheckFailed(state, phase, moment) : afterFailure({ ...state, isGone }, moment);
  if (error === undefined) return only(next);
  const message = isCheck
    ? 'A sealed directory could not be looked at'
    : `A landing ${unit} could not be looked at; it is tried again`;
  const level = isCheck ? 'verbose' : 'error';
  return { state: next, effects: [{ kind: 'say', level, message, fields: { root, error } }] };
}

function only(state: CandidateState): Step {
  return { state, effects: [] };
}
