import type { AuditRecord } from '@sendit/api';
import type { OpenedApi } from '@sendit/runtime';
import { renderTime } from './render-status.ts';
import { printable } from '@sendit/daemon';
import { renderTable, type TableLayout } from './table.ts';

/** Output of `sendit batch release|hold|quarantine|accept|acknowledge|amend`: the new state, and what follows. */
export function renderDecision(record: AuditRecord, from: OpenedApi['from']): string {
  const { batchId, path, to } = record;
  const what = batchId === null ? printable(path) : `Batch ${batchId}`;
  if (record.decision === 'acknowledge') {
    return `${what} stays ${to}. What stands about it is no problem any more, until something else happens to it.`;
  }
  if (record.decision === 'amend') {
    return `${what} stays ${to}. What came after its seal is its next generation: the watcher seals it at its next scan.`;
  }
  return `${what} is ${to}, it was ${record.from}. ${toConsequence(record, from)}`;
}

function toConsequence({ batchId, decision, to }: AuditRecord, from: OpenedApi['from']): string {
  if (to === 'FORGOTTEN') return 'It is not there any more, so that nothing is remembered of it.';
  if (decision === 'release') {
    if (batchId !== null) return 'It is queued.';
    return from === 'daemon' ? 'It is sealed now.' : 'The watcher seals it when it looks next.';
  }
  if (decision === 'accept') {
    if (to === 'DONE') return 'What follows DONE is done with it.';
    return 'It is queued, and imported without what cannot be read.';
  }
  return batchId === null
    ? 'It is not sealed until `sendit batch release`.'
    : 'It is not imported until `sendit batch release`.';
}

/** One line per decision. */
export function renderAudit(records: readonly AuditRecord[], layout?: TableLayout): string {
  return renderTable(
    { head: ['WHEN', 'WHO', 'DECISION', 'FROM', 'TO', 'BATCH', 'PATH', 'REASON'], spare: ['FROM', 'BATCH'] },
    records.map(({ at, batchId, by, decision, path, reason, ...states }) => [
      renderTime(at),
      by,
      decision,
      states.from,
      states.to,
      batchId ?? '–',
      path,
      reason,
    ]),
    layout,
  );
}
