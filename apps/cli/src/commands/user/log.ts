import type { AccessRow } from '@sendit/api';
import { Flags } from '@oclif/core';
import { ACCESS_EVENTS } from '@sendit/model';
import { openAsked } from '@sendit/runtime/installation';
import { BaseCommand } from '../../base-command.ts';
import { dataFlag } from '../../data-flag.ts';
import { renderTime } from '../../render/render-status.ts';
import { renderTable, tableFlags, toTableLayout } from '../../render/table.ts';

export default class UserLog extends BaseCommand {
  static override summary =
    'List who signed in, failed to or was locked out, and who changed accounts and tokens; newest first.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --event sign-in-failed --json',
  ];
  static override enableJsonFlag = true;
  static override flags = {
    ...dataFlag,
    event: Flags.option({ options: ACCESS_EVENTS, summary: 'Only these.' })(),
    limit: Flags.integer({ summary: 'At most this many.', default: 50, min: 1, max: 1000 }),
    ...tableFlags,
  };

  async run(): Promise<readonly AccessRow[]> {
    const { flags } = await this.parse(UserLog);
    await using api = await openAsked(flags, { onWarning: (message) => this.warnOf(message) });
    const { results } = await api.listAccess({ limit: flags.limit, event: flags.event });
    const rows = results.map(({ about, address, at, by, event }) => [renderTime(at), event, by, about, address ?? '–']);
    const table = () => renderTable({ head: ['WHEN', 'WHAT', 'WHO', 'ABOUT', 'FROM'] }, rows, toTableLayout(flags));
    this.log(rows.length === 0 ? 'Nothing happened at the door.' : table());
    return results;
  }
}
