import { Flags } from '@oclif/core';
import { abortOnTermination } from '@sendit/daemon';
import { silentLogger } from '@sendit/model';
import { BaseCommand } from '../../base-command.ts';
import { toTransferProgress } from '../../render/transfer-progress.ts';

export default class DbExport extends BaseCommand {
  static override summary = 'Write all rows of the database to a file, to be imported into another one.';
  static override description =
    'From the embedded database to PostgreSQL, or back: stop the watcher, export, import into an empty database, and start with it. What arrives ' +
    'meanwhile is found at the start. The file holds what headers say of patients: it is made for this account alone (mode 0600), and never replaced.';
  static override enableJsonFlag = true;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --out sendit.jsonl.gz',
    '<%= config.bin %> <%= command.id %> --out - | DATABASE_URL=postgres://… <%= config.bin %> db import -',
  ];
  static override flags = {
    out: Flags.string({
      char: 'o',
      required: true,
      summary: 'File to write; compressed when it ends in .gz. - is standard output.',
    }),
  };

  async run(): Promise<{ file: string; rows: Readonly<Record<string, number>> }> {
    const { flags } = await this.parse(DbExport);
    const { loadCliSettings } = await import('@sendit/runtime/settings');
    const { openConfiguredDatabase, openTransferFile } = await import('@sendit/runtime');
    const { settings } = await loadCliSettings(flags, 'looking');
    using termination = abortOnTermination();
    await using database = await openConfiguredDatabase(settings, { logger: silentLogger, migrate: false });
    await using file = await openTransferFile(flags.out);
    const { signal } = termination;
    const rows = await database.exportRows((lines) => file.write(lines), { signal, onProgress: toTransferProgress() });
    await file.finish();
    if (flags.out !== '-')
      this.log(`Wrote ${flags.out}: ${rows['batches'] ?? 0} batches, ${rows['instances'] ?? 0} instances.`);
    return { file: flags.out, rows };
  }
}
