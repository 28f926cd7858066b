import { SenditError } from '@sendit/model';
import { connectApi } from '@sendit/portal/client';
import { findAsked, readPortalLink } from '@sendit/runtime/installation';
import { BaseCommand } from '../../base-command.ts';
import { dataFlag } from '../../data-flag.ts';

export default class PortalOpen extends BaseCommand {
  static override summary = 'Print the link that opens the page with all its names, for reading and acting.';
  static override description =
    'Without the link anybody on this machine sees health and counts, and no names. Only who may read the state directory gets it.';
  static override enableJsonFlag = true;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    'xdg-open "$(<%= config.bin %> <%= command.id %>)"',
  ];
  static override flags = { ...dataFlag };

  async run(): Promise<{ readonly link: string }> {
    const { flags } = await this.parse(PortalOpen);
    const asked = await findAsked(flags);
    const client = connectApi(asked.paths.socketPath);
    const told = (await client.ping()) ? (await client.status()).portal : { url: null };
    const link = await readPortalLink(told, asked);
    if (link === undefined) {
      throw new SenditError('There is no page to open: nothing was started here yet.', {
        code: 'not-running',
        hint: 'Start the watcher with `sendit watcher start`; with PostgreSQL the page is `sendit portal start`.',
      });
    }
    this.log(link);
    return { link };
  }
}
