import type { PendingDirectory } from '@sendit/api';
import { BaseCommand } from '../../base-command.ts';
import { dataFlag } from '../../data-flag.ts';
import { openAsked } from '@sendit/runtime/installation';
import { renderPending } from '../../render/render-explanation.ts';
import { tableFlags, toTableLayout } from '../../render/table.ts';

export default class WatcherPending extends BaseCommand {
  static override summary = 'List every directory that is not sealed yet, with its age and what it waits for.';
  static override description = '`sendit explain PATH` says more of one. While no watcher runs, nothing is waited for.';
  static override enableJsonFlag = true;
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];
  static override flags = { ...dataFlag, ...tableFlags };

  async run(): Promise<readonly PendingDirectory[]> {
    const { flags } = await this.parse(WatcherPending);
    await using api = await openAsked(flags, { onWarning: (message) => this.warnOf(message), beforeFirstStart: true });
    const pending = api.from === 'daemon' ? (await api.listPending({})).results : await this.#listUnsealed(api);
    this.log(
      pending.length === 0
        ? 'Nothing waits: every finished directory is sealed.'
        : renderPending(pending, toTableLayout(flags)),
    );
    return pending;
  }

  async #listUnsealed(api: Awaited<ReturnType<typeof openAsked>>): Promise<readonly PendingDirectory[]> {
    const { listUnsealed } = await import('@sendit/runtime/explain');
    return await listUnsealed(await api.settings(), api);
  }
}
