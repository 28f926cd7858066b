import type { RootStatus, WatcherStatus } from '@sendit/model';

/** Lines up columns; `right` names those that hold numbers. Cells are made printable: a folder name may hold anything. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const cells = [head, ...rows.map((row) => row.map(printable))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  return cells
    .map((row) =>
      row
        .map((cell, column) =>
          right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Control characters as `\xNN`, so that a name can neither break a line nor drive the terminal. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** `2026-11-23 04:10:05` in local time. */
export function renderTime(iso: string | null): string {
  if (iso === null) return '–';
  const time = new Date(iso);
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())} ${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}`;
}

/** What `sendit watcher status` says to a person. */
export function renderWatcherStatus(status: WatcherStatus): string {
  const lines = [
    status.active
      ? `The watcher is active: pid ${status.pid}, since ${renderTime(status.since)}, ${status.mode}.`
      : `The watcher is inactive (${status.mode}).`,
  ];
  if (status.portal.url !== null) lines.push(`Portal: ${status.portal.url}`);
  if (status.queue !== null) {
    const { waiting, active, failed } = status.queue;
    lines.push(`Queue: ${waiting} waiting, ${active} active, ${failed} failed`);
  }
  if (status.actions !== null) {
    const { pending, running, failed } = status.actions;
    if (pending + running + failed > 0) lines.push(`Actions: ${pending} pending, ${running} running, ${failed} failed`);
  }
  if (status.roots.length > 0) {
    lines.push(
      '',
      renderTable(
        ['WATCH PATH', 'NAME', 'BACKEND', 'PENDING', 'HELD', 'QUARANTINED', 'TESTS SKIPPED', 'OVERFLOWS', 'PROBLEM'],
        status.roots.map((root) => [
          root.path,
          root.name,
          root.backend,
          String(root.pending),
          String(root.held),
          String(root.quarantined),
          String(root.skippedTests),
          String(root.overflows),
          root.problem ?? '–',
        ]),
        [3, 4, 5, 6, 7],
      ),
    );
    lines.push(...status.roots.flatMap(renderWatch).map(printable));
  }
  for (const problem of status.problems) lines.push('', `Problem: ${printable(problem)}`);
  return lines.join('\n');
}

/** Which backend watches a path and why, what only a rescan found, and what the watch lacks. */
function renderWatch({ name, backend, backendReason, foundByRescan, ignored, problems }: RootStatus): string[] {
  const found = foundByRescan === 0 ? '' : `; ${foundByRescan} found by rescan, not by event`;
  const left = ignored === 0 ? '' : `; ${ignored} ignored by name`;
  const watched = backendReason === null ? [] : [`${name}: ${backend}, ${backendReason}${found}${left}`];
  return [...watched, ...problems.map((problem) => `${name}: ${problem}`)];
}
