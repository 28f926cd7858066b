import { BaseCommand } from '../../base-command.ts';
import { readUnit } from '../../read-unit.ts';
import { unitFlags } from '../../service-flags.ts';

export default class ServicePrint extends BaseCommand {
  static override summary = 'Write a systemd unit for this installation to standard output.';
  static override description =
    'The unit notifies systemd when everything stands, is restarted when it hangs, and may write only to the state directory and where actions ' +
    'put files.';
  static override enableJsonFlag = true;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --config /etc/sendit/sendit.config.yaml',
    '<%= config.bin %> <%= command.id %> --role worker --user imaging > /etc/systemd/system/sendit-worker.service',
  ];
  static override flags = unitFlags;

  async run(): Promise<{ name: string; unit: string }> {
    const { flags } = await this.parse(ServicePrint);
    const { name, unit } = await readUnit(flags);
    this.log(unit.trimEnd());
    return { name, unit };
  }
}
