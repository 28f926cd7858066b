import type { User } from '@sendit/api';
import { Args } from '@oclif/core';
import { printable } from '@sendit/daemon';
import { type Role, ROLES } from '@sendit/model';
import { openAsked } from '@sendit/runtime/installation';
import { accountName } from '../../account-name.ts';
import { BaseCommand } from '../../base-command.ts';
import { dataFlag } from '../../data-flag.ts';

export default class UserRole extends BaseCommand {
  static override summary = 'Give an account another role, from its next request on.';
  static override examples = ['<%= config.bin %> <%= command.id %> anna operator'];
  static override enableJsonFlag = true;
  static override args = {
    name: Args.string({ required: true, description: 'Name of the account.' }),
    role: Args.string({ required: true, options: [...ROLES], description: 'What the person may do.' }),
  };
  static override flags = { ...dataFlag };

  async run(): Promise<User> {
    const { args, flags } = await this.parse(UserRole);
    await using api = await openAsked(flags, { onWarning: (message) => this.warnOf(message) });
    const user = await api.changeUser({ name: args.name, role: args.role as Role, by: accountName() });
    this.log(`${printable(user.name)} is ${user.role} now.`);
    return user;
  }
}
