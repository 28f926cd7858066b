import { BaseCommand } from '../../base-command.ts';
import { loadCliSettings } from '@sendit/runtime/settings';
import { startFlags } from '../../start-flags.ts';

export default class ConfigCheck extends BaseCommand {
  static override summary = 'Check the configuration; every problem at once, exit code 2 when there is one.';
  static override enableJsonFlag = true;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --config /etc/sendit/sendit.config.yaml',
  ];
  static override flags = startFlags;

  async run(): Promise<{ file: string | null; watchPaths: number; warnings: readonly string[] }> {
    const { flags } = await this.parse(ConfigCheck);
    const { settings, warnings } = await loadCliSettings(flags, 'watching');
    for (const warning of warnings) this.logToStderr(`Warning: ${warning}`);
    const count = settings.watchPaths.length;
    this.log(
      `The configuration is valid: ${count} watch ${count === 1 ? 'path' : 'paths'} (${settings.configFile ?? 'no file'}).`,
    );
    return { file: settings.configFile ?? null, watchPaths: count, warnings };
  }
}
