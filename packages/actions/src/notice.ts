import type { ActionAttempt, BatchEvent } from '@sendit/model';

/**
 * The notice that a command reads on its standard input and a webhook receives. Our own ids, UIDs and counts; no
 * patient data.
 */
export interface Notice {
  readonly type: 'batch.done' | 'batch.failed' | 'batch.held' | 'batch.late';
  /** The same for every attempt at this action of this batch. */
  readonly idempotencyKey: string;
  readonly action: string;
  readonly batch: {
    readonly id: string;
    readonly root: string;
    readonly generation: number;
    readonly status: string;
    /** Absolute directory; null where names are not to leave the host. */
    readonly path: string | null;
    readonly files: number;
    readonly bytes: number;
    readonly instances: number;
    /** Of the instances those that count with another batch, which had imported them before. */
    readonly duplicates: number;
    /** Files that are not recorded: another batch has their instance with other bytes. */
    readonly quarantined: number;
    readonly findings: number;
    readonly createdAt: string;
    readonly finishedAt: string | null;
    readonly studies: readonly {
      readonly studyInstanceUid: string | null;
      readonly series: readonly {
        readonly seriesInstanceUid: string | null;
        readonly modality: string | null;
        readonly instances: number;
      }[];
    }[];
  };
}

/** What was said when it happened; the batch may have gone on since. */
const EVENT_TYPES = { onError: 'batch.failed', onHeld: 'batch.held', onLate: 'batch.late' } as const;

/**
 * The notice of one attempt, the same for each. Without `withPath` nothing in it comes from a directory's name, which may say who the
 * patient is: the path is null, and so are ids that stand in for missing UIDs (`study_<directory>`).
 */
export function toNotice(
  attempt: ActionAttempt,
  { on, withPath }: { readonly on?: BatchEvent | undefined; readonly withPath: boolean },
): Notice {
  const { batch, status } = attempt;
  const toId = (id: string): string | null => (withPath || /^[0-9][0-9.]*$/.test(id) ? id : null);
  return {
    type: on === undefined ? (status === 'DONE' ? 'batch.done' : 'batch.failed') : EVENT_TYPES[on],
    idempotencyKey: attempt.id,
    action: attempt.name,
    batch: {
      id: batch.id,
      root: batch.root,
      generation: batch.generation,
      status,
      path: withPath ? batch.path : null,
      files: batch.files,
      bytes: batch.bytes,
      instances: batch.instances,
      duplicates: batch.duplicates,
      quarantined: batch.quarantined,
      findings: batch.findings,
      createdAt: batch.createdAt,
      finishedAt: batch.finishedAt,
      studies: batch.studyList.map((study) => ({
        studyInstanceUid: toId(study.studyInstanceUid),
        series: study.seriesList.map(({ seriesInstanceUid, modality, instances }) => ({
          seriesInstanceUid: toId(seriesInstanceUid),
          modality,
          instances,
        })),
      })),
    },
  };
}
