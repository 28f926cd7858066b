import { Args } from '@oclif/core';
import { printable } from '@sendit/daemon';
import { openAsked } from '@sendit/runtime/installation';
import { accountName } from '../../account-name.ts';
import { BaseCommand } from '../../base-command.ts';
import { dataFlag } from '../../data-flag.ts';

export default class TokenRevoke extends BaseCommand {
  static override summary = 'Take a token back: from now on it opens nothing.';
  static override examples = ['<%= config.bin %> <%= command.id %> ci'];
  static override enableJsonFlag = true;
  static override args = { name: Args.string({ required: true, description: 'Name of the token.' }) };
  static override flags = { ...dataFlag };

  async run(): Promise<{ readonly name: string }> {
    const { args, flags } = await this.parse(TokenRevoke);
    await using api = await openAsked(flags, { onWarning: (message) => this.warnOf(message) });
    const revoked = await api.revokeToken({ name: args.name, by: accountName() });
    this.log(`${printable(revoked.name)} opens nothing any more.`);
    return revoked;
  }
}
