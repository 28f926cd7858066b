import type { BatchSummary } from '@sendit/api';
import { Sentence } from '../ui/text.tsx';
import { toCount, toDuration } from '../words/format.ts';
import { WHY } from '../words/words.ts';
import type { Stage } from './stage.ts';
import type { Unit } from './unit.ts';
import styles from './unit-why.module.css';

/** Why a unit is in its stage, in one line. */
export function UnitWhy({ unit }: { readonly unit: Unit }) {
  if (unit.kind === 'pending') return <Sentence>{unit.pending.reason}</Sentence>;
  const { batch, stage } = unit;
  if (batch.progress !== null && batch.status === 'PROCESSING')
    return <Progress batch={batch} progress={batch.progress} />;
  return toWords(stage, batch);
}

function Progress({
  batch,
  progress,
}: {
  readonly batch: BatchSummary;
  readonly progress: NonNullable<BatchSummary['progress']>;
}) {
  const { filesDone, filesTotal, filesPerS, etaMs } = progress;
  const words = WHY.progress(toCount(filesDone), toCount(filesTotal));
  return (
    <>
      <progress className={styles['bar']} value={filesDone} max={filesTotal} aria-label={`${words}, ${batch.id}`} />{' '}
      {words}
      {filesPerS === null ? null : `, ${WHY.rate(toCount(Math.round(filesPerS)))}`}
      {etaMs === null ? null : `, ${WHY.toGo(toDuration(etaMs))}`}
    </>
  );
}

function toWords(stage: Stage, batch: BatchSummary): string {
  switch (stage) {
    case 'sealed':
      return WHY.sealedNow;
    case 'queued':
      return WHY.waitsForWorker;
    case 'importing':
      return WHY.reads;
    case 'empty':
      return WHY.noImages;
    case 'late':
      return WHY.late;
    case 'failed':
      return WHY.failed;
    case 'held':
      return WHY.heldBatch;
    case 'quarantined':
      return WHY.quarantined;
    case 'arriving':
    case 'skipped':
      return '';
    case 'handing':
    case 'done':
      return toDone(batch);
  }
}

function toDone({ createdAt, finishedAt, generation }: BatchSummary): string {
  const took = finishedAt === null ? [] : [WHY.tookFrom(toDuration(Date.parse(finishedAt) - Date.parse(createdAt)))];
  return [...took, ...(generation > 1 ? [WHY.generation(generation)] : [])].join(', ');
}
