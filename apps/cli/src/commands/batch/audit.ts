import type { AuditRecord } from '@sendit/api';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import { openAsked, toBatchRef } from '@sendit/runtime/installation';
import { renderAudit } from '../../render/render-audit.ts';
import { tableFlags, toTableLayout } from '../../render/table.ts';

export default class BatchAudit extends BaseCommand {
  static override summary =
    'List what persons decided: release, hold, quarantine, retry, by whom, when and why; newest first.';
  static override enableJsonFlag = true;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> /data/L123456',
    '<%= config.bin %> <%= command.id %> 17 --json',
  ];
  static override args = {
    batch: Args.string({ description: 'Only about this batch (id) or directory (name or path).' }),
  };
  static override flags = {
    limit: Flags.integer({ summary: 'At most this many.', default: 50, min: 1, max: 10_000 }),
    ...tableFlags,
  };

  async run(): Promise<readonly AuditRecord[]> {
    const { args, flags } = await this.parse(BatchAudit);
    await using api = await openAsked(flags, { onWarning: (message) => this.warnOf(message) });
    const ref = args.batch === undefined ? undefined : toBatchRef(args.batch);
    const { results: records } = await api.listAudit({ ref, limit: flags.limit });
    this.log(records.length === 0 ? 'Nobody has decided anything.' : renderAudit(records, toTableLayout(flags)));
    return records;
  }
}
