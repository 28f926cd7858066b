import { Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import { readUnit } from '../../read-unit.ts';
import { unitFlags, unitFolderFlag } from '../../service-flags.ts';

export default class ServiceInstall extends BaseCommand {
  static override summary = 'Write a systemd unit for this installation and let systemd read it.';
  static override enableJsonFlag = true;
  static override examples = [
    'sudo <%= config.bin %> <%= command.id %> --config /etc/sendit/sendit.config.yaml --now',
    'sudo <%= config.bin %> <%= command.id %> --role portal --user imaging',
  ];
  static override flags = {
    ...unitFlags,
    ...unitFolderFlag,
    now: Flags.boolean({ default: false, summary: 'Enable and start it too.' }),
  };

  async run(): Promise<{ file: string; started: boolean }> {
    const { flags } = await this.parse(ServiceInstall);
    const { installUnit } = await import('@sendit/runtime/service');
    const { name, unit } = await readUnit(flags);
    const file = await installUnit({ name, folder: flags['unit-dir'] }, unit, { now: flags.now });
    this.log(`Wrote ${file}.`);
    this.log(flags.now ? `It runs: \`systemctl status ${name}\`.` : `Next: \`systemctl enable --now ${name}\`.`);
    return { file, started: flags.now };
  }
}
