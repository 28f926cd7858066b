import {
  type AuditRecord,
  type BatchStatus,
  type Decision,
  type DecisionRequest,
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

/** What {@link decide} works with; the database satisfies the store. */
export interface DecideDeps {
  readonly decisions: {
    decide(
      request: DecisionRequest,
      directory?: DirectoryThere,
    ): Promise<
      | { readonly kind: 'decided'; readonly record: AuditRecord; readonly note: DirectoryNote | undefined }
      | { readonly kind: 'not-found' }
      | { readonly kind: 'refused'; readonly batchId: string; readonly status: BatchStatus }
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
    case 'not-found':
      throw new SenditError('Nothing is known under this id, name or path.', {
        code: 'not-found',
        hint: 'Name a batch of `sendit batch list`, or a directory of `sendit watcher pending` by its path.',
      });
  }
}

function toRefusal(decision: Decision, { batchId, status }: { batchId: string; status: BatchStatus }): SenditError {
  const word = { release: 'released', hold: 'held', quarantine: 'quarantined' }[decision];
  return new SenditError(`Batch ${batchId} is ${status}, so it cannot be ${word}.`, {
    code: 'refused',
    hint: toHint(decision, status),
  });
}

function toHint(decision: Decision, status: BatchStatus): string {
  if (decision !== 'release') {
    if (status === 'HELD' || status === 'QUARANTINED')
      return 'It is kept back already: `sendit batch show` says by whom.';
    if (status === 'PROCESSING') return 'It is being imported: quarantine it, or wait until it is done.';
    return 'Its import is over; what is imported stays.';
  }
  if (status === 'ERROR' || status === 'EMPTY') return '`sendit batch retry` queues it again.';
  return 'Only HELD and QUARANTINED batches are; this one is on its way or done.';
}
