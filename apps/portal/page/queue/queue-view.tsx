import type { ActionSummary, WatcherStatus } from '@sendit/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { actionList } from '../api/queries.ts';
import { useLive } from '../live/live-store.ts';
import { Asked } from '../ui/asked.tsx';
import { Empty, Section } from '../ui/card.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Figures } from '../ui/figures.tsx';
import { Name, Sentence } from '../ui/text.tsx';
import { Ago } from '../ui/time.tsx';
import { toCount } from '../words/format.ts';
import { QUEUE, UNIT } from '../words/words.ts';

const COLUMNS: readonly Column<ActionSummary>[] = [
  { head: QUEUE.action, isMain: true, cell: ({ name }) => <Name>{name}</Name> },
  {
    head: QUEUE.batch,
    cell: ({ batchId }) => (
      <Link to="/batch/$id" params={{ id: batchId }}>
        {UNIT.batch(batchId)}
      </Link>
    ),
  },
  { head: QUEUE.reason, cell: ({ reason }) => (reason === null ? '' : <Sentence>{reason}</Sentence>) },
  { head: QUEUE.attempts, isNumber: true, cell: ({ attempts }) => toCount(attempts) },
  { head: QUEUE.when, cell: ({ startedAt }) => (startedAt === null ? '' : <Ago iso={startedAt} />) },
];

/** What the queues hold, and what failed in them. */
export function QueueView() {
  const { status } = useLive();
  return (
    <>
      <h1>{QUEUE.title}</h1>
      {status === undefined ? null : <Counts status={status} />}
      <FailedActions />
    </>
  );
}

function Counts({ status: { queue, actions } }: { readonly status: WatcherStatus }) {
  return (
    <>
      <Section title={QUEUE.jobs}>
        <Figures
          figures={[
            { name: QUEUE.waiting, count: queue?.waiting ?? null },
            { name: QUEUE.active, count: queue?.active ?? null },
            { name: QUEUE.failedJobs, count: queue?.failed ?? null, isBad: true },
          ]}
        />
      </Section>
      <Section title={QUEUE.handOn}>
        <Figures
          figures={[
            { name: QUEUE.pending, count: actions?.pending ?? null },
            { name: QUEUE.running, count: actions?.running ?? null },
            { name: QUEUE.failed, count: actions?.failed ?? null, isBad: true },
          ]}
        />
      </Section>
    </>
  );
}

function FailedActions() {
  const query = useQuery(actionList({ state: 'failed', limit: 200 }));
  return (
    <Asked query={query}>
      {(actions) =>
        actions.length === 0 ? (
          <Section title={QUEUE.failedActions} isBare>
            <Empty>{QUEUE.nothingFailed}</Empty>
          </Section>
        ) : (
          <Section title={QUEUE.failedActions}>
            <DataTable label={QUEUE.failedActions} columns={COLUMNS} rows={actions} toKey={({ id }) => id} />
          </Section>
        )
      }
    </Asked>
  );
}
