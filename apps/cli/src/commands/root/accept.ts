import type { AuditRecord } from '@sendit/api';
import { resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { SenditError } from '@sendit/model';
import { accountName } from '../../account-name.ts';
import { BaseCommand } from '../../base-command.ts';
import { dataFlag } from '../../data-flag.ts';
import { openAsked, resolveRoot } from '@sendit/runtime/installation';
import { printable } from '@sendit/daemon';

export default class RootAccept extends BaseCommand {
  static override summary = 'Accept what is mounted at a watch path now as what shall be there.';
  static override description =
    'The watcher remembers what is mounted at each watch path. When something else lies there (a share that is not mounted, another ' +
    'disk), it takes nothing from it and takes nothing for vanished, and `sendit watcher status` says so. Mount it again; or, if the ' +
    'change is intended and nothing that is recorded is there to tell, accept it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> data --reason "moved to the new server"',
    '<%= config.bin %> <%= command.id %> /data --reason "moved to the new server" --json',
  ];
  static override enableJsonFlag = true;
  static override args = {
    root: Args.string({ required: true, description: 'Name or path of a watch path.' }),
  };
  static override flags = {
    ...dataFlag,
    reason: Flags.string({ char: 'r', required: true, summary: 'Why: kept with your account and the time.' }),
  };

  async run(): Promise<AuditRecord> {
    const { args, flags } = await this.parse(RootAccept);
    const reason = flags.reason.trim();
    if (reason === '') {
      throw new SenditError('Expected a reason, got nothing.', {
        code: 'bad-arguments',
        hint: 'Say why with --reason: whoever looks at it later has only that.',
      });
    }
    const isPath = args.root.startsWith('.') || args.root.startsWith('/');
    await using api = await openAsked(flags, { onWarning: (message) => this.warnOf(message) });
    const ref = await resolveRoot(api, isPath ? resolve(args.root) : args.root);
    const record = await api.acceptMount({ ref, by: accountName(), reason });
    this.log(`${printable(record.path)}: what is mounted there now is accepted. The watcher goes on with it.`);
    return record;
  }
}
