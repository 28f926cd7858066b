import type { JobQuery, JobRow, WatcherStatus, Worker } from '@sendit/api';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { jobList, workerList } from '../api/queries.ts';
import { useLive } from '../live/live-store.ts';
import type { Tone } from '../units/stage.ts';
import { Asked } from '../ui/asked.tsx';
import { Choice } from '../ui/choice.tsx';
import { Empty, Section } from '../ui/card.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Figures } from '../ui/figures.tsx';
import { PagedTable } from '../ui/paged-table.tsx';
import { Pill } from '../ui/pill.tsx';
import { Name, Sentence } from '../ui/text.tsx';
import { Ago } from '../ui/time.tsx';
import { toAge, toCount } from '../words/format.ts';
import { JOB_STATES, QUEUE, ROLES, UNIT, UNITS } from '../words/words.ts';
import { BulkRetry } from './bulk-retry.tsx';
import { Pause } from './pause.tsx';
import styles from './queue-view.module.css';

type JobState = JobRow['state'];

const TONES: Readonly<Record<JobState, Tone>> = {
  waiting: 'quiet',
  active: 'busy',
  delayed: 'attention',
  failed: 'bad',
};

const JOBS: readonly Column<JobRow>[] = [
  {
    head: QUEUE.job,
    isMain: true,
    cell: ({ action, batchId }) => (
      <>
        {action === null ? QUEUE.import : <Name>{action}</Name>}
        <small>
          <Link to="/batch/$id" params={{ id: batchId }}>
            {UNIT.batch(batchId)}
          </Link>
        </small>
      </>
    ),
  },
  { head: QUEUE.state, cell: ({ state }) => <Pill tone={TONES[state]}>{JOB_STATES[state]}</Pill> },
  { head: QUEUE.reason, cell: ({ reason }) => (reason === null ? '' : <Sentence>{reason}</Sentence>) },
  { head: QUEUE.attempts, isNumber: true, cell: ({ attempts }) => toCount(attempts) },
  { head: QUEUE.since, cell: ({ createdAt }) => <Ago iso={createdAt} /> },
  { head: QUEUE.due, cell: ({ dueAt }) => toDue(dueAt) },
];

const WORKERS: readonly Column<Worker>[] = [
  {
    head: QUEUE.host,
    isMain: true,
    cell: ({ host, role }) => (
      <>
        <b>
          <Name>{host}</Name>
        </b>
        <small>{ROLES[role]}</small>
      </>
    ),
  },
  { head: QUEUE.pid, isNumber: true, cell: ({ pid }) => String(pid) },
  {
    head: QUEUE.state,
    cell: ({ alive }) => (alive ? <Pill tone="well">{QUEUE.alive}</Pill> : <Pill tone="bad">{QUEUE.dead}</Pill>),
  },
  { head: QUEUE.lastSign, isNumber: true, cell: ({ ageMs }) => UNITS.ago(toAge(ageMs)) },
  { head: QUEUE.started, cell: ({ startedAt }) => <Ago iso={startedAt} /> },
  { head: QUEUE.watches, cell: ({ roots }) => <Name>{roots.join(', ')}</Name> },
];

/** Content of the queues, their workers, and failures. */
export function QueueView() {
  const { status } = useLive();
  return (
    <>
      <div className={styles['head']}>
        <h1>{QUEUE.title}</h1>
        <div className={styles['acts']}>
          <BulkRetry roots={status?.roots ?? []} />
          {status?.backlog ? <Pause paused={status.backlog.paused} /> : null}
        </div>
      </div>
      {status === undefined ? null : <Counts status={status} />}
      <Jobs />
      <Workers />
    </>
  );
}

function Counts({ status: { actions, backlog, queue } }: { readonly status: WatcherStatus }) {
  return (
    <div className={styles['two']}>
      <Section title={QUEUE.jobs}>
        <Figures
          figures={[
            { name: QUEUE.waiting, count: queue?.waiting ?? null },
            { name: QUEUE.active, count: queue?.active ?? null },
            { name: QUEUE.failedJobs, count: queue?.failed ?? null, isBad: true },
          ]}
        />
        {backlog?.oldestAt ? (
          <p className={styles['note']}>
            {QUEUE.oldest} <Ago iso={backlog.oldestAt} />
          </p>
        ) : null}
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
    </div>
  );
}

const STATES: readonly (readonly [JobQuery['state'], string])[] = [
  [undefined, QUEUE.all],
  ['waiting', JOB_STATES.waiting],
  ['active', JOB_STATES.active],
  ['delayed', JOB_STATES.delayed],
  ['failed', JOB_STATES.failed],
];

function Jobs() {
  const [state, setState] = useState<JobQuery['state']>();
  const query = useInfiniteQuery({ ...jobList(state === undefined ? {} : { state }), refetchInterval: 5_000 });
  return (
    <Section
      title={QUEUE.todo}
      isBare
      aside={<Choice label={QUEUE.states} options={STATES} chosen={state} onChoose={setState} />}
    >
      <PagedTable
        query={query}
        label={QUEUE.todo}
        columns={JOBS}
        toKey={({ kind, id }) => `${kind} ${id}`}
        nothing={state === undefined ? QUEUE.nothingToDo : QUEUE.noneSuch}
      />
    </Section>
  );
}

function Workers() {
  const query = useQuery(workerList);
  return (
    <Asked query={query}>
      {(workers) =>
        workers.length === 0 ? (
          <Section title={QUEUE.workers} isBare>
            <Empty>{QUEUE.noWorkers}</Empty>
          </Section>
        ) : (
          <Section title={QUEUE.workers}>
            <DataTable
              label={QUEUE.workers}
              columns={WORKERS}
              rows={workers}
              toKey={({ host, pid, role, startedAt }) => `${host} ${pid} ${role} ${startedAt}`}
            />
          </Section>
        )
      }
    </Asked>
  );
}

function toDue(dueAt: string | null): string {
  if (dueAt === null) return '';
  const waitMs = Date.parse(dueAt) - Date.now();
  return waitMs <= 0 ? UNITS.justNow : UNITS.in(toAge(waitMs));
}
