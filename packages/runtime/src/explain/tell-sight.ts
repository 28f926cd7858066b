import type { BatchDetail, PendingDirectory } from '@sendit/api';
import type { Settings, WatchPath } from '@sendit/config';
import {
  type Explanation,
  explain,
  type Finding,
  type FolderFacts,
  type FolderListing,
  toRenamedFiles,
  isFinishedName,
} from '@sendit/detector';
import { SenditError } from '@sendit/model';
import { toRules } from '@sendit/intake';
import { stillAbout } from '../disk/still-about.ts';
import { openApi } from '../open-api.ts';

/** `sendit explain --json`. */
export interface DirectoryExplanation extends Omit<Explanation, 'outcome' | 'recheckAt' | 'findings'> {
  /** `skipped`: it is never sealed as it is, whatever the rules say. */
  readonly outcome: Explanation['outcome'] | 'skipped';
  /** ISO time: unchanged until then it is finished, provided that the watcher runs; null when nothing but a change or a person can help. */
  readonly recheckAt: string | null;
  /** Key of the unit, where it is not a directory; `path` is the watch path's folder then. */
  readonly unit?: string;
  readonly watcher: 'running' | 'not running';
  /** How long the watcher has seen it, and seen it unchanged; null where it does not. */
  readonly waitingMs: number | null;
  readonly unchangedMs: number | null;
  readonly files: number;
  readonly bytes: number;
  /** Its batch, if sealed. */
  readonly batch: Pick<BatchDetail, 'id' | 'status' | 'generation' | 'grade' | 'createdAt' | 'auditList'> | null;
  /** ISO time since when it is held or quarantined. */
  readonly since: string | null;
  /** Further notes for a person. */
  readonly notes: readonly string[];
  readonly findings: readonly Omit<Finding, 'recheckAt'>[];
}

/** The watcher's and the database's facts about one candidate. */
export interface Known {
  readonly isRunning: boolean;
  readonly folders: readonly string[];
  readonly pending: PendingDirectory | undefined;
  /** Everything that waits. */
  readonly allPending: readonly PendingDirectory[];
  readonly batch: BatchDetail | undefined;
  readonly problem: string | null;
}

/** One candidate, as it was just looked at. */
export interface Sight {
  readonly path: string;
  readonly name: string;
  readonly listing: FolderListing;
  /** The watch path that it lies in. */
  readonly watchPath: WatchPath | undefined;
}

/** Judges a candidate as the watcher would, with what a running one knows of it. The notes are the caller's. */
export function tellSight(settings: Settings, sight: Sight, known: Known): Omit<DirectoryExplanation, 'notes'> {
  const now = performance.now();
  const { listing, path, watchPath } = sight;
  const quietMs = known.pending?.quietMs ?? watchPath?.quietMs ?? settings.quietMs;
  const { batch, pending } = known;
  const isSealed = batch !== undefined && pending === undefined;
  const facts = isSealed ? toSealedFacts(sight, batch, now) : toFacts(sight, pending, now);
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
    // The longest wait of what is sealed is over, whatever it was.
    findings: told.findings.filter(({ kind }) => !isSealed || kind !== 'deadline').map(toPlain),
  };
}

type Told = Pick<DirectoryExplanation, 'finished' | 'outcome' | 'grade' | 'reason' | 'toFinish'>;

function toSealed({ grade, id, status }: BatchDetail): Told {
  return { finished: true, outcome: 'finished', grade, reason: `it is sealed: batch ${id}, ${status}`, toFinish: [] };
}

/** An obstacle overrides the rules' answer now. */
function toKept({ decision, name, outcome, path, reason }: PendingDirectory, told: Explanation): Told {
  if (!isFinishedName(name)) {
    // To release it would be refused: its name alone keeps it back.
    return { finished: false, outcome, grade: null, reason, toFinish: told.toFinish };
  }
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

/** Facts at the time of the seal come from the batch; the rest from the files' own times, for a person to read. */
function toSealedFacts({ listing, name }: Sight, batch: BatchDetail, now: number): FolderFacts {
  const lastChangeAt = now - Math.max(0, Date.now() - (listing.newestCtimeMs ?? Date.now()));
  const arrival = batch.grade === 'renamed' ? 'renamed' : 'found';
  return {
    name,
    arrival,
    renamedFiles: listing.files,
    listing,
    firstSeenAt: lastChangeAt,
    lastChangeAt,
    observedAt: now,
  };
}

/** The watcher's look counts where the candidate has not changed since; else it changed just now. */
function toFacts({ listing, name }: Sight, pending: PendingDirectory | undefined, now: number): FolderFacts {
  const isSame = pending?.snapshotDigest === listing.snapshotDigest;
  const lastChangeAt = now - (isSame ? (pending?.unchangedMs ?? 0) : 0);
  const firstSeenAt = now - (pending?.waitingMs ?? 0);
  const arrival = listing.arrival ?? pending?.arrival ?? 'found';
  const renamedFiles = toRenamedFiles(pending ?? {}, listing) ?? 0;
  return {
    name,
    arrival,
    renamedFiles,
    listing: withHeard(listing, pending),
    firstSeenAt,
    lastChangeAt,
    observedAt: now,
  };
}

/** The watcher may have heard of a writer that this account cannot see. */
function withHeard(listing: FolderListing, pending: PendingDirectory | undefined): FolderListing {
  const { writers } = listing;
  const isHidden = writers?.kind === 'none' && !writers.complete;
  const writing = pending?.writing ?? undefined;
  if (!isHidden || writing === undefined) return listing;
  return { ...listing, writers: { kind: 'open', pids: [], ...writing } };
}

/** Reports and skips a source that does not answer: the candidate itself can still be looked at. */
export async function readKnown(
  settings: Settings,
  { isPending, ref }: { readonly ref: string; readonly isPending: (one: PendingDirectory) => boolean },
): Promise<Known> {
  const configured = settings.watchPaths.map(({ folder }) => folder);
  try {
    await using api = await openApi(settings);
    const isRunning = api.from === 'daemon';
    const roots = isRunning ? (await api.status()).roots.map((root) => root.path) : [];
    const { results: allPending } = await api.listPending({});
    const listed = allPending.find(isPending);
    const pending = isRunning ? listed : await stillAbout(listed);
    const batch = await api.showBatch({ ref });
    return { isRunning, folders: [...configured, ...roots], pending, allPending, batch, problem: null };
  } catch (error) {
    if (!(error instanceof SenditError)) throw error;
    const nothing = { pending: undefined, allPending: [], batch: undefined };
    return { isRunning: false, folders: configured, ...nothing, problem: error.message };
  }
}

/** Notes that apply to any candidate. */
export function toKnownNotes(known: Known, isSealed: boolean): readonly string[] {
  const problem = `The watcher and the database could not be asked: ${known.problem}`;
  const idle = 'The watcher is not running, so that nothing looks at it: start it with `sendit watcher start`.';
  return [
    ...(known.problem === null ? [] : [problem]),
    ...(known.isRunning || isSealed || known.problem !== null ? [] : [idle]),
  ];
}

/** Times of a rule are on the monotonic clock: they mean nothing outside this process. */
function toPlain({ rule, kind, answer, reason, evidence, toFinish }: Finding): Omit<Finding, 'recheckAt'> {
  return { rule, kind, answer, reason, evidence, toFinish };
}

function toIso(inMs: number): string {
  return new Date(Date.now() + inMs).toISOString();
}
