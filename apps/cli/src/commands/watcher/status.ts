import type { WatcherStatus } from '@sendit/model';
import { BaseCommand } from '../../base-command.ts';
import { dataFlag } from '../../data-flag.ts';
import { openApi } from '../../open-api.ts';
import { renderWatcherStatus } from '../../render.ts';
import { loadCliSettings } from '../../settings.ts';

export default class WatcherStatusCommand extends BaseCommand {
  static override summary = 'Say whether the watcher is active, what it watches and what waits.';
  static override enableJsonFlag = true;
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];
  static override flags = dataFlag;

  async run(): Promise<WatcherStatus> {
    const { flags } = await this.parse(WatcherStatusCommand);
    const { settings } = await loadCliSettings(flags, 'looking');
    await using api = await openApi(settings);
    const answer = await api.status();
    const configured = settings.watchPaths.map((watchPath) => ({
      name: watchPath.name,
      path: watchPath.folder,
      backend: 'none',
      pending: 0,
      skippedTests: 0,
      overflows: 0,
      problem: null,
    }));
    const status = answer.active ? answer : { ...answer, roots: configured };
    this.log(renderWatcherStatus(status));
    return status;
  }
}
