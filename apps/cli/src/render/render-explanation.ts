import type { PendingDirectory } from '@sendit/api';
import { toRootLabels } from '@sendit/model';
import { renderTime } from './render-status.ts';
import { printable } from '@sendit/daemon';
import { renderTable, type TableLayout } from './table.ts';
import type { DirectoryExplanation } from '@sendit/runtime/explain';

const STATES = {
  finished: 'finished',
  waiting: 'waiting',
  hold: 'held',
  quarantine: 'quarantined',
  skipped: 'not taken',
} as const;

/** Output of `sendit explain`: the verdict, what to do, and every rule. */
export function renderExplanation(told: DirectoryExplanation): string {
  const state = told.outcome === 'waiting' ? 'not finished' : STATES[told.outcome];
  const lines = [
    `${told.unit === undefined ? '' : `${told.unit} in `}${printable(told.path)}: ${state}`,
    `  because     ${printable(told.reason)}${told.grade === null ? '' : ` (${told.grade})`}`,
    ...(told.since === null ? [] : [`  since       ${renderTime(told.since)}`]),
    ...(told.batch === null ? [] : [`  batch       ${told.batch.id}, sealed ${renderTime(told.batch.createdAt)}`]),
    `  files       ${told.files} (${told.bytes} bytes)`,
    `  watcher     ${told.watcher}${told.waitingMs === null ? '' : `; has seen it for ${renderDuration(told.waitingMs)}, unchanged for ${renderDuration(told.unchangedMs)}`}`,
  ];
  if (!told.finished && told.outcome !== 'skipped') {
    const nobody = told.outcome === 'waiting' ? 'only when it changes' : 'none: a person decides';
    const when = told.recheckAt === null ? nobody : renderIn(told.recheckAt);
    lines.push(`  next check  ${when}`);
  }
  if (told.toFinish.length > 0) {
    lines.push('', 'What would finish it:', ...told.toFinish.map((order) => `  - ${order}`));
  }
  if (told.doubts.length > 0)
    lines.push('', 'Doubts, which hold nothing up:', ...told.doubts.map((doubt) => `  - ${doubt}`));
  for (const note of told.notes) lines.push('', `Note: ${printable(note)}`);
  const rows = told.findings.map(({ rule, kind, answer, reason, evidence }) => [
    rule,
    kind,
    answer,
    reason,
    Object.entries(evidence)
      .map(([name, value]) => `${name}=${value === null ? '–' : String(value)}`)
      .join(' '),
  ]);
  lines.push('', renderTable({ head: ['RULE', 'KIND', 'ANSWER', 'REASON', 'EVIDENCE'] }, rows));
  return lines.join('\n');
}

/** One line per directory that is not sealed yet. */
export function renderPending(pending: readonly PendingDirectory[], layout?: TableLayout): string {
  const labels = toRootLabels(pending.map(({ path, root }) => ({ name: root, path })));
  return renderTable(
    { head: ['PATH', 'ROOT', 'STATE', 'SINCE', 'AGE', 'UNCHANGED', 'REASON'], spare: ['ROOT', 'SINCE', 'UNCHANGED'] },
    pending.map(({ name, path, root, outcome, since, waitingMs, unchangedMs, reason }) => [
      path.endsWith(`/${name}`) ? path : `${name} in ${path}`,
      labels.get(root) ?? root,
      STATES[outcome],
      renderTime(since),
      renderDuration(waitingMs),
      renderDuration(unchangedMs),
      reason,
    ]),
    layout,
  );
}

function renderIn(iso: string): string {
  const inMs = Math.max(0, new Date(iso).getTime() - Date.now());
  return `in ${renderDuration(inMs)} at the latest`;
}

/** `4 s`, `12 min`, `3 h 5 min`. */
function renderDuration(ms: number | null): string {
  if (ms === null) return '–';
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
