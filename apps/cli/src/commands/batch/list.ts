import { Flags } from '@oclif/core';
import { BATCH_STATUSES, type BatchSummary } from '@sendit/model';
import { BaseCommand } from '../../base-command.ts';
import { openApi } from '../../open-api.ts';
import { renderBatches } from '../../render-batch.ts';
import { loadCliSettings } from '../../settings.ts';

export default class BatchList extends BaseCommand {
  static override summary = 'List batches, newest first.';
  static override description = 'A batch is one finished directory. Works with the watcher running or not.';
  static override enableJsonFlag = true;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --status ERROR',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override flags = {
    status: Flags.option({ options: BATCH_STATUSES, summary: 'Only batches with this status.' })(),
    root: Flags.string({ summary: 'Only batches of the watch path with this name.' }),
    late: Flags.boolean({ summary: 'Only batches that changed after the seal, where that is not imported.' }),
    limit: Flags.integer({ summary: 'At most this many.', default: 50, min: 1, max: 10_000 }),
  };

  async run(): Promise<readonly BatchSummary[]> {
    const { flags } = await this.parse(BatchList);
    const { settings } = await loadCliSettings(flags, 'looking');
    await using api = await openApi(settings);
    const { late, limit, root, status } = flags;
    const batches = await api.listBatches({ status, root, limit, ...(late && { late }) });
    this.log(
      batches.length === 0
        ? 'No batches yet: rename a finished directory into a watched folder.'
        : renderBatches(batches),
    );
    return batches;
  }
}
