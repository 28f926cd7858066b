import type { RootArrivals, WatcherStatus } from '@sendit/api';
import { type OldestWaiting, type RootStatus, toRootLabels } from '@sendit/model';
import { Empty, Section } from '../ui/card.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Pill } from '../ui/pill.tsx';
import { Name, Sentence } from '../ui/text.tsx';
import { Age } from '../ui/time.tsx';
import { Disk } from './disk.tsx';
import { toCount } from '../words/format.ts';
import { NOW } from '../words/words.ts';
import { LastDay } from './last-day.tsx';
import styles from './watch-paths.module.css';

/** Each watch path with its backend and why, what waits in it, and what it lacks. */
export function WatchPaths({ status }: { readonly status: WatcherStatus }) {
  const { active, arrivals = [], roots } = status;
  if (roots.length === 0) {
    return (
      <Section title={NOW.watchPaths} isBare>
        <Empty>{active ? NOW.noPath : NOW.pathsWhileRunning}</Empty>
      </Section>
    );
  }
  return (
    <Section title={NOW.watchPaths}>
      <DataTable label={NOW.watchPaths} columns={toColumns(roots, arrivals)} rows={roots} toKey={({ name }) => name} />
    </Section>
  );
}

const SKIPPED: Column<RootStatus> = {
  head: NOW.skipped,
  isNumber: true,
  isSpare: true,
  cell: ({ skippedTests }) => <Figure count={skippedTests} />,
};

function toColumns(roots: readonly RootStatus[], arrivals: readonly RootArrivals[]): readonly Column<RootStatus>[] {
  const labels = toRootLabels(roots);
  const rates = new Map(arrivals.map(({ minutes, root }) => [root, toRate(minutes)]));
  return [
    {
      head: NOW.path,
      isMain: true,
      cell: (root) => (
        <>
          <b>
            <Name>{labels.get(root.name) ?? root.name}</Name>
          </b>{' '}
          <Name className={styles['path']}>{root.path}</Name>
          {toTroubles(root).map((trouble) => (
            <p key={trouble} className={styles['trouble']}>
              <Sentence>{trouble}</Sentence>
            </p>
          ))}
        </>
      ),
    },
    {
      head: NOW.watchedBy,
      cell: ({ backend, backendReason }) => (
        <>
          <Name>{backend}</Name>
          {backendReason === null ? null : (
            <small>
              <Name>{backendReason}</Name>
            </small>
          )}
        </>
      ),
    },
    {
      head: NOW.lastDay,
      isSpare: true,
      cell: ({ name }) => (
        <>
          <LastDay root={name} />
          <small>{NOW.perMinute(rates.get(name) ?? '0')}</small>
        </>
      ),
    },
    { head: NOW.pending, isNumber: true, cell: ({ pending }) => <Figure count={pending} /> },
    { head: NOW.oldestHead, isSpare: true, cell: ({ oldest }) => <Oldest oldest={oldest ?? null} /> },
    { head: NOW.held, isNumber: true, cell: ({ held }) => <Figure count={held} /> },
    ...(roots.some(({ skippedTests }) => skippedTests > 0) ? [SKIPPED] : []),
    {
      head: NOW.missed,
      isNumber: true,
      isSpare: true,
      cell: ({ foundByRescan, overflows }) => (
        <>
          <Figure count={overflows} />
          {foundByRescan === 0 ? null : <small>{NOW.missedHint(toCount(foundByRescan))}</small>}
        </>
      ),
    },
    { head: NOW.diskLeft, isNumber: true, isSpare: true, cell: ({ disk }) => <Disk disk={disk ?? null} /> },
    { head: NOW.state, cell: (root) => <PathState root={root} /> },
  ];
}

/** Average seals per minute over the last ten minutes; one decimal below ten. */
function toRate(minutes: readonly number[]): string {
  const last = minutes.slice(-10);
  const rate = last.reduce((sum, one) => sum + one, 0) / 10;
  return rate >= 10 ? toCount(Math.round(rate)) : String(Number(rate.toFixed(1)));
}

function Oldest({ oldest }: { readonly oldest: OldestWaiting | null }) {
  if (oldest === null) return <span className={styles['zero']}>{NOW.noneWaits}</span>;
  return (
    <>
      <Age iso={oldest.since} />
      <small>
        <Sentence>{oldest.reason}</Sentence>
      </small>
    </>
  );
}

function PathState({ root }: { readonly root: RootStatus }) {
  if (root.problem !== null) return <Pill tone="bad">{NOW.pathUnwatched}</Pill>;
  return root.problems.length > 0 ? (
    <Pill tone="attention">{NOW.pathIll}</Pill>
  ) : (
    <Pill tone="well">{NOW.pathWell}</Pill>
  );
}

function Figure({ count }: { readonly count: number }) {
  return count === 0 ? <span className={styles['zero']}>0</span> : toCount(count);
}

function toTroubles({ problem, problems }: RootStatus): readonly string[] {
  return problem === null ? problems : [problem, ...problems];
}
