import type { AuditRecord, DecisionRequest } from '@sendit/api';
import {
  type AcceptRefusal,
  type BatchStatus,
  type Decision,
  DECIDED_WORDS,
  type DirectoryNote,
  SenditError,
} from '@sendit/model';

/** A directory of a watch path, as whoever answers sees it. */
export interface DirectoryThere {
  readonly rootId: string;
  /** Below the root. */
  readonly relativePath: string;
  readonly exists: boolean;
  readonly identity: string | null;
}

interface Refused {
  readonly batchId: string;
  readonly status: BatchStatus;
  /** Of an acceptance. */
  readonly why?: AcceptRefusal;
}

export interface DecideDeps {
  readonly decisions: {
    decide(
      request: DecisionRequest,
      directory?: DirectoryThere,
    ): Promise<
      | { readonly kind: 'decided'; readonly record: AuditRecord; readonly note: DirectoryNote | undefined }
      | { readonly kind: 'not-found' }
      | (Refused & { readonly kind: 'refused' })
      | { readonly kind: 'unsealed' }
    >;
  };
  /** The directory of a watch path that a reference names; without it, only batches can be decided about. */
  readonly locate?: ((ref: string) => Promise<DirectoryThere | undefined>) | undefined;
  /** Tells the watcher what it must know of a directory now; undefined: nothing any more. */
  readonly onDecided?: ((directory: DirectoryThere, note: DirectoryNote | undefined) => void) | undefined;
}

/**
 * Writes a decision about a batch or a directory.
 * @throws SenditError `not-found`, `refused`
 */
export async function decide(deps: DecideDeps, request: DecisionRequest): Promise<AuditRecord> {
  const directory = await deps.locate?.(request.ref);
  const outcome = await deps.decisions.decide(request, directory);
  switch (outcome.kind) {
    case 'decided':
      if (directory !== undefined && outcome.record.batchId === null) deps.onDecided?.(directory, outcome.note);
      return outcome.record;
    case 'refused':
      throw toRefusal(request.decision, outcome);
    case 'unsealed':
      throw new SenditError(`Expected a batch to ${request.decision}, got a directory that is not sealed yet.`, {
        code: 'refused',
        hint: toAcceptHint('unsealed'),
      });
    case 'not-found':
      throw new SenditError('Nothing is known under this id, name or path.', {
        code: 'not-found',
        hint: 'Name a batch of `sendit batch list`, or a directory of `sendit watcher pending` by its path.',
      });
  }
}

function toRefusal(decision: Decision, { batchId, status, why }: Refused): SenditError {
  return new SenditError(`Batch ${batchId} is ${status}, so it cannot be ${DECIDED_WORDS[decision]}.`, {
    code: 'refused',
    hint: decision === 'accept' ? toAcceptHint(why ?? 'status') : toHint(decision, status),
  });
}

function toAcceptHint(why: AcceptRefusal): string {
  switch (why) {
    case 'status':
      return 'Only batches in ERROR, and HELD ones whose files cannot be read, go through as they are.';
    case 'held':
      return 'It is held for another reason: `sendit batch show` says which, and `sendit batch release` queues it.';
    case 'missing':
      return 'Sealed files of it vanished: put them back, or import what is left with `sendit batch retry`.';
    case 'running':
      return 'An action that follows its error runs just now: try again when it has ended.';
    case 'moved':
      return 'Its files were moved away after the error: put them back where they were, then accept it.';
    case 'unsealed':
      return '`sendit batch release` seals a directory as it is.';
  }
}

function toHint(decision: Exclude<Decision, 'accept'>, status: BatchStatus): string {
  if (decision === 'amend')
    return 'Nothing that came after its seal is left: `sendit batch list --late` names those of which something is.';
  if (decision === 'acknowledge') return 'Nothing about it is a problem in `sendit watcher status`.';
  if (decision !== 'release') {
    if (status === 'HELD' || status === 'QUARANTINED')
      return 'It is kept back already: `sendit batch show` says by whom.';
    if (status === 'PROCESSING') return 'It is being imported: quarantine it, or wait until it is done.';
    return 'Its import is over; what is imported stays.';
  }
  if (status === 'ERROR')
    return '`sendit batch accept` lets it through as it is, `sendit batch retry` queues it again.';
  if (status === 'EMPTY') return '`sendit batch retry` queues it again.';
  return 'Only HELD and QUARANTINED batches are; this one is on its way or done.';
}
