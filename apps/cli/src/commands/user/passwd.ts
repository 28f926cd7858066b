import type { User } from '@sendit/api';
import { Args } from '@oclif/core';
import { printable } from '@sendit/daemon';
import { openAsked } from '@sendit/runtime/installation';
import { accountName } from '../../account-name.ts';
import { BaseCommand } from '../../base-command.ts';
import { dataFlag } from '../../data-flag.ts';
import { readNewPassword } from '../../read-password.ts';

export default class UserPasswd extends BaseCommand {
  static override summary = 'Give an account another password; it is signed out everywhere.';
  static override description =
    'Asks for the password in a terminal, without showing it; else it is the first line of the standard input.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> anna',
    'pass show sendit/anna | <%= config.bin %> <%= command.id %> anna',
  ];
  static override enableJsonFlag = true;
  static override args = { name: Args.string({ required: true, description: 'Name of the account.' }) };
  static override flags = { ...dataFlag };

  async run(): Promise<User> {
    const { args, flags } = await this.parse(UserPasswd);
    await using api = await openAsked(flags, { onWarning: (message) => this.warnOf(message) });
    const user = await api.changeUser({ name: args.name, password: await readNewPassword(), by: accountName() });
    this.log(`${printable(user.name)} has another password, and is signed out everywhere.`);
    return user;
  }
}
