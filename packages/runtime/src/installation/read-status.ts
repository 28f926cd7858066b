import type { PendingDirectory, WatcherStatus } from '@sendit/api';
import type { Settings } from '@sendit/config';
import { type ErrorCode, type Mode, type RootStatus, SenditError } from '@sendit/model';
import { connectApi } from '@sendit/portal/client';
import { type Asked, toWarning } from './asked.ts';

const MODES: readonly Mode[] = ['embedded', 'postgres', 'postgres+redis'];
const OUTAGES: ReadonlySet<ErrorCode> = new Set(['database-unavailable', 'database-stopped', 'queue-unavailable']);

/** The status of an installation. */
export interface AskedStatus {
  readonly status: WatcherStatus;
  /** A watcher runs, and does not answer yet. */
  readonly isStarting: boolean;
}

/**
 * The status of the installation that a command asks about: the running watcher's word; else what the database says, and remembers of
 * unsealed directories; where neither answers, that is the status.
 * @throws SenditError `bad-configuration` where no watcher runs that could be asked
 */
export async function readAskedStatus(
  asked: Asked,
  { onWarning }: { readonly onWarning: (message: string) => void },
): Promise<AskedStatus> {
  const client = connectApi(asked.paths.socketPath);
  const isAnswering = await client.ping();
  if (asked.problem !== undefined) onWarning(toWarning(asked.problem));
  if (isAnswering) return { status: await client.status(), isStarting: false };
  if (asked.running !== undefined) return { status: toStarting(asked.running), isStarting: true };
  if (asked.problem !== undefined) throw asked.problem;
  const settings = await asked.settings();
  const { answer, kept, isStarting } = await readStatus(settings);
  if (answer.active) return { status: answer, isStarting };
  const roots = settings.watchPaths.map(({ folder, name }) => toUnwatched({ name, path: folder }, kept));
  return { status: { ...answer, roots }, isStarting };
}

/** Status without an answering watcher. */
interface Answer {
  readonly answer: WatcherStatus;
  readonly kept: readonly PendingDirectory[];
  readonly isStarting: boolean;
}

/** A watch path that nobody watches, with what is remembered of its directories. */
function toUnwatched(root: Pick<RootStatus, 'name' | 'path'>, kept: readonly PendingDirectory[]): RootStatus {
  const own = kept.filter((one) => one.root === root.name);
  return {
    ...root,
    backend: 'none',
    backendReason: null,
    pending: own.length,
    held: own.filter(({ outcome }) => outcome === 'hold').length,
    quarantined: own.filter(({ outcome }) => outcome === 'quarantine').length,
    skippedTests: 0,
    ignored: 0,
    lateChanges: 0,
    overflows: 0,
    foundByRescan: 0,
    problem: null,
    problems: [],
  };
}

/** Where neither a watcher nor the database answers, that is the status. */
async function readStatus(settings: Settings): Promise<Answer> {
  try {
    const { openApi } = await import('@sendit/runtime');
    const { stillAbout } = await import('@sendit/runtime/explain');
    await using api = await openApi(settings);
    const answer = await api.status();
    if (answer.active) return { answer, kept: [], isStarting: false };
    const kept = await Promise.all((await api.listPending({})).results.map(stillAbout));
    return { answer, kept: kept.filter((one) => one !== undefined), isStarting: false };
  } catch (error) {
    if (!(error instanceof SenditError)) throw error;
    // A start locks the database before it has a pid file.
    if (error.code === 'database-locked') return { answer: toInactive(settings.mode), kept: [], isStarting: true };
    if (!OUTAGES.has(error.code)) throw error;
    return { answer: { ...toInactive(settings.mode), problems: [error.message] }, kept: [], isStarting: false };
  }
}

function toStarting({ pid, record }: NonNullable<Asked['running']>): WatcherStatus {
  const since = record.startedAt === '' ? null : record.startedAt;
  const mode = MODES.find((known) => known === record['mode']) ?? 'embedded';
  return { ...toInactive(mode), pid, since };
}

function toInactive(mode: WatcherStatus['mode']): WatcherStatus {
  const portal = { url: null };
  return { active: false, pid: null, since: null, mode, portal, roots: [], queue: null, actions: null, problems: [] };
}
