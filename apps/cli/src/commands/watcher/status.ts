import type { PendingDirectory, WatcherStatus } from '@sendit/api';
import type { Settings } from '@sendit/config';
import { type ErrorCode, type QueueCounts, type RootStatus, SenditError } from '@sendit/model';
import { connectApi } from '@sendit/portal/client';
import { type Asked, findAsked, toWarning } from '@sendit/runtime/installation';
import { BaseCommand } from '../../base-command.ts';
import { type TableLayout, tableFlags, toTableLayout } from '../../render/table.ts';
import { dataFlag } from '../../data-flag.ts';
import { renderStarting, renderWatcherStatus } from '../../render/render-status.ts';

const MODES = ['embedded', 'postgres', 'postgres+redis'] as const;
const OUTAGES: ReadonlySet<ErrorCode> = new Set(['database-unavailable', 'database-stopped', 'queue-unavailable']);

/** As printed: counts that cannot be had are null, their names stay. */
type PrintedStatus = Omit<WatcherStatus, 'queue'> & {
  /** It runs, and does not answer yet. */
  readonly isStarting: boolean;
  readonly queue: { readonly [Name in keyof QueueCounts]: number | null };
};

export default class WatcherStatusCommand extends BaseCommand {
  static override summary = 'Say whether the watcher is active, what it watches and what waits.';
  static override enableJsonFlag = true;
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];
  static override flags = { ...dataFlag, ...tableFlags };

  async run(): Promise<PrintedStatus> {
    const { flags } = await this.parse(WatcherStatusCommand);
    this.#layout = toTableLayout(flags);
    const asked = await findAsked(flags);
    const client = connectApi(asked.paths.socketPath);
    const isAnswering = await client.ping();
    if (asked.problem !== undefined) this.warnOf(toWarning(asked.problem));
    if (isAnswering) return this.#print(await client.status(), false);
    if (asked.running !== undefined) return this.#print(toStarting(asked.running), true);
    if (asked.problem !== undefined) throw asked.problem;
    const settings = await asked.settings();
    const { answer, kept, isStarting } = await readStatus(settings);
    const configured = settings.watchPaths.map((watchPath) => ({
      name: watchPath.name,
      path: watchPath.folder,
      backend: 'none',
      backendReason: null,
      ...countKept(kept, watchPath.name),
      skippedTests: 0,
      ignored: 0,
      lateChanges: 0,
      overflows: 0,
      foundByRescan: 0,
      problem: null,
      problems: [],
    }));
    const status = answer.active ? answer : { ...answer, roots: configured };
    return this.#print(status, isStarting);
  }

  #layout: TableLayout | undefined;

  #print(status: WatcherStatus, isStarting: boolean): PrintedStatus {
    process.exitCode = toExitCode(status, isStarting);
    this.log(isStarting ? renderStarting(status) : renderWatcherStatus(status, this.#layout));
    return { ...status, isStarting, queue: status.queue ?? { waiting: null, active: null, failed: null } };
  }
}

/** 0: well, starting, or no more than infos; 1: not running; 3: a warning or an error stands. */
function toExitCode({ active, health }: WatcherStatus, isStarting: boolean): number {
  if (isStarting) return 0;
  if (!active) return 1;
  return health?.level === 'warning' || health?.level === 'error' ? 3 : 0;
}

/** The watcher's status; if none runs, the database's notes about unsealed directories. */
interface Answer {
  readonly answer: WatcherStatus;
  readonly kept: readonly PendingDirectory[];
  readonly isStarting: boolean;
}

function countKept(
  kept: readonly PendingDirectory[],
  root: string,
): Pick<RootStatus, 'pending' | 'held' | 'quarantined'> {
  const own = kept.filter((one) => one.root === root);
  const held = own.filter(({ outcome }) => outcome === 'hold').length;
  const quarantined = own.filter(({ outcome }) => outcome === 'quarantine').length;
  return { pending: own.length, held, quarantined };
}

/** Where neither a watcher nor the database answers, that is the status. */
async function readStatus(settings: Settings): Promise<Answer> {
  try {
    const { openApi } = await import('@sendit/runtime');
    const { stillAbout } = await import('@sendit/runtime/explain');
    await using api = await openApi(settings);
    const answer = await api.status();
    if (answer.active) return { answer, kept: [], isStarting: false };
    const kept = await Promise.all((await api.listPending()).map(stillAbout));
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
