import type { User } from '@sendit/api';
import { Args, Flags } from '@oclif/core';
import { printable } from '@sendit/daemon';
import { ROLES } from '@sendit/model';
import { openAsked } from '@sendit/runtime/installation';
import { accountName } from '../../account-name.ts';
import { BaseCommand } from '../../base-command.ts';
import { dataFlag } from '../../data-flag.ts';
import { readNewPassword } from '../../read-password.ts';

export default class UserAdd extends BaseCommand {
  static override summary = 'Add the account of a person, who may then sign in on the page.';
  static override description =
    'Asks for the password in a terminal, without showing it; else it is the first line of the standard input. A viewer sees, an operator ' +
    'acts too, an admin also decides who may come.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> anna --role operator',
    'pass show sendit/anna | <%= config.bin %> <%= command.id %> anna --json',
  ];
  static override enableJsonFlag = true;
  static override args = { name: Args.string({ required: true, description: 'Name to sign in with.' }) };
  static override flags = {
    ...dataFlag,
    role: Flags.option({ options: ROLES, default: 'viewer', summary: 'What the person may do.' })(),
  };

  async run(): Promise<User> {
    const { args, flags } = await this.parse(UserAdd);
    await using api = await openAsked(flags, { onWarning: (message) => this.warnOf(message) });
    const password = await readNewPassword();
    const user = await api.addUser({ name: args.name, role: flags.role, password, by: accountName() });
    this.log(`${printable(user.name)} may sign in as ${user.role}.`);
    return user;
  }
}
