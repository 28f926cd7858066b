import type { ActionSummary, AuditRecord, BatchDetail, BatchSummary } from '@sendit/api';
import { toRootLabels } from '@sendit/model';
import { renderBytes, renderMs } from './render-amount.ts';
import { renderTime } from './render-status.ts';
import { printable } from '@sendit/daemon';
import { renderTable, type TableLayout } from './table.ts';

/** One line per batch; a running import shows its progress in place of the status. */
export function renderBatches(batches: readonly BatchSummary[], layout?: TableLayout): string {
  const labels = toRootLabels(batches.map(({ path, root }) => ({ name: root, path })));
  return renderTable(
    {
      head: [
        'ID',
        'NAME',
        'ROOT',
        'STATUS',
        'GEN',
        'STUDIES',
        'SERIES',
        'INSTANCES',
        'FINDINGS',
        'CREATED',
        'FINISHED',
      ],
      right: [4, 5, 6, 7, 8],
      spare: ['STUDIES', 'GEN', 'FINISHED', 'SERIES', 'ROOT'],
    },
    batches.map((batch) => [
      batch.id,
      batch.name,
      labels.get(batch.root) ?? batch.root,
      renderStatus(batch),
      String(batch.generation),
      String(batch.studies),
      String(batch.series),
      String(batch.instances),
      String(batch.findings),
      renderTime(batch.createdAt),
      renderTime(batch.finishedAt),
    ]),
    layout,
  );
}

/** The batch's status; during an import also progress, speed and remaining time. */
export function renderStatus(batch: BatchSummary): string {
  if (batch.status !== 'PROCESSING' || batch.progress === null)
    return batch.isLate ? `${batch.status}, late files` : batch.status;
  const { filesDone, filesTotal, bytesDone, filesPerS, etaMs } = batch.progress;
  const rate = filesPerS === null || etaMs === null ? '' : `, ${Math.round(filesPerS)}/s, ${renderMs(etaMs)} to go`;
  return `PROCESSING ${filesDone}/${filesTotal} (${renderBytes(bytesDone)})${rate}`;
}

const GRADES: Readonly<Record<BatchDetail['grade'], string>> = {
  manifest: 'by its manifest',
  count: 'by the announced number of instances',
  marker: 'by its done-file',
  renamed: 'by rename',
  quiet: 'by quiet time',
  released: 'a person released it',
  incomplete: 'no: its longest wait was over',
};

/** A batch with its series and findings. */
export function renderBatch(batch: BatchDetail): string {
  const lines = [
    `Batch ${batch.id}: ${printable(batch.name)}`,
    `  path        ${printable(batch.path)}`,
    ...(batch.renamedTo === null ? [] : [`  now         ${printable(batch.renamedTo)} (it was renamed)`]),
    `  root        ${batch.root}, generation ${batch.generation}${batch.isDelta ? ' (only what came late)' : ''}`,
    `  status      ${renderStatus(batch)}${batch.reason === null ? '' : ` (${printable(batch.reason)})`}`,
    `  complete    ${GRADES[batch.grade]}`,
    `  files       ${batch.files} (${renderBytes(batch.bytes)})`,
    `  created     ${renderTime(batch.createdAt)}`,
    `  finished    ${renderTime(batch.finishedAt)}${batch.attempts > 1 ? ` after ${batch.attempts} attempts` : ''}`,
    `  contents    ${count(batch.studies, 'study', 'studies')}, ${batch.series} series, ${count(batch.instances, 'instance', 'instances')}`,
    ...renderContents(batch),
  ];
  if (batch.lateChanges > 0) {
    const left = batch.isLate ? '; not imported: `sendit batch amend` does' : '';
    lines.push(`  changed     ${count(batch.lateChanges, 'time', 'times')} after the seal${left}`);
  }
  const series = batch.studyList.flatMap((study) =>
    study.seriesList.map((one) => [
      study.studyInstanceUid,
      study.studyDate ?? '–',
      one.seriesInstanceUid,
      one.modality ?? '–',
      one.seriesNumber === null ? '–' : String(one.seriesNumber),
      String(one.instances),
      renderBytes(one.bytes),
    ]),
  );
  if (series.length > 0) {
    lines.push(
      '',
      renderTable(
        { head: ['STUDY', 'DATE', 'SERIES', 'MODALITY', 'NUMBER', 'INSTANCES', 'SIZE'], right: [4, 5, 6] },
        series,
      ),
    );
  }
  if (batch.actionList.length > 0) lines.push('', renderActions(batch.actionList, 'of-one-batch'));
  if (batch.findingList.length > 0) {
    lines.push(
      '',
      renderTable(
        { head: ['FINDING', 'SEVERITY', 'FILE', 'MESSAGE'] },
        batch.findingList.map((finding) => [finding.code, finding.severity, finding.path ?? '–', finding.message]),
      ),
    );
  }
  for (const record of batch.auditList) lines.push('', renderAuditLine(record));
  return lines.join('\n');
}

/** Findings about the batch as a whole. */
function renderContents(batch: BatchDetail): readonly string[] {
  const { modalities, studyDates, times, digest, digestAlgorithm } = batch;
  const lines: string[] = [];
  const others = renderOthers(batch);
  if (others !== '') lines.push(`  elsewhere   ${others}`);
  if (modalities.length > 0) lines.push(`  modality    ${printable(modalities.join(', '))}`);
  if (studyDates.length > 0) lines.push(`  study date  ${printable(studyDates.join(', '))}`);
  if (times !== null) {
    const { elapsedMs, listingMs, readingMs, hashingMs, databaseMs, filesPerS } = times;
    const steps = `listing ${renderMs(listingMs)}, reading ${renderMs(readingMs)} (hashing ${renderMs(hashingMs)}), database ${renderMs(databaseMs)}`;
    lines.push(`  took        ${renderMs(elapsedMs)}: ${steps}${filesPerS === null ? '' : `; ${filesPerS} files/s`}`);
  }
  if (digest !== null) lines.push(`  digest      ${digest} (of ${digestAlgorithm ?? 'unknown'})`);
  return lines;
}

function renderAuditLine({ at, by, decision, reason, ...states }: AuditRecord): string {
  return `${renderTime(at)}  ${decision} by ${printable(by)}, ${states.from} → ${states.to}: ${printable(reason)}`;
}

/** One line per action; those of one batch need not say which. */
export function renderActions(
  actions: readonly ActionSummary[],
  which: 'of-one-batch' | 'of-many' = 'of-many',
  layout?: TableLayout,
): string {
  const isOne = which === 'of-one-batch';
  return renderTable(
    {
      head: [...(isOne ? [] : ['BATCH', 'ROOT']), 'ACTION', 'KIND', 'STATE', 'ATTEMPTS', 'CODE', 'FINISHED', 'REASON'],
      right: isOne ? [3, 4] : [5, 6],
      spare: ['KIND', 'FINISHED', 'ATTEMPTS'],
    },
    actions.map((action) => [
      ...(isOne ? [] : [action.batchId, action.root]),
      action.name,
      action.kind,
      renderActionState(action),
      String(action.attempts),
      action.code === null ? '–' : String(action.code),
      renderTime(action.finishedAt),
      action.reason ?? '–',
    ]),
    layout,
  );
}

/** A running step with how far it has come: `running 12/300`. */
function renderActionState({ progress, state }: ActionSummary): string {
  if (state !== 'running' || progress === null) return state;
  return `${state} ${progress.done}${progress.total === null ? '' : `/${progress.total}`}`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Other batches and generations with the same instances. */
function renderOthers({ duplicates, replaced, quarantined }: BatchDetail): string {
  const parts = [
    duplicates === 0 ? '' : `${count(duplicates, 'instance', 'instances')} imported before`,
    replaced === 0 ? '' : `${replaced} replaced by a later generation`,
    quarantined === 0 ? '' : `${count(quarantined, 'file', 'files')} quarantined: imported before with other bytes`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
