import type { User } from '@sendit/api';
import { openAsked } from '@sendit/runtime/installation';
import { BaseCommand } from '../../base-command.ts';
import { dataFlag } from '../../data-flag.ts';
import { renderTime } from '../../render/render-status.ts';
import { renderTable, tableFlags, toTableLayout } from '../../render/table.ts';

export default class UserList extends BaseCommand {
  static override summary = 'List the accounts of persons.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];
  static override enableJsonFlag = true;
  static override flags = { ...dataFlag, ...tableFlags };

  async run(): Promise<readonly User[]> {
    const { flags } = await this.parse(UserList);
    await using api = await openAsked(flags, { onWarning: (message) => this.warnOf(message) });
    const { results } = await api.listUsers();
    const rows = results.map(({ createdAt, lastSeenAt, name, role }) => [
      name,
      role,
      renderTime(createdAt),
      lastSeenAt === null ? '–' : renderTime(lastSeenAt),
    ]);
    const table = () => renderTable({ head: ['NAME', 'ROLE', 'SINCE', 'SEEN'] }, rows, toTableLayout(flags));
    this.log(rows.length === 0 ? 'Nobody has an account: `sendit user add` makes one.' : table());
    return results;
  }
}
