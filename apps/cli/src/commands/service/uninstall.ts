import { BaseCommand } from '../../base-command.ts';
import { roleFlag, unitFolderFlag } from '../../service-flags.ts';

export default class ServiceUninstall extends BaseCommand {
  static override summary = 'Stop and disable a service, and remove its systemd unit; data and configuration stay.';
  static override enableJsonFlag = true;
  static override examples = [
    'sudo <%= config.bin %> <%= command.id %>',
    'sudo <%= config.bin %> <%= command.id %> --role worker',
  ];
  static override flags = { ...roleFlag, ...unitFolderFlag };

  async run(): Promise<{ file: string }> {
    const { flags } = await this.parse(ServiceUninstall);
    const { removeUnit, toUnitName } = await import('@sendit/runtime/service');
    const file = await removeUnit({ name: toUnitName(flags.role), folder: flags['unit-dir'] });
    this.log(`Removed ${file}. The state directory and the configuration are untouched.`);
    return { file };
  }
}
