import { basename, dirname } from 'node:path';
import type { Settings } from '@sendit/config';
import { type Explanation, explain, type FolderFacts, type FolderListing, type Finding } from '@sendit/detector';
import { readFolder, readWriters } from '@sendit/detector/node';
import { type BatchDetail, type PendingDirectory, SenditError } from '@sendit/model';
import { isTestName, toRules } from '@sendit/processors';
import { readDicomFacts } from './dicom-facts.ts';
import { stillAbout } from './list-unsealed.ts';
import { openApi } from './open-api.ts';
import { toSidecarNames } from './sidecar-names.ts';

/** `sendit explain --json`. */
export interface DirectoryExplanation extends Omit<Explanation, 'recheckAt' | 'findings'> {
  /** ISO time: unchanged until then it is finished, provided that the watcher runs; null when nothing but a change or a person can help. */
  readonly recheckAt: string | null;
  readonly watcher: 'running' | 'not running';
  /** How long the watcher has seen it, and seen it unchanged; null where it does not. */
  readonly waitingMs: number | null;
  readonly unchangedMs: number | null;
  readonly files: number;
  readonly bytes: number;
  /** What it became, where it is sealed. */
  readonly batch: Pick<BatchDetail, 'id' | 'status' | 'generation' | 'grade' | 'createdAt' | 'auditList'> | null;
  /** ISO time since when it is held or quarantined. */
  readonly since: string | null;
  /** What else a person should know. */
  readonly notes: readonly string[];
  readonly findings: readonly Omit<Finding, 'recheckAt'>[];
}

/** What the watcher and the database know of one path. */
interface Known {
  readonly isRunning: boolean;
  readonly folders: readonly string[];
  readonly pending: PendingDirectory | undefined;
  readonly batch: BatchDetail | undefined;
  readonly problem: string | null;
}

/**
 * Looks at a directory and judges it as the watcher would, with what a running one knows of it: how it came, and since when it is unchanged.
 * @throws SenditError `not-found` when nothing is there.
 */
export async function explainDirectory(settings: Settings, path: string): Promise<DirectoryExplanation> {
  const { signal } = new AbortController();
  const known = await readKnown(settings, path);
  const watchPath = settings.watchPaths.find(({ folder }) => folder === dirname(path));
  const look = await readFolder(path, signal, watchPath === undefined ? {} : toSidecarNames(watchPath));
  if (!look.exists && known.batch === undefined) {
    throw new SenditError(`There is nothing at ${path}.`, {
      code: 'not-found',
      hint: 'Give the directory as it stands in a watch path, for example /data/L123456.',
    });
  }
  const writers = look.isDirectory ? await readWriters(path, signal) : undefined;
  const dicom = look.isDirectory ? await readDicomFacts(path) : undefined;
  const listing = { ...look, ...(writers === undefined ? {} : { writers }), ...(dicom === undefined ? {} : { dicom }) };
  const now = performance.now();
  const quietMs = known.pending?.quietMs ?? watchPath?.quietMs ?? settings.quietMs;
  const { batch, pending } = known;
  const isSealed = batch !== undefined && pending === undefined;
  const facts = isSealed ? toSealedFacts(path, { listing, now, batch }) : toFacts(path, { listing, now, pending });
  const told = explain({ path, facts, rules: toRules({ ...watchPath, quietMs }), now });
  const isKept = pending !== undefined && (pending.outcome !== 'waiting' || pending.decision !== null);
  const isAsked = !isSealed && (!isKept || (pending.decision === null && pending.outcome === 'hold'));
  return {
    ...told,
    ...(isSealed ? toSealed(batch) : {}),
    ...(isKept ? toKept(pending, told) : {}),
    recheckAt: !isAsked || told.recheckAt === null ? null : toIso(told.recheckAt - now),
    since: pending?.since ?? null,
    watcher: known.isRunning ? 'running' : 'not running',
    waitingMs: pending?.waitingMs ?? null,
    unchangedMs: pending === undefined || pending.unchangedMs === null ? null : Math.round(now - facts.lastChangeAt),
    files: listing.files,
    bytes: listing.bytes,
    batch: batch === undefined ? null : toBatch(batch),
    notes: toNotes(settings, path, { ...known, isSealed }),
    // The longest wait of what is sealed is over, whatever it was.
    findings: told.findings.filter(({ kind }) => !isSealed || kind !== 'deadline').map(toPlain),
  };
}

type Told = Pick<Explanation, 'finished' | 'outcome' | 'grade' | 'reason' | 'toFinish'>;

function toSealed({ grade, id, status }: BatchDetail): Told {
  return { finished: true, outcome: 'finished', grade, reason: `it is sealed: batch ${id}, ${status}`, toFinish: [] };
}

/** What keeps it back stands above what the rules would say now. */
function toKept({ decision, outcome, path, reason }: PendingDirectory, told: Explanation): Told {
  const release = `Say \`sendit batch release ${path} --reason …\`: it is sealed as it is then.`;
  const orders: readonly string[] =
    decision === 'release'
      ? ['Wait: it is sealed when the watcher looks next.']
      : decision === null && outcome === 'hold'
        ? [...told.toFinish, release]
        : decision === null
          ? ['Rename it to a name ending in .tmp and back: it is judged anew.', release]
          : [release];
  return { finished: false, outcome, grade: null, reason, toFinish: orders };
}

function toBatch({ auditList, createdAt, generation, grade, id, status }: BatchDetail): DirectoryExplanation['batch'] {
  return { id, status, generation, grade, createdAt, auditList };
}

/** What was known when it was sealed is the batch's; the files' own times stand for the rest, for a person to read. */
function toSealedFacts(
  path: string,
  { batch, listing, now }: { readonly batch: BatchDetail; readonly listing: FolderListing; readonly now: number },
): FolderFacts {
  const lastChangeAt = now - Math.max(0, Date.now() - (listing.newestCtimeMs ?? Date.now()));
  const arrival = batch.grade === 'renamed' ? 'renamed' : 'found';
  return { name: basename(path), arrival, listing, firstSeenAt: lastChangeAt, lastChangeAt, observedAt: now };
}

/** The watcher's look counts where the directory has not changed since; else it changed just now. */
function toFacts(
  path: string,
  {
    listing,
    now,
    pending,
  }: { readonly listing: FolderListing; readonly now: number; readonly pending: PendingDirectory | undefined },
): FolderFacts {
  const isSame = pending?.snapshotDigest === listing.snapshotDigest;
  const lastChangeAt = now - (isSame ? (pending?.unchangedMs ?? 0) : 0);
  const firstSeenAt = now - (pending?.waitingMs ?? 0);
  return {
    name: basename(path),
    arrival: pending?.arrival ?? 'found',
    listing,
    firstSeenAt,
    lastChangeAt,
    observedAt: now,
  };
}

/** What cannot be asked is said and left out: the directory itself can still be looked at. */
async function readKnown(settings: Settings, path: string): Promise<Known> {
  const configured = settings.watchPaths.map(({ folder }) => folder);
  try {
    await using api = await openApi(settings);
    const isRunning = api.from === 'daemon';
    const roots = isRunning ? (await api.status()).roots.map((root) => root.path) : [];
    const listed = (await api.listPending()).find((one) => one.path === path);
    const pending = isRunning ? listed : await stillAbout(listed);
    return { isRunning, folders: [...configured, ...roots], pending, batch: await api.showBatch(path), problem: null };
  } catch (error) {
    if (!(error instanceof SenditError)) throw error;
    return { isRunning: false, folders: configured, pending: undefined, batch: undefined, problem: error.message };
  }
}

function toNotes(settings: Settings, path: string, known: Known & { readonly isSealed: boolean }): readonly string[] {
  const notes: string[] = [];
  if (known.problem !== null) notes.push(`The watcher and the database could not be asked: ${known.problem}`);
  if (known.isSealed) {
    notes.push(
      'What changes in it now is not processed; delete it and send it again to have it taken as the next generation.',
    );
    return notes;
  }
  if (!known.isRunning && known.problem === null) {
    notes.push('The watcher is not running, so that nothing looks at it: start it with `sendit watcher start`.');
  }
  if (!known.folders.includes(dirname(path))) {
    notes.push('It does not lie directly in a watch path that is known here; it is judged by the general settings.');
  }
  const { testPrefix = settings.testPrefix } = settings.watchPaths.find(({ folder }) => folder === dirname(path)) ?? {};
  if (isTestName(basename(path), testPrefix)) {
    notes.push(
      'It is a test directory by its name: it is told of and never sealed. `testPrefix` sets which names are.',
    );
  }
  return notes;
}

/** Times of a rule are on the monotonic clock: they mean nothing outside this process. */
function toPlain({ rule, kind, answer, reason, evidence, toFinish }: Finding): Omit<Finding, 'recheckAt'> {
  return { rule, kind, answer, reason, evidence, toFinish };
}

function toIso(inMs: number): string {
  return new Date(Date.now() + inMs).toISOString();
}
