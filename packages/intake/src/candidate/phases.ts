import { type MonotonicMs, toBackoffMs } from '@sendit/model';
import { type CandidateState, createState, isBusy, type Moment } from './state.ts';

/** Why a finished candidate waits while the store is away. */
export const STORE_AWAY = 'the database does not answer';

/** Its turn comes then. */
export function waiting(state: CandidateState, until: MonotonicMs): CandidateState {
  return { ...state, phase: { kind: 'waiting', until } };
}

/** Its turn is now, or as soon as the work that is being done for it ends. */
export function due(state: CandidateState, { now }: Moment): CandidateState {
  return isBusy(state) ? { ...state, isOvertaken: true } : waiting(state, now);
}

/**
 * The work is over: it waits for its next turn, or, without one, is done with as a candidate. What overtook the work makes it due at
 * once, whatever the work came to.
 */
export function idle(state: CandidateState, until: MonotonicMs | undefined, { now }: Moment): CandidateState {
  const isDone = until === undefined && !state.isOvertaken;
  const next = { ...state, isOvertaken: false, ...(isDone && { candidate: undefined }) };
  if (next.candidate !== undefined || next.isGone) return waiting(next, state.isOvertaken ? now : (until ?? now));
  const { aftercare, isRecorded, name } = next;
  const done = { ...createState(name, isRecorded, now), aftercare };
  return aftercare === undefined ? done : waiting(done, aftercare.at);
}

/** Just after the others, so that one candidate that always fails does not hold them up. */
export function afterFailure(state: CandidateState, moment: Moment): CandidateState {
  const failures = state.failures + 1;
  const at = Math.max(moment.storeClosedUntil ?? 0, moment.now + toBackoffMs(failures)) + 1;
  return idle({ ...state, failures }, at, moment);
}
