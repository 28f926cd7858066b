import { Args } from '@oclif/core';
import { abortOnTermination } from '@sendit/daemon';
import { silentLogger } from '@sendit/model';
import { BaseCommand } from '../../base-command.ts';
import { openTransferProgress } from '../../render/transfer-progress.ts';

export default class DbImport extends BaseCommand {
  static override summary = 'Take what `sendit db export` wrote into an empty database: all of it, or nothing.';
  static override enableJsonFlag = true;
  static override examples = ['DATABASE_URL=postgres://… <%= config.bin %> <%= command.id %> sendit.jsonl.gz'];
  static override args = {
    file: Args.string({ required: true, description: 'File of an export; - is standard input.' }),
  };

  async run(): Promise<{ rows: Readonly<Record<string, number>> }> {
    const { args, flags } = await this.parse(DbImport);
    const { loadCliSettings } = await import('@sendit/runtime/settings');
    const { openConfiguredDatabase, readTransferLines } = await import('@sendit/runtime');
    const { settings } = await loadCliSettings(flags, 'looking');
    using termination = abortOnTermination();
    await using database = await openConfiguredDatabase(settings, { logger: silentLogger });
    using progress = openTransferProgress();
    const { signal } = termination;
    const options = { signal, onProgress: progress.onProgress };
    const rows = await database.importRows(readTransferLines(args.file), options);
    progress[Symbol.dispose]();
    this.log(
      `Took in ${rows['batches'] ?? 0} batches, ${rows['instances'] ?? 0} instances. Next: \`sendit watcher start\`.`,
    );
    return { rows };
  }
}
