import { Args } from '@oclif/core';
import { SenditError } from '@sendit/model';
import { BaseCommand } from '../../base-command.ts';
import { toBatchRef } from '../../batch-ref.ts';
import { openApi } from '../../open-api.ts';
import { loadCliSettings } from '../../settings.ts';

export default class BatchRetry extends BaseCommand {
  static override summary = 'Queue a batch again that ended in ERROR, EMPTY, HELD or QUARANTINED.';
  static override enableJsonFlag = true;
  static override examples = ['<%= config.bin %> <%= command.id %> 17', '<%= config.bin %> <%= command.id %> L123456'];
  static override args = {
    batch: Args.string({ required: true, description: 'Id, directory name or absolute path (newest generation).' }),
  };

  async run(): Promise<{ batchId: string }> {
    const { args, flags } = await this.parse(BatchRetry);
    const { settings } = await loadCliSettings(flags, 'looking');
    await using api = await openApi(settings);
    const outcome = await api.retryBatch(toBatchRef(args.batch));
    switch (outcome.kind) {
      case 'queued':
        this.log(`Batch ${outcome.batchId} is queued again.`);
        return { batchId: outcome.batchId };
      case 'refused':
        throw new SenditError(`The batch is ${outcome.status}, so it is not queued again.`, {
          code: 'refused',
          hint: 'Only ERROR, EMPTY, HELD and QUARANTINED batches are; the others are on their way or done.',
        });
      case 'not-found':
        throw new SenditError(`There is no batch with the id, name or path ${args.batch}.`, {
          code: 'not-found',
          hint: 'Try `sendit batch list`.',
        });
    }
  }
}
