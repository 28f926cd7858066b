import type { ReplayedDecision } from '@sendit/detector';
import { renderTable } from './table.ts';
import type { ReplayReport } from '@sendit/runtime/explain';

const OUTCOMES: Readonly<Record<ReplayedDecision['outcome'], string>> = {
  finished: 'sealed',
  hold: 'held',
  quarantine: 'quarantined',
  waiting: 'waits',
};

/** One line per profile: what it decides, when, and whether that was too early. */
export function renderReplay(report: ReplayReport): string {
  const rows = Object.entries(report.profiles).map(([name, one]) => [
    name,
    OUTCOMES[one.outcome],
    one.grade ?? '–',
    one.at === null ? 'never' : `${toSeconds(one.at)}${one.isBeyondEnd ? ' *' : ''}`,
    String(one.files),
    one.isEarly ? 'YES' : 'no',
    one.reason,
  ]);
  const lines = [
    `${report.path}: ${report.arrival}, ${report.steps} steps in ${toSeconds(report.recordedMs)}, last change after ${toSeconds(report.lastChangeMs)}, quiet time ${toSeconds(report.quietMs)}`,
    '',
    renderTable(
      { head: ['PROFILE', 'DECIDES', 'GRADE', 'AFTER', 'FILES', 'TOO EARLY', 'BECAUSE'], right: [3, 4] },
      rows,
    ),
  ];
  if (Object.values(report.profiles).some(({ at, isBeyondEnd }) => isBeyondEnd && at !== null)) {
    lines.push('', '* after the end of what was seen, as if nothing changed any more.');
  }
  if (report.leftAlone !== null) lines.push('', `None of this comes to pass: ${report.leftAlone}.`);
  if (report.source === 'reconstructed') {
    lines.push(
      '',
      'Reconstructed from the times of the files that are there now: pauses within a file, files that were deleted or written again, open files and what a copy with kept times hides are not in it. `sendit detector record` sees them.',
    );
  }
  return lines.join('\n');
}

function toSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
