import { Args } from '@oclif/core';
import { type BatchDetail, SenditError } from '@sendit/model';
import { BaseCommand } from '../../base-command.ts';
import { openApi } from '../../open-api.ts';
import { toBatchRef } from '../../batch-ref.ts';
import { renderBatch } from '../../render.ts';
import { loadCliSettings } from '../../settings.ts';

export default class BatchShow extends BaseCommand {
  static override summary = 'Show one batch: its series, counts and findings.';
  static override enableJsonFlag = true;
  static override examples = [
    '<%= config.bin %> <%= command.id %> 17',
    '<%= config.bin %> <%= command.id %> L123456',
    '<%= config.bin %> <%= command.id %> /data/L123456 --json',
    '<%= config.bin %> <%= command.id %> series/1.2.840.113619.2.55',
  ];
  static override args = {
    batch: Args.string({
      required: true,
      description: 'Id, directory name, absolute path, or key or UID of a series or study (newest generation).',
    }),
  };

  async run(): Promise<BatchDetail> {
    const { args, flags } = await this.parse(BatchShow);
    const { settings } = await loadCliSettings(flags, 'looking');
    await using api = await openApi(settings);
    const batch = await api.showBatch(toBatchRef(args.batch));
    if (batch === undefined) throw noSuchBatch(args.batch);
    this.log(renderBatch(batch));
    return batch;
  }
}

function noSuchBatch(ref: string): SenditError {
  return new SenditError(`There is no batch with the id, name or path ${ref}.`, {
    code: 'not-found',
    hint: 'Try `sendit batch list`; a directory that still arrives is counted as pending in `sendit watcher status`.',
  });
}
