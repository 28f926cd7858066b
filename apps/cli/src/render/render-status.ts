import type { RootArrivals, WatcherStatus } from '@sendit/api';
import { printable } from '@sendit/daemon';
import { type TableLayout, renderTable } from './table.ts';
import { type DiskSpace, type RootStatus, toRootLabels } from '@sendit/model';
import { renderBytes } from './render-amount.ts';

/** `2026-11-23 04:10:05+01:00`: local time, and what it is ahead of UTC. */
export function renderTime(iso: string | null): string {
  if (iso === null) return '–';
  const time = new Date(iso);
  const pad = (value: number): string => String(value).padStart(2, '0');
  const ahead = -time.getTimezoneOffset();
  const zone = `${ahead < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(ahead) / 60))}:${pad(Math.abs(ahead) % 60)}`;
  return `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())} ${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}${zone}`;
}

/** Output for a running watcher that does not answer yet. */
export function renderStarting({ mode, pid, since }: WatcherStatus): string {
  const which = pid === null ? '' : `: pid ${pid}${since === null ? '' : `, since ${renderTime(since)}`}`;
  return `The watcher is starting (${mode})${which}. \`sendit watcher logs --err -f\` shows what it does.`;
}

/** Output of `sendit watcher status`. */
export function renderWatcherStatus(status: WatcherStatus, layout?: TableLayout): string {
  const labels = toRootLabels(status.roots);
  const lines = [
    status.active
      ? `The watcher is active: pid ${status.pid}${toWhere(status)}, since ${renderTime(status.since)}, ${status.mode}.`
      : `The watcher is inactive (${status.mode}).`,
  ];
  for (const problem of status.problems) lines.push(`Problem: ${printable(problem)}`);
  if (status.portal.url !== null) lines.push(`Portal: ${status.portal.url}`);
  if (status.queue !== null) {
    const { waiting, active, failed } = status.queue;
    const oldest = status.backlog?.oldestAt ? `, oldest sealed ${renderTime(status.backlog.oldestAt)}` : '';
    const paused = status.backlog?.paused ? ', paused' : '';
    lines.push(`Queue: ${waiting} waiting, ${active} active, ${failed} failed${oldest}${paused}`);
  }
  if (status.actions !== null) {
    const { pending, running, failed } = status.actions;
    if (pending + running + failed > 0) lines.push(`Actions: ${pending} pending, ${running} running, ${failed} failed`);
  }
  if (status.workers && status.mode !== 'embedded')
    lines.push(`Workers: ${status.workers.alive} alive, ${status.workers.dead} dead`);
  if (status.today) lines.push(`Today: ${status.today.done} done, ${status.today.failed} failed`);
  if (status.databaseDisk) lines.push(`Disk of the database: ${renderDisk(status.databaseDisk)}`);
  if (status.roots.length > 0) {
    lines.push(
      '',
      renderTable(
        {
          head: [
            'WATCH PATH',
            'NAME',
            'BACKEND',
            'PENDING',
            'HELD',
            'QUARANTINED',
            'TESTS SKIPPED',
            'OVERFLOWS',
            'PROBLEM',
          ],
          right: [3, 4, 5, 6, 7],
          spare: ['TESTS SKIPPED', 'OVERFLOWS', 'BACKEND', 'QUARANTINED', 'NAME'],
        },
        status.roots.map((root) => [
          root.path,
          labels.get(root.name) ?? root.name,
          root.backend,
          String(root.pending),
          String(root.held),
          String(root.quarantined),
          String(root.skippedTests),
          String(root.overflows),
          root.problem ?? '–',
        ]),
        layout,
      ),
    );
    const arrivals = new Map(status.arrivals?.map((one) => [one.root, one]));
    lines.push(
      ...status.roots
        .flatMap((root) =>
          renderWatch(root, { name: labels.get(root.name) ?? root.name, arrivals: arrivals.get(root.name) }),
        )
        .map(printable),
    );
  }
  return lines.join('\n');
}

function toWhere({ host, version }: WatcherStatus): string {
  return `${host ? ` on ${printable(host)}` : ''}${version ? `, version ${version}` : ''}`;
}

/** `12.0 GB of 80.0 GB left, full on …`. */
function renderDisk({ freeBytes, fullAt, totalBytes }: DiskSpace): string {
  const full = fullAt === null ? '' : `; full ${renderTime(fullAt)} if it goes on so`;
  return `${renderBytes(freeBytes)} of ${renderBytes(totalBytes)} left${full}`;
}

/** Which backend watches a path and why, what only a rescan found, and what the watch lacks. */
function renderWatch(
  root: RootStatus,
  { arrivals, name }: { readonly name: string; readonly arrivals: RootArrivals | undefined },
): string[] {
  const { backend, backendReason, foundByRescan, ignored, notes = [], problems } = root;
  const found = foundByRescan === 0 ? '' : `; ${foundByRescan} found by rescan, not by event`;
  const left = ignored === 0 ? '' : `; ${ignored} ignored by name`;
  const watched = backendReason === null ? [] : [`${name}: ${backend}, ${backendReason}${found}${left}`];
  const { disk, oldest } = root;
  const waits = oldest ? [`${name}: waits longest, since ${renderTime(oldest.since)}: ${oldest.reason}`] : [];
  const sum = arrivals?.minutes.reduce((all, one) => all + one, 0) ?? 0;
  const sealed = sum === 0 ? [] : [`${name}: ${sum} sealed in the last hour`];
  const space = disk ? [`${name}: disk ${renderDisk(disk)}`] : [];
  return [
    ...watched,
    ...waits,
    ...sealed,
    ...space,
    ...[...problems, ...notes].map((problem) => `${name}: ${problem}`),
  ];
}
