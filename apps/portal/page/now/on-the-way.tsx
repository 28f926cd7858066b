import type { PendingDirectory, WatcherStatus } from '@sendit/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { pendingList } from '../api/queries.ts';
import type { Stage } from '../units/stage.ts';
import { Section } from '../ui/card.tsx';
import { toAge, toCount } from '../words/format.ts';
import { NOW, STAGES, UNITS } from '../words/words.ts';
import styles from './on-the-way.module.css';

/** How many units are in each stage, each with its oldest; a stage opens the board. */
export function OnTheWay({ status }: { readonly status: WatcherStatus }) {
  const { data: pending = [] } = useQuery(pendingList);
  return (
    <Section title={NOW.onTheWay}>
      <ul className={styles['stages']}>
        {toStages(status, pending).map(({ stage, count, oldestMs, isBad = false }) => (
          <li key={stage}>
            <Link to="/board" search={{ stage }} data-bad={isBad && count !== null && count > 0}>
              <b data-zero={count === 0}>{count === null ? UNITS.unknown : toCount(count)}</b>
              <span>{STAGES[stage]}</span>
              <small>{oldestMs === null ? ' ' : NOW.oldest(toAge(oldestMs))}</small>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

interface StageCount {
  readonly stage: Stage;
  /** Null where nobody can be asked. */
  readonly count: number | null;
  readonly oldestMs: number | null;
  readonly isBad?: boolean;
}

function toStages(status: WatcherStatus, pending: readonly PendingDirectory[]): readonly StageCount[] {
  const { roots, queue, actions } = status;
  const held = sum(roots.map((root) => root.held));
  const aside = sum(roots.map((root) => root.quarantined));
  const arriving = sum(roots.map((root) => root.pending)) - held - aside;
  return [
    { stage: 'arriving', count: Math.max(0, arriving), oldestMs: toOldest(pending, 'waiting') },
    { stage: 'held', count: held, oldestMs: toOldest(pending, 'hold'), isBad: true },
    { stage: 'queued', count: queue?.waiting ?? null, oldestMs: null },
    { stage: 'importing', count: queue?.active ?? null, oldestMs: null },
    { stage: 'handing', count: actions === null ? null : actions.pending + actions.running, oldestMs: null },
    { stage: 'failed', count: queue?.failed ?? null, oldestMs: null, isBad: true },
    { stage: 'quarantined', count: aside, oldestMs: toOldest(pending, 'quarantine'), isBad: true },
  ];
}

function toOldest(pending: readonly PendingDirectory[], outcome: PendingDirectory['outcome']): number | null {
  const waits = pending.flatMap((one) => (one.outcome === outcome && one.waitingMs !== null ? [one.waitingMs] : []));
  return waits.length === 0 ? null : Math.max(...waits);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}
