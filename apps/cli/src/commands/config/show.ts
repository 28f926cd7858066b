import { describeSettings } from '@sendit/config';
import { BaseCommand } from '../../base-command.ts';
import { renderTable, tableFlags, toTableLayout } from '../../render/table.ts';
import { loadCliSettings } from '@sendit/runtime/settings';
import { startFlags } from '../../start-flags.ts';

export default class ConfigShow extends BaseCommand {
  static override summary = 'Show every setting, its value and where it came from.';
  static override description = 'Passwords in URLs are replaced by ***.';
  static override enableJsonFlag = true;
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];
  static override flags = { ...startFlags, ...tableFlags };

  async run(): Promise<ReturnType<typeof describeSettings>> {
    const { flags } = await this.parse(ConfigShow);
    const { settings, warnings } = await loadCliSettings(flags, 'looking');
    for (const warning of warnings) this.logToStderr(`Warning: ${warning}`);
    const rows = describeSettings(settings);
    this.log(
      renderTable(
        { head: ['SETTING', 'VALUE', 'FROM'] },
        rows.map((row) => [row.path, renderValue(row.value), row.source]),
        toTableLayout(flags),
      ),
    );
    return rows;
  }
}

function renderValue(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '–');
}
