import type { PendingDirectory } from '@sendit/model';
import { BaseCommand } from '../../base-command.ts';
import { dataFlag } from '../../data-flag.ts';
import { listUnsealed } from '../../list-unsealed.ts';
import { openApi } from '../../open-api.ts';
import { renderPending } from '../../render-explanation.ts';
import { loadCliSettings } from '../../settings.ts';

export default class WatcherPending extends BaseCommand {
  static override summary = 'List every directory that is not sealed yet, with its age and what it waits for.';
  static override description = '`sendit explain PATH` says more of one. While no watcher runs, nothing is waited for.';
  static override enableJsonFlag = true;
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];
  static override flags = dataFlag;

  async run(): Promise<readonly PendingDirectory[]> {
    const { flags } = await this.parse(WatcherPending);
    const { settings } = await loadCliSettings(flags, 'looking');
    await using api = await openApi(settings);
    const pending = api.from === 'daemon' ? await api.listPending() : await listUnsealed(settings, api);
    this.log(pending.length === 0 ? 'Nothing waits: every finished directory is sealed.' : renderPending(pending));
    return pending;
  }
}
