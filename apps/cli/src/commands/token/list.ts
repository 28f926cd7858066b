import type { ApiToken } from '@sendit/api';
import { openAsked } from '@sendit/runtime/installation';
import { BaseCommand } from '../../base-command.ts';
import { dataFlag } from '../../data-flag.ts';
import { renderTime } from '../../render/render-status.ts';
import { renderTable, tableFlags, toTableLayout } from '../../render/table.ts';

export default class TokenList extends BaseCommand {
  static override summary = 'List the tokens of scripts: name, role, end and last use; never the tokens themselves.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];
  static override enableJsonFlag = true;
  static override flags = { ...dataFlag, ...tableFlags };

  async run(): Promise<readonly ApiToken[]> {
    const { flags } = await this.parse(TokenList);
    await using api = await openAsked(flags, { onWarning: (message) => this.warnOf(message) });
    const { results } = await api.listTokens();
    const rows = results.map(({ createdBy, expiresAt, lastUsedAt, name, role }) => [
      name,
      role,
      renderTime(expiresAt),
      lastUsedAt === null ? 'never' : renderTime(lastUsedAt),
      createdBy,
    ]);
    const table = () => renderTable({ head: ['NAME', 'ROLE', 'UNTIL', 'USED', 'BY'] }, rows, toTableLayout(flags));
    this.log(rows.length === 0 ? 'No script has a token: `sendit token create` makes one.' : table());
    return results;
  }
}
