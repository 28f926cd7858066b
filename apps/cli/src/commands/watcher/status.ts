import type { Settings } from '@sendit/config';
import { type ErrorCode, type QueueCounts, SenditError, type WatcherStatus } from '@sendit/model';
import { BaseCommand } from '../../base-command.ts';
import { dataFlag } from '../../data-flag.ts';
import { openApi } from '../../open-api.ts';
import { renderWatcherStatus } from '../../render.ts';
import { loadCliSettings } from '../../settings.ts';

const OUTAGES: ReadonlySet<ErrorCode> = new Set(['database-unavailable', 'queue-unavailable']);

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
    const answer = await readStatus(settings);
    const configured = settings.watchPaths.map((watchPath) => ({
      name: watchPath.name,
      path: watchPath.folder,
      backend: 'none',
      backendReason: null,
      pending: 0,
      held: 0,
      quarantined: 0,
      skippedTests: 0,
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

/** Where neither a watcher nor the database answers, that is the status. */
async function readStatus(settings: Settings): Promise<WatcherStatus> {
  try {
    await using api = await openApi(settings);
    return await api.status();
  } catch (error) {
    if (!(error instanceof SenditError) || !OUTAGES.has(error.code)) throw error;
    const { mode } = settings;
    const problems = [error.message];
    return { active: false, pid: null, since: null, mode, portal: { url: null }, roots: [], queue: null, problems };
  }
}
