import type { Settings } from '@sendit/config';
import {
  type ErrorCode,
  type PendingDirectory,
  type QueueCounts,
  type RootStatus,
  SenditError,
  type WatcherStatus,
} from '@sendit/model';
import { BaseCommand } from '../../base-command.ts';
import { dataFlag } from '../../data-flag.ts';
import { stillAbout } from '../../still-about.ts';
import { openApi } from '../../open-api.ts';
import { renderWatcherStatus } from '../../render.ts';
import { loadCliSettings } from '../../settings.ts';

const OUTAGES: ReadonlySet<ErrorCode> = new Set(['database-unavailable', 'database-stopped', 'queue-unavailable']);

/** As printed: counts that cannot be had are null, their names stay. */
type PrintedStatus = Omit<WatcherStatus, 'queue'> & {
  readonly queue: { readonly [Name in keyof QueueCounts]: number | null };
};

export default class WatcherStatusCommand extends BaseCommand {
  static override summary = 'Say whether the watcher is active, what it watches and what waits.';
  static override enableJsonFlag = true;
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];
  static override flags = dataFlag;

  async run(): Promise<PrintedStatus> {
    const { flags } = await this.parse(WatcherStatusCommand);
    const { settings } = await loadCliSettings(flags, 'looking');
    const { answer, kept } = await readStatus(settings);
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
    this.log(renderWatcherStatus(status));
    return { ...status, queue: status.queue ?? { waiting: null, active: null, failed: null } };
  }
}

/** What is known of the watcher, and where none runs, what the database remembers of unsealed directories. */
interface Answer {
  readonly answer: WatcherStatus;
  readonly kept: readonly PendingDirectory[];
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
    await using api = await openApi(settings);
    const answer = await api.status();
    if (answer.active) return { answer, kept: [] };
    const kept = await Promise.all((await api.listPending()).map(stillAbout));
    return { answer, kept: kept.filter((one) => one !== undefined) };
  } catch (error) {
    if (!(error instanceof SenditError) || !OUTAGES.has(error.code)) throw error;
    const { mode } = settings;
    const problems = [error.message];
    const portal = { url: null };
    const answer = {
      active: false,
      pid: null,
      since: null,
      mode,
      portal,
      roots: [],
      queue: null,
      actions: null,
      problems,
    };
    return { answer, kept: [] };
  }
}
