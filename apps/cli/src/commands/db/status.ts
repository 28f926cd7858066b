import { silentLogger } from '@sendit/model';
import { openConfiguredDatabase } from '@sendit/runtime';
import { BaseCommand } from '../../base-command.ts';
import { loadCliSettings } from '@sendit/runtime/settings';

export default class DbStatus extends BaseCommand {
  static override summary = 'Say which database is used, whether it answers and which migrations it has.';
  static override enableJsonFlag = true;
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<{ mode: string; applied: readonly string[]; pending: readonly string[] }> {
    const { flags } = await this.parse(DbStatus);
    const { settings } = await loadCliSettings(flags, 'looking');
    await using database = await openConfiguredDatabase(settings, { logger: silentLogger, migrate: false });
    const { applied, pending } = await database.migrationStatus();
    const mode = settings.mode;
    this.log(
      `The ${mode === 'embedded' ? 'embedded database' : 'PostgreSQL database'} answers: ${applied.length} ${applied.length === 1 ? 'migration' : 'migrations'} applied, ${pending.length} pending.`,
    );
    if (pending.length > 0) this.log(`Pending: ${pending.join(', ')}. Next: \`sendit db migrate\`.`);
    return { mode, applied, pending };
  }
}
