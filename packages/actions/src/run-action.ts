import {
  type Action,
  type ActionAttempt,
  type ActionJob,
  type ActionProgress,
  type ExecAction,
  type Logger,
  type ManifestFile,
  SenditError,
  type PlannedAction,
  type StepAction,
  type UnitKind,
  toBackoffMs,
  toCode,
  withJitter,
} from '@sendit/model';
import { callModule } from './call-module.ts';
import { callStep } from './call-step.ts';
import { type AttemptOutcome, failedForGood, failedForNow } from './outcome.ts';
import { toNotice } from './notice.ts';
import { placeBatch } from './place/place-batch.ts';
import { toPathList } from './path-list.ts';
import { runCommand } from './run-command.ts';
import { writeListFile } from './list-file.ts';
import { sendWebhook } from './send-webhook.ts';

/** The database, as actions need it. Every call may be repeated; whoever comes second changes nothing. */
export interface ActionStore {
  /** → running, one attempt more; `settled` when the message of the job is gone. */
  begin(
    job: ActionJob,
  ): Promise<{ readonly kind: 'action'; readonly attempt: ActionAttempt } | { readonly kind: 'settled' }>;
  /** Notes for good that every file of a move is at its target; false when another run has ended the action. */
  placed(job: ActionJob): Promise<boolean>;
  /** Notes how far a step has come, for people to see. */
  progress(job: ActionJob, progress: ActionProgress): Promise<void>;
  /** ONE transaction: → done, message deleted, the next action due. */
  done(job: ActionJob, end: { readonly code: number | null }): Promise<'done' | 'already-done'>;
  /** → pending, due again after a while. */
  postpone(job: ActionJob, end: { code: number | null; reason: string; afterMs: number }): Promise<void>;
  /** → failed. */
  fail(job: ActionJob, end: { code: number | null; reason: string }): Promise<'failed' | 'already-done'>;
  /** An interrupted attempt does not count. */
  release(job: ActionJob): Promise<void>;
}

/** `directory`: below which the sealed files of the batch lie. */
type IsOther = (
  batch: { readonly id: string; readonly directory: string },
  file: ManifestFile,
  signal: AbortSignal,
) => Promise<boolean>;

export interface ActionDeps {
  readonly store: ActionStore;
  /** Those of one watch path, or the steps of the worker. */
  readonly actions: readonly (Action | StepAction)[];
  /** Folder of the watch path on this host; nothing outside is moved. Steps have none. */
  readonly folder?: string | undefined;
  /** The sealed files of a batch that may be placed, some thousands at a time. */
  readonly readFiles: (batchId: string) => AsyncIterable<readonly ManifestFile[]>;
  /** Whether a file of a batch that was touched after its seal holds what its import did not read; without it nobody asks. */
  readonly isOther?: IsOther | undefined;
  /** Checks that the watch path still has the mount it had at first; without this check every attempt goes ahead. */
  readonly isInPlace?: (() => Promise<boolean>) | undefined;
  readonly logger: Logger;
  /** Of the jitter of a backoff; `Math.random` by default. */
  readonly random?: (() => number) | undefined;
}

const PATH_AWAY = 'the watch path is away, or something else is mounted there';
const PATH_AWAY_AGAIN_MS = 10_000;
const LONGEST_BACKOFF_MS = 3_600_000;

/**
 * Makes one attempt at one action. At least once: a process that dies after the effect and before its note makes another. While the
 * watch path is away none is made at what needs its files, and one that failed then does not count.
 * @throws the signal's reason when aborted; the attempt then does not count. @throws what the store throws.
 */
export async function runAction(job: ActionJob, deps: ActionDeps, signal: AbortSignal): Promise<void> {
  const { actions, logger, store } = deps;
  signal.throwIfAborted();
  const begun = await store.begin(job);
  if (begun.kind === 'settled') return;
  const { attempt } = begun;
  const action = actions.find(({ name, kind }) => name === attempt.name && kind === attempt.kind);
  const fields = { batch: job.batchId, action: attempt.name, attempt: attempt.attempt };
  const putOff = async (): Promise<void> => {
    await store.release(job);
    await store.postpone(job, { code: null, reason: PATH_AWAY, afterMs: PATH_AWAY_AGAIN_MS });
    logger.warning('a hand-on action waits for its watch path', fields);
  };
  const isAway = async (): Promise<boolean> =>
    action !== undefined && action.kind !== 'webhook' && (await deps.isInPlace?.()) === false;
  if (await isAway()) return putOff();
  const outcome =
    action === undefined
      ? toUnknown(attempt)
      : await tryAction(action, attempt, { ...deps, job }, signal).catch(async (error: unknown) => {
          if (!signal.aborted) return failedForNow(toReason(error));
          await store.release(job);
          throw error;
        });
  // It may have gone while its files were read: what was not seen need not be gone, and originals that were to be removed are still there.
  if ((outcome.kind !== 'done' || action?.kind === 'move') && (await isAway())) return putOff();
  if (outcome.kind === 'done') {
    await store.done(job, outcome);
    logger.info('hand-on action done', { ...fields, code: outcome.code });
    return;
  }
  const { again, code, reason } = outcome;
  const { attempts, backoffMs } = action ?? UNKNOWN_STEP;
  if (again === 'never' || attempt.attempt >= attempts) {
    await store.fail(job, { code, reason });
    logger.error('a hand-on action failed for good; see `sendit batch actions`', { ...fields, code });
    return;
  }
  const afterMs = Math.max(outcome.afterMs ?? 0, withJitter(toWaitMs(backoffMs, attempt), deps.random));
  await store.postpone(job, { code, reason, afterMs });
  logger.warning('an attempt at a hand-on action failed; it is tried again', { ...fields, code, afterMs });
}

/** While workers are replaced one after the other, one may meet a step that only the others know. */
const UNKNOWN_STEP = { attempts: 10, backoffMs: 1_000 };

function toUnknown({ kind }: ActionAttempt): AttemptOutcome {
  if (kind === 'step') return failedForNow('the configuration of its worker has no such step');
  return failedForGood('its watch path does not have such an action any more');
}

/** When the queue gives a job up: its processes died under it, or the store did not answer. */
export async function giveUpAction(
  job: ActionJob,
  error: unknown,
  { store }: Pick<ActionDeps, 'store'>,
): Promise<void> {
  const reason = toReason(error);
  const isPassing = error instanceof SenditError && error.retry === 'safe';
  if (isPassing) await store.postpone(job, { code: null, reason, afterMs: 60_000 });
  else await store.fail(job, { code: null, reason });
}

function tryAction(
  action: Action | StepAction,
  attempt: ActionAttempt,
  { folder = '', isOther, job, logger, readFiles, store }: ActionDeps & { readonly job: ActionJob },
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  const files = (): ReturnType<ActionDeps['readFiles']> => readFiles(attempt.batch.id);
  switch (action.kind) {
    case 'exec':
      return runWithFiles(action, attempt, files(), signal);
    case 'webhook':
      return sendWebhook(action, toNotice(attempt, { on: action.on, withPath: action.includePath }), signal);
    case 'module':
      return callModule(action, { attempt, files: files(), logger }, signal);
    case 'step': {
      const keepProgress = (progress: ActionProgress): Promise<void> => store.progress(job, progress);
      return callStep(action, { attempt, files: files(), keepProgress, logger }, signal);
    }
    case 'copy':
    case 'move': {
      const batch = { id: attempt.batch.id, directory: attempt.batch.path };
      const asking = isOther && { isOther: (file: ManifestFile, one: AbortSignal) => isOther(batch, file, one) };
      return placeBatch(action, attempt, { folder, files, notePlaced: () => store.placed(job), ...asking }, signal);
    }
  }
}

/** Runs a command with the list of the sealed files where it wants it. */
async function runWithFiles(
  action: ExecAction,
  attempt: ActionAttempt,
  files: ReturnType<ActionDeps['readFiles']>,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  const notice = toNotice(attempt, { on: action.on, withPath: true });
  const list = toPathList(attempt.batch.path, files);
  const place = action.files === 'auto' ? toUsualPlace(attempt.unit) : action.files;
  if (place === 'none') return runCommand(action, { notice }, signal);
  if (place === 'stdin') return runCommand(action, { notice, list }, signal);
  await using listFile = await writeListFile(list);
  return await runCommand(action, { notice, listFile: listFile.path }, signal);
}

/** The files of a series or study lie beside others: a command that is to work on them has to know which they are. */
function toUsualPlace(unit: UnitKind): 'none' | 'stdin' {
  return unit === 'directory' ? 'none' : 'stdin';
}

function toWaitMs(backoffMs: number, { attempt }: ActionAttempt): number {
  return toBackoffMs(attempt, { firstMs: backoffMs, longestMs: LONGEST_BACKOFF_MS });
}

/** The names under which a watch path's actions are planned. */
export function toPlan(actions: readonly Action[]): readonly PlannedAction[] {
  return actions.map(({ name, kind }) => ({ name, kind }));
}

/** A code, never a message: those of file errors name folders, and folders name patients. */
function toReason(error: unknown): string {
  if (error instanceof SenditError) return error.code;
  const code = toCode(error);
  if (code !== undefined) return code;
  return error instanceof Error && error.message.startsWith('its process died') ? error.message : 'internal';
}
