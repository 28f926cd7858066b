import { existsSync } from 'node:fs';
import { Flags } from '@oclif/core';
import { abortOnTermination } from '@sendit/daemon';
import { SenditError, silentLogger } from '@sendit/model';
import { BaseCommand } from '../../base-command.ts';
import { openTransferProgress } from '../../render/transfer-progress.ts';

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
    if (flags.out === '-' && this.jsonEnabled()) {
      throw new SenditError('Expected a file with --json, got standard output for both.', {
        code: 'bad-arguments',
        hint: 'Name a file with --out, or leave out --json.',
      });
    }
    const { settings } = await loadCliSettings(flags, 'looking');
    if (settings.mode === 'embedded' && !existsSync(settings.databaseDir)) {
      throw new SenditError(`There is no database at ${settings.databaseDir}.`, {
        code: 'not-found',
        hint: 'Say with --state-dir or --config which installation is meant.',
      });
    }
    using termination = abortOnTermination();
    await using database = await openConfiguredDatabase(settings, { logger: silentLogger, migrate: false });
    await using file = await openTransferFile(flags.out);
    using progress = openTransferProgress();
    const { signal } = termination;
    const options = { signal, onProgress: progress.onProgress };
    const rows = await database.exportRows((lines) => file.write(lines), options);
    await file.finish();
    progress[Symbol.dispose]();
    if (flags.out !== '-')
      this.log(`Wrote ${flags.out}: ${rows['batches'] ?? 0} batches, ${rows['instances'] ?? 0} instances.`);
    return { file: flags.out, rows };
  }
}
