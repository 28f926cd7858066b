import type { PendingUnit, StageCounts } from '@sendit/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { openStageCounts, pendingList, stageCounts } from '../api/queries.ts';
import { useIsAnonymous } from '../api/use-access.ts';
import type { ListedStage } from '../units/stage.ts';
import { Section } from '../ui/card.tsx';
import { toAge, toCount } from '../words/format.ts';
import { NOW, STAGES, UNITS } from '../words/words.ts';
import styles from './on-the-way.module.css';

interface Cell {
  readonly stage: ListedStage;
  readonly words?: string;
  readonly count: (counts: StageCounts) => number;
  /** Any is one too many. */
  readonly isBad?: true;
}

const CELLS: readonly Cell[] = [
  { stage: 'arriving', count: ({ arriving }) => arriving },
  { stage: 'settling', count: ({ settling }) => settling },
  { stage: 'held', count: ({ held }) => held, isBad: true },
  { stage: 'queued', count: ({ sealed, queued }) => sealed + queued },
  { stage: 'importing', count: ({ importing }) => importing },
  { stage: 'handing-on', count: ({ handingOn }) => handingOn },
  { stage: 'failed', count: ({ failed }) => failed, isBad: true },
  { stage: 'done', words: NOW.doneToday, count: ({ doneToday }) => doneToday },
];

/** How many units are in each stage, with the oldest; a stage opens the board. */
export function OnTheWay() {
  const isAnonymous = useIsAnonymous();
  const { data: known } = useQuery({ ...stageCounts, enabled: !isAnonymous });
  const { data: open } = useQuery({ ...openStageCounts, enabled: isAnonymous });
  const counts = known ?? open ?? undefined;
  const { data: pending = [] } = useQuery({ ...pendingList, enabled: !isAnonymous });
  return (
    <Section title={NOW.onTheWay}>
      <ul className={styles['stages']}>
        {CELLS.map(({ stage, words, count: toCounted, isBad = false }) => {
          const count = counts === undefined ? null : toCounted(counts);
          return (
            <li key={stage}>
              <Link to="/board" search={{ stage }} data-bad={isBad && count !== null && count > 0}>
                <b data-zero={count === 0}>{count === null ? UNITS.unknown : toCount(count)}</b>
                <span>{words ?? STAGES[stage]}</span>
                <small>{toNote(stage, counts, pending)}</small>
              </Link>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function toNote(stage: ListedStage, counts: StageCounts | undefined, pending: readonly PendingUnit[]): string {
  if (stage === 'done')
    return counts === undefined || counts.failedToday === 0 ? ' ' : NOW.failedToday(toCount(counts.failedToday));
  const waits = pending.flatMap((one) => (one.stage === stage && one.waitingMs !== null ? [one.waitingMs] : []));
  return waits.length === 0 ? ' ' : NOW.oldest(toAge(Math.max(...waits)));
}
