import type { BatchSummary } from '@sendit/api';
import { Sentence } from '../ui/text.tsx';
import { toCount, toDuration } from '../words/format.ts';
import { GRADES, WHY } from '../words/words.ts';
import type { Stage } from './stage.ts';
import type { Unit } from './unit.ts';
import styles from './unit-why.module.css';

/** Why a unit is in its stage, in one line. */
export function UnitWhy({ unit }: { readonly unit: Unit }) {
  if (unit.kind === 'pending') return <Sentence>{unit.pending.reason}</Sentence>;
  const { batch, stage } = unit;
  if (batch.progress !== null && stage === 'importing') return <Progress batch={batch} progress={batch.progress} />;
  return <Sentence>{batch.reason ?? toWords(stage, batch)}</Sentence>;
}

function Progress(props: { readonly batch: BatchSummary; readonly progress: NonNullable<BatchSummary['progress']> }) {
  const { filesDone, filesTotal, filesPerS, etaMs } = props.progress;
  const words = WHY.progress(toCount(filesDone), toCount(filesTotal));
  return (
    <>
      <progress
        className={styles['bar']}
        value={filesDone}
        max={filesTotal}
        aria-label={`${words}, ${props.batch.id}`}
      />{' '}
      {words}
      {filesPerS === null ? null : `, ${WHY.rate(toCount(Math.round(filesPerS)))}`}
      {etaMs === null ? null : `, ${WHY.toGo(toDuration(etaMs))}`}
    </>
  );
}

const WORDS: Readonly<Record<Exclude<Stage, 'done'>, string>> = {
  arriving: '',
  settling: '',
  skipped: '',
  sealed: WHY.sealedNow,
  queued: WHY.waitsForWorker,
  importing: WHY.reads,
  empty: WHY.noImages,
  late: WHY.late,
  failed: WHY.failed,
  'handing-on': WHY.handing,
  held: WHY.heldBatch,
  quarantined: WHY.quarantined,
};

function toWords(stage: Stage, { createdAt, finishedAt, grade }: BatchSummary): string {
  if (stage !== 'done') return WORDS[stage];
  const words = GRADES[grade] ?? grade;
  return finishedAt === null ? words : WHY.tookFrom(words, toDuration(Date.parse(finishedAt) - Date.parse(createdAt)));
}
