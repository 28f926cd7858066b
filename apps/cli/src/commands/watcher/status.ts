import type { WatcherStatus } from '@sendit/api';
import type { QueueCounts } from '@sendit/model';
import { findAsked, readAskedStatus } from '@sendit/runtime/installation';
import { BaseCommand } from '../../base-command.ts';
import { type TableLayout, tableFlags, toTableLayout } from '../../render/table.ts';
import { dataFlag } from '../../data-flag.ts';
import { renderStarting, renderWatcherStatus } from '../../render/render-status.ts';

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
    const { isStarting, status } = await readAskedStatus(asked, { onWarning: (message) => this.warnOf(message) });
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
