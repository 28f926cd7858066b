import { basename } from 'node:path';
import { type BatchStatus, BATCH_STATUSES, canTransition } from '@sendit/model';
import type { Effects } from './effects.ts';
import { groupBy } from './group-by.ts';
import { countRepeats, type Fault, judgeActions, toFoundActions } from './judge-actions.ts';
import type { BatchRow, DatabaseFacts } from './read-database.ts';
import type { DroppedFile } from './read-files.ts';

/** A directory as it lies in the watched folder. */
export interface DroppedDirectory {
  readonly path: string;
  /** Whether it must be sealed: not a test, not unfinished. */
  readonly finished: boolean;
  readonly files: readonly DroppedFile[];
}

/** Outcome for everything that was dropped. Lost, doubled and half must be 0. */
export interface Verdict {
  /** Directories that must be sealed. */
  readonly dropped: number;
  /** Of them, those with at least one batch. */
  readonly sealed: number;
  /** Ended as they should: DONE with every row and handed on, EMPTY where there is no image. */
  readonly done: number;
  /** Set aside with a reason, for a person: QUARANTINED, and ERROR where a directory deserves it. */
  readonly quarantined: number;
  /** Not sealed, stuck, HELD though each file is there and can be read, in ERROR without being the cause, or DONE and not handed on. */
  readonly lost: number;
  /** Sealed, imported, written or handed on more than once, or without having been finished at all. */
  readonly doubled: number;
  /** Ended with other rows, or another copy, than the files say. */
  readonly half: number;
  /** Runs of the command beyond the first, each with the key of the first: what at least once allows. */
  readonly repeats: number;
  /** Problems found, one line each. */
  readonly problems: readonly string[];
}

interface Problem {
  readonly fault: Fault;
  readonly path: string;
  readonly what: string;
}

/** Compares what was dropped with what the database holds and the actions left behind. Pure. */
export function compare(dropped: readonly DroppedDirectory[], facts: DatabaseFacts, effects: Effects): Verdict {
  const byPath = groupBy(facts.batches, (batch) => batch.path);
  const found = toIndex(facts, effects);
  const problems: Problem[] = [];
  const ends = { sealed: 0, done: 0, quarantined: 0 };
  const expected = dropped.filter((directory) => directory.finished);
  for (const directory of expected) {
    const batches = byPath.get(directory.path) ?? [];
    if (batches.length > 0) ends.sealed += 1;
    const own = judge(directory, batches, found);
    problems.push(...own.problems.map(([fault, what]) => ({ fault, what, path: directory.path })));
    if (own.problems.length === 0) ends[own.end] += 1;
  }
  problems.push(...strangers(expected, facts), ...strangeEffects(facts, effects));
  const count = (fault: Fault): number =>
    new Set(problems.filter((one) => one.fault === fault).map((one) => one.path)).size;
  return {
    dropped: expected.length,
    ...ends,
    lost: count('lost'),
    doubled: count('doubled'),
    half: count('half'),
    repeats: countRepeats(effects),
    problems: problems.map(({ fault, path, what }) => `${fault}: ${path}: ${what}`),
  };
}

function toIndex(facts: DatabaseFacts, effects: Effects) {
  return {
    instances: groupBy(facts.instances, (row) => row.batchId),
    findings: groupBy(facts.findings, (row) => row.batchId),
    journal: groupBy(facts.journal, (row) => row.batchId),
    manifest: groupBy(facts.manifest, (row) => row.batchId),
    outbox: new Set(facts.outbox),
    ...toFoundActions(facts.actions, effects),
  };
}

interface Judgement {
  readonly end: 'done' | 'quarantined';
  readonly problems: readonly (readonly [Fault, string])[];
}

function judge(
  { files }: DroppedDirectory,
  batches: readonly BatchRow[],
  found: ReturnType<typeof toIndex>,
): Judgement {
  const [batch] = batches;
  if (batch === undefined) return { end: 'done', problems: [['lost', 'never sealed']] };
  const problems: [Fault, string][] = [];
  if (batches.length > 1) problems.push(['doubled', `sealed as ${batches.length} batches`]);
  const shouldBe = expectedEnd(files);
  const isAside = batch.status === 'QUARANTINED';
  if (isAside && batch.reason === null) problems.push(['lost', `${batch.status} without a reason`]);
  if (!isAside && batch.status !== shouldBe) {
    const isOver = batch.status === 'DONE' || batch.status === 'EMPTY';
    problems.push([
      isOver ? 'half' : 'lost',
      `expected ${shouldBe}, got ${batch.status} (${batch.reason ?? 'no reason'})`,
    ]);
  }
  if (!isAside && found.outbox.has(batch.id))
    problems.push(['lost', `${batch.status}, and its message is still there`]);
  problems.push(...judgeJournal(batch, files, found), ...judgeActions(batch, files, found));
  if (batch.status === shouldBe) problems.push(...judgeRows(batch, files, found));
  return { end: isAside || shouldBe === 'ERROR' ? 'quarantined' : 'done', problems };
}

function expectedEnd(files: readonly DroppedFile[]): 'DONE' | 'EMPTY' | 'ERROR' {
  const dates = new Set(files.flatMap((file) => file.uids?.studyDate ?? []));
  if (dates.size === 0) return 'EMPTY';
  return dates.size > 1 ? 'ERROR' : 'DONE';
}

/** Every change of a batch by the table, one seal, one end, and each image written once. */
function judgeJournal(
  batch: BatchRow,
  files: readonly DroppedFile[],
  found: ReturnType<typeof toIndex>,
): [Fault, string][] {
  const entries = found.journal.get(batch.id) ?? [];
  const problems: [Fault, string][] = [];
  const seals = entries.filter((entry) => entry.what === 'sealed').length;
  if (seals !== 1) problems.push(['doubled', `noted ${seals} seals`]);
  const changes = entries.flatMap(({ what }) => (what.includes('>') ? [what.split('>')] : []));
  for (const [from, to] of changes) {
    if (!isStatus(from) || !isStatus(to) || !canTransition(from, to)) {
      problems.push(['doubled', `went from ${from} to ${to}, which is no transition`]);
    }
  }
  const ends = changes.filter(([, to]) => to === 'DONE' || to === 'EMPTY' || to === 'ERROR').length;
  if (ends > 1) problems.push(['doubled', `ended ${ends} times`]);
  const written = entries.filter((entry) => entry.what === 'instances').reduce((sum, { rows }) => sum + rows, 0);
  const images = files.filter((file) => file.uids !== undefined).length;
  if (written > images) problems.push(['doubled', `${images} images, ${written} rows written`]);
  return problems;
}

function isStatus(word: string | undefined): word is BatchStatus {
  return BATCH_STATUSES.some((status) => status === word);
}

function judgeRows(
  batch: BatchRow,
  files: readonly DroppedFile[],
  found: ReturnType<typeof toIndex>,
): [Fault, string][] {
  const images = files.flatMap(({ path, bytes, uids }) => (uids === undefined ? [] : [{ path, bytes, uids }]));
  const wanted = images.map(({ path, bytes, uids }) =>
    [path, bytes, uids.dataset, uids.sop, uids.series, uids.study].join(' '),
  );
  const rows = found.instances.get(batch.id) ?? [];
  const got = rows.map(({ path, bytes, digest, sop, series, study }) =>
    [path, bytes, digest, sop, series, study].join(' '),
  );
  const problems: [Fault, string][] = [];
  const missing = wanted.filter((row) => !got.includes(row)).length;
  const added = got.filter((row) => !wanted.includes(row)).length;
  if (missing + added > 0) problems.push(['half', `${missing} image rows missing, ${added} that no file has`]);
  const counts = {
    files: files.length,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    studies: new Set(images.map(({ uids }) => uids.study)).size,
    series: new Set(images.map(({ uids }) => `${uids.study} ${uids.series}`)).size,
    instances: images.length,
  };
  for (const [name, count] of Object.entries(counts) as [keyof typeof counts, number][]) {
    if (batch[name] !== count) problems.push(['half', `expected ${count} ${name} on its row, got ${batch[name]}`]);
  }
  const sealed = (found.manifest.get(batch.id) ?? []).map(({ path, bytes }) => `${path} ${bytes}`).toSorted();
  const there = files.map(({ path, bytes }) => `${path} ${bytes}`).toSorted();
  if (sealed.join('\n') !== there.join('\n')) problems.push(['half', 'its list of files is another one']);
  const told = (found.findings.get(batch.id) ?? []).map((finding) => finding.path);
  for (const { path } of files.filter((file) => file.uids === undefined)) {
    const findings = told.filter((other) => other === path).length;
    if (findings !== 1)
      problems.push([findings === 0 ? 'half' : 'doubled', `${findings} findings about an unreadable file`]);
  }
  return problems;
}

/** Finds entities that nobody dropped, or that exist twice. */
function strangers(expected: readonly DroppedDirectory[], facts: DatabaseFacts): Problem[] {
  const paths = new Set(expected.map((directory) => directory.path));
  const images = expected.flatMap(({ files }) => files.flatMap((file) => file.uids ?? []));
  return [
    ...facts.batches
      .filter((batch) => !paths.has(batch.path))
      .map(({ path }) => ({ fault: 'doubled' as const, path, what: 'sealed, though it was not finished' })),
    ...repeated('study', facts.studies, new Set(images.map((image) => image.study))),
    ...repeated('series', facts.series, new Set(images.map((image) => `${image.study} ${image.series}`))),
  ];
}

/** Effects of a batch that is not there. */
function strangeEffects(facts: DatabaseFacts, { copies, notes }: Effects): Problem[] {
  const ids = new Set(facts.batches.map(({ id }) => id));
  const names = new Set(facts.batches.map(({ path }) => basename(path)));
  const unknown = [
    ...notes.filter(({ batchId }) => !ids.has(batchId)).map(({ batchId }) => `batch ${batchId}`),
    ...[...copies.keys()].filter((name) => !names.has(name)),
  ];
  return unknown.map((path) => ({ fault: 'doubled', path, what: 'handed on, though there is no such batch' }));
}

function repeated(what: string, rows: readonly string[], wanted: ReadonlySet<string>): Problem[] {
  return [...groupBy(rows, (row) => row)].flatMap(([row, same]) => {
    if (same.length > 1) return [{ fault: 'doubled' as const, path: row, what: `${same.length} rows of one ${what}` }];
    return wanted.has(row) ? [] : [{ fault: 'doubled' as const, path: row, what: `a ${what} that nobody dropped` }];
  });
}
