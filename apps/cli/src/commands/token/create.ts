import type { ApiToken } from '@sendit/api';
import { Flags } from '@oclif/core';
import { ROLES, SenditError } from '@sendit/model';
import { openAsked } from '@sendit/runtime/installation';
import { accountName } from '../../account-name.ts';
import { BaseCommand } from '../../base-command.ts';
import { dataFlag } from '../../data-flag.ts';

const DAY_MS = 24 * 3_600_000;

export default class TokenCreate extends BaseCommand {
  static override summary = 'Make a token for a script, and print it: once, here.';
  static override description = 'The script sends it as `Authorization: Bearer`. Only its digest is kept.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --name ci --role viewer --expires 90d',
    'TOKEN=$(<%= config.bin %> <%= command.id %> --name nightly --role operator)',
  ];
  static override enableJsonFlag = true;
  static override flags = {
    ...dataFlag,
    name: Flags.string({
      required: true,
      summary: 'Name that tells it from others; what it does is on record as `token:NAME`.',
    }),
    role: Flags.option({ options: ROLES, default: 'viewer', summary: 'What the script may do.' })(),
    expires: Flags.string({ default: '90d', summary: 'After how many days it ends: 90d.' }),
  };

  async run(): Promise<ApiToken & { readonly token: string }> {
    const { flags } = await this.parse(TokenCreate);
    const [, days] = /^([1-9]\d{0,3})d$/.exec(flags.expires) ?? [];
    if (days === undefined) {
      throw new SenditError('Expected --expires to be a number of days such as 90d.', { code: 'bad-arguments' });
    }
    const expiresAt = new Date(Date.now() + Number(days) * DAY_MS).toISOString();
    await using api = await openAsked(flags, { onWarning: (message) => this.warnOf(message) });
    const made = await api.createToken({ name: flags.name, role: flags.role, expiresAt, by: accountName() });
    this.log(made.token);
    return made;
  }
}
