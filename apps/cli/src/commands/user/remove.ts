import { Args } from '@oclif/core';
import { printable } from '@sendit/daemon';
import { openAsked } from '@sendit/runtime/installation';
import { accountName } from '../../account-name.ts';
import { BaseCommand } from '../../base-command.ts';
import { dataFlag } from '../../data-flag.ts';

export default class UserRemove extends BaseCommand {
  static override summary = 'Remove an account; it is signed out everywhere. What the person did stays on record.';
  static override examples = ['<%= config.bin %> <%= command.id %> anna'];
  static override enableJsonFlag = true;
  static override args = { name: Args.string({ required: true, description: 'Name of the account.' }) };
  static override flags = { ...dataFlag };

  async run(): Promise<{ readonly name: string }> {
    const { args, flags } = await this.parse(UserRemove);
    await using api = await openAsked(flags, { onWarning: (message) => this.warnOf(message) });
    const removed = await api.removeUser({ name: args.name, by: accountName() });
    this.log(`${printable(removed.name)} may not sign in any more.`);
    return removed;
  }
}
