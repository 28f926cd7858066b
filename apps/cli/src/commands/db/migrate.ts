import { silentLogger } from '@sendit/model';
import { openConfiguredDatabase } from '@sendit/runtime';
import { BaseCommand } from '../../base-command.ts';
import { loadCliSettings } from '@sendit/runtime/settings';

export default class DbMigrate extends BaseCommand {
  static override summary = 'Bring the database to the schema of this version.';
  static override description = 'The watcher and the workers do this at start too; two at once do no harm.';
  static override enableJsonFlag = true;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    'DATABASE_URL=postgres://… <%= config.bin %> <%= command.id %>',
  ];

  async run(): Promise<{ applied: readonly string[] }> {
    const { flags } = await this.parse(DbMigrate);
    const { settings } = await loadCliSettings(flags, 'looking');
    await using database = await openConfiguredDatabase(settings, { logger: silentLogger, migrate: false });
    const applied = await database.migrate();
    this.log(applied.length === 0 ? 'The schema is up to date.' : `Applied: ${applied.join(', ')}`);
    return { applied };
  }
}
