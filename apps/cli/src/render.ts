import type { ActionSummary, AuditRecord, BatchDetail, BatchSummary, RootStatus, WatcherStatus } from '@sendit/model';

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

/** One line per batch; a running import shows its progress in place of the status. */
export function renderBatches(batches: readonly BatchSummary[]): string {
  return renderTable(
    ['ID', 'NAME', 'ROOT', 'STATUS', 'GEN', 'STUDIES', 'SERIES', 'INSTANCES', 'FINDINGS', 'CREATED', 'FINISHED'],
    batches.map((batch) => [
      batch.id,
      batch.name,
      batch.root,
      renderStatus(batch),
      String(batch.generation),
      String(batch.studies),
      String(batch.series),
      String(batch.instances),
      String(batch.findings),
      renderTime(batch.createdAt),
      renderTime(batch.finishedAt),
    ]),
    [4, 5, 6, 7, 8],
  );
}

function renderStatus(batch: BatchSummary): string {
  if (batch.status !== 'PROCESSING' || batch.progress === null) return batch.status;
  const { filesDone, filesTotal, filesPerS, etaMs } = batch.progress;
  const rate = filesPerS === null || etaMs === null ? '' : `, ${Math.round(filesPerS)}/s, ${renderMs(etaMs)} to go`;
  return `PROCESSING ${filesDone}/${filesTotal}${rate}`;
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
    `  root        ${batch.root}, generation ${batch.generation}${batch.isDelta ? ' (only what came late)' : ''}`,
    `  status      ${renderStatus(batch)}${batch.reason === null ? '' : ` (${printable(batch.reason)})`}`,
    `  complete    ${GRADES[batch.grade]}`,
    `  files       ${batch.files} (${renderBytes(batch.bytes)})`,
    `  created     ${renderTime(batch.createdAt)}`,
    `  finished    ${renderTime(batch.finishedAt)}${batch.attempts > 1 ? ` after ${batch.attempts} attempts` : ''}`,
    `  contents    ${count(batch.studies, 'study', 'studies')}, ${batch.series} series, ${count(batch.instances, 'instance', 'instances')}`,
    ...renderContents(batch),
  ];
  if (batch.lateChanges > 0) lines.push(`  changed     ${count(batch.lateChanges, 'time', 'times')} after the seal`);
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
      renderTable(['STUDY', 'DATE', 'SERIES', 'MODALITY', 'NUMBER', 'INSTANCES', 'SIZE'], series, [4, 5, 6]),
    );
  }
  if (batch.actionList.length > 0) lines.push('', renderActions(batch.actionList, 'of-one-batch'));
  if (batch.findingList.length > 0) {
    lines.push(
      '',
      renderTable(
        ['FINDING', 'SEVERITY', 'FILE', 'MESSAGE'],
        batch.findingList.map((finding) => [finding.code, finding.severity, finding.path ?? '–', finding.message]),
      ),
    );
  }
  for (const record of batch.auditList) lines.push('', renderAuditLine(record));
  return lines.join('\n');
}

/** What an import said about the batch as a whole. */
function renderContents({ modalities, studyDates, times, digest, digestAlgorithm }: BatchDetail): readonly string[] {
  const lines: string[] = [];
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

/** `850 ms`, `12.3 s`, `4 min 5 s`. */
function renderMs(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

function renderAuditLine({ at, by, decision, reason, ...states }: AuditRecord): string {
  return `${renderTime(at)}  ${decision} by ${printable(by)}, ${states.from} → ${states.to}: ${printable(reason)}`;
}

/** One line per action; those of one batch need not say which. */
export function renderActions(
  actions: readonly ActionSummary[],
  which: 'of-one-batch' | 'of-many' = 'of-many',
): string {
  const isOne = which === 'of-one-batch';
  return renderTable(
    [...(isOne ? [] : ['BATCH', 'ROOT']), 'ACTION', 'KIND', 'STATE', 'ATTEMPTS', 'CODE', 'FINISHED', 'REASON'],
    actions.map((action) => [
      ...(isOne ? [] : [action.batchId, action.root]),
      action.name,
      action.kind,
      action.state,
      String(action.attempts),
      action.code === null ? '–' : String(action.code),
      renderTime(action.finishedAt),
      action.reason ?? '–',
    ]),
    isOne ? [3, 4] : [5, 6],
  );
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

function renderBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  return `${power === 0 ? bytes : (bytes / 1000 ** power).toFixed(1)} ${units[power]}`;
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
function renderWatch({ name, backend, backendReason, foundByRescan, problems }: RootStatus): string[] {
  const found = foundByRescan === 0 ? '' : `; ${foundByRescan} found by rescan, not by event`;
  const watched = backendReason === null ? [] : [`${name}: ${backend}, ${backendReason}${found}`];
  return [...watched, ...problems.map((problem) => `${name}: ${problem}`)];
}
