import type { DirectoryFinding } from '@sendit/model';
import type { FolderFacts, Rule, Verdict, WritersSighting } from '@sendit/detector';
import type { FolderLook } from '@sendit/detector/node';
import type {
  CompletenessGrade,
  DirectoryNote,
  LatePolicy,
  MonotonicMs,
  SealOutcome,
  SeenOutcome,
  UnitKind,
} from '@sendit/model';
import type { Candidate } from '@sendit/processors';
import type { CandidateRef } from './landing.ts';

/** Outcomes of a candidate that is not finished. */
export type PendingOutcome = Exclude<Verdict['outcome'], 'finished'>;

/** A recorded batch, to be looked at again. */
export interface RecordedBatch {
  readonly name: string;
  readonly path: string;
  readonly batchId: string;
}

/** The looks at a batch that was sealed a short time ago, after ever longer waits. */
export interface Aftercare {
  readonly batch: RecordedBatch;
  /** Of the last look that found it as it was sealed: while nothing has another, no more is asked. */
  readonly snapshotDigest: string;
  readonly waitMs: number;
  readonly at: MonotonicMs;
  /** At this look it is asked who has its files open: a sender that writes after its rename. */
  readonly asksWriters: boolean;
}

/**
 * What happens to a name now. At most one piece of work is done for it at a time, so that effects come in the order of events:
 *
 * resting     nothing is to be done; it is recorded, or nothing is known of it
 * unfinished  it is there under a name that cannot be taken
 * waiting     its turn comes at `until`
 * marking     the store is told that what it has recorded is gone
 * looking     its files are listed
 * asking      they were listed and look finished by quiet alone: who has them open?
 * sealing     it is finished, and in the store's hands
 * checking    it is recorded, and held against the disk
 * noting      it was, and the store is told what was seen
 * settling    what is remembered of it is written; then it waits, or is done with
 */
export type Phase =
  | { readonly kind: 'resting' }
  | { readonly kind: 'unfinished'; readonly isRecalled: boolean }
  | { readonly kind: 'waiting'; readonly until: MonotonicMs }
  | { readonly kind: 'marking' }
  | { readonly kind: 'looking'; readonly candidate: Candidate }
  | { readonly kind: 'asking'; readonly candidate: Candidate; readonly look: FolderLook; readonly tookMs: number }
  | { readonly kind: 'sealing'; readonly candidate: Candidate; readonly snapshotDigest: string }
  | { readonly kind: 'checking'; readonly batch: RecordedBatch; readonly isAftercare: boolean }
  | {
      readonly kind: 'noting';
      readonly batch: RecordedBatch;
      readonly isAftercare: boolean;
      /** Of what was seen. */
      readonly snapshotDigest: string;
    }
  | { readonly kind: 'settling'; readonly until: MonotonicMs | undefined };

/** All that is known of one name under a watch path. */
export interface CandidateState {
  readonly name: string;
  readonly phase: Phase;
  /** When it was first heard of. */
  readonly since: MonotonicMs;
  /** The candidate to judge. */
  readonly candidate: Candidate | undefined;
  readonly facts: FolderFacts | undefined;
  /** The store has it, and it is there. */
  readonly isRecorded: boolean;
  /** It went away: the store is told before anything else happens to the name. */
  readonly isGone: boolean;
  /** Something came up while it was worked on: what the work finds out is no longer enough. */
  readonly isOvertaken: boolean;
  /** In a row. */
  readonly failures: number;
  readonly reason: string;
  /** Whether its longest wait is over, and what that means. */
  readonly outcome: PendingOutcome;
  /** The reason that was last told. */
  readonly told: string | undefined;
  readonly aftercare: Aftercare | undefined;
}

/** Inputs of the state machine. */
export type Input =
  /** An event or a scan tells of it. */
  | { readonly kind: 'arrived'; readonly candidate: Candidate }
  /** It went away. `mayBeRecorded`: it is not known whether the store has it. */
  | { readonly kind: 'left'; readonly mayBeRecorded: boolean }
  /** It is there under a name that cannot be taken; `isNew`: since now, as far as anybody knows. */
  | { readonly kind: 'named'; readonly reason: string; readonly isNew: boolean }
  /** It was so before a restart, since then; or nothing is known of that. */
  | { readonly kind: 'recalled'; readonly since: MonotonicMs | undefined }
  /** The store has it. */
  | { readonly kind: 'recorded' }
  /** The stored batch is elsewhere: another folder took the watch path's place. */
  | { readonly kind: 'disowned' }
  /** It must be looked at now: a person decided, or all of it is there. */
  | { readonly kind: 'wanted' }
  /** The stored batch must be compared with the disk. */
  | { readonly kind: 'check'; readonly batch: RecordedBatch }
  /** Nobody looks after it any more. */
  | { readonly kind: 'dismissed' }
  | { readonly kind: 'turn' }
  | Answer;

/** Result of a piece of work. */
export type Answer =
  | { readonly kind: 'marked'; readonly result: 'done' | 'elsewhere' | 'failed' }
  | {
      readonly kind: 'looked';
      readonly look: FolderLook;
      /** Whether the watch path is what it was: asked after the look, so that what it saw is known to be of the right place. */
      readonly isInPlace: boolean;
      readonly note: DirectoryNote | undefined;
      readonly tookMs: number;
      /** Where that was asked too. */
      readonly writers?: WritersSighting;
    }
  | { readonly kind: 'writers'; readonly writers: WritersSighting }
  | { readonly kind: 'answered'; readonly outcome: SealOutcome }
  | { readonly kind: 'refused'; readonly error: string }
  /** Undefined if the store did not answer. */
  | { readonly kind: 'seen'; readonly outcome: SeenOutcome | undefined }
  | { readonly kind: 'settled' }
  /** The work failed; `error` is absent when it was aborted. */
  | { readonly kind: 'failed'; readonly error: string | undefined };

/** Done at once. */
export type Effect =
  | {
      readonly kind: 'say';
      readonly level: 'log' | 'warning' | 'error' | 'verbose';
      readonly message: string;
      readonly fields?: Readonly<Record<string, string | number>>;
    }
  | { readonly kind: 'remember'; readonly note: DirectoryNote | undefined }
  /** A batch is in the outbox. */
  | { readonly kind: 'wake-relay' }
  | { readonly kind: 'count-late' };

/** Done in its own time; its {@link Answer} is the next input. */
export type Work =
  | { readonly kind: 'mark-vanished'; readonly name: string; readonly isFirstTry: boolean }
  | { readonly kind: 'look'; readonly candidate: Candidate }
  | { readonly kind: 'ask-writers'; readonly candidate: Candidate }
  | {
      readonly kind: 'seal';
      readonly candidate: Candidate;
      readonly grade: CompletenessGrade;
      readonly look: FolderLook;
      readonly isFirstTry: boolean;
    }
  | { readonly kind: 'look-again'; readonly batch: RecordedBatch; readonly asksWriters?: boolean }
  | { readonly kind: 'note-seen'; readonly batch: RecordedBatch; readonly look: FolderLook }
  | { readonly kind: 'keep-note'; readonly finding: DirectoryFinding }
  | { readonly kind: 'forget-note'; readonly name: string };

/** Result of one input. */
export interface Step {
  readonly state: CandidateState;
  readonly effects: readonly Effect[];
  readonly work?: Work | undefined;
}

/** Settings shared by all candidates of a watch path. */
export interface StepSettings {
  /** Name of the watch path, for the log. */
  readonly root: string;
  readonly unit: UnitKind;
  /** The transcript's name of a candidate. */
  readonly toSubject: (candidate: CandidateRef) => string;
  readonly rules: readonly Rule[];
  /** How long a candidate must be quiet where nothing else proves it. */
  readonly quietMs: number;
  /** Policy for a recorded one that comes with other files. */
  readonly late: LatePolicy;
  /** Somebody can be asked who has files open. */
  readonly asksWriters: boolean;
  /** Longest wait under a name that cannot be taken; `false` for ever. */
  readonly maxWaitMs: number | false;
  /** Warning for one that has waited longer, without its name. */
  readonly nameWarning: string;
  /** Of the watch path, with a slash at the end. */
  readonly prefix: string;
}

/** When a step is taken, and how things stand then. */
export interface Moment {
  readonly now: MonotonicMs;
  readonly settings: StepSettings;
  /** When the store may be asked again; undefined when it may be asked now. */
  readonly storeClosedUntil: MonotonicMs | undefined;
  /** Its last answer was none. */
  readonly isStoreAway: boolean;
  /** Candidates that are waited for. */
  readonly pending: number;
}

/** A name of which nothing is known. */
export function createState(name: string, isRecorded: boolean, now: MonotonicMs): CandidateState {
  return {
    name,
    phase: { kind: 'resting' },
    since: now,
    candidate: undefined,
    facts: undefined,
    isRecorded,
    isGone: false,
    isOvertaken: false,
    failures: 0,
    reason: 'not looked at yet',
    outcome: 'waiting',
    told: undefined,
    aftercare: undefined,
  };
}

/** Whether a piece of work is being done for it. */
export function isBusy({ phase: { kind } }: CandidateState): boolean {
  return kind !== 'resting' && kind !== 'unfinished' && kind !== 'waiting';
}

/** Whether it is to be judged or recorded as gone, or just was: then a scan leaves it alone. */
export function isInHand(state: CandidateState): boolean {
  const { kind } = state.phase;
  const isOnlyChecked = kind === 'checking' || kind === 'noting';
  return state.candidate !== undefined || state.isGone || (isBusy(state) && !isOnlyChecked);
}
