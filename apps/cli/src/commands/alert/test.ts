import { Args } from '@oclif/core';
import { SenditError } from '@sendit/model';
import { loadCliSettings } from '@sendit/runtime/settings';
import { BaseCommand } from '../../base-command.ts';
import { renderTable, tableFlags, toTableLayout } from '../../render/table.ts';

interface Tested {
  readonly name: string;
  readonly kind: string;
  readonly sent: boolean;
  readonly reason: string | null;
}

export default class AlertTest extends BaseCommand {
  static override summary = 'Send a test to the alert channels; exit code 1 when one takes none.';
  static override description =
    'Channels are configured in `alerts.channels`. Nothing of the installation is in a test but the name that the configuration gives it.';
  static override enableJsonFlag = true;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> email --json',
  ];
  static override args = { name: Args.string({ description: 'Name of a channel; all by default.' }) };
  static override flags = tableFlags;

  async run(): Promise<readonly Tested[]> {
    const { args, flags } = await this.parse(AlertTest);
    const { settings } = await loadCliSettings(flags, 'looking');
    const { rules } = settings.alerts;
    const names = rules.channels.map(({ name }) => name);
    const channels = rules.channels.filter(({ name }) => args.name === undefined || args.name === name);
    if (channels.length === 0) {
      const known = names.length === 0 ? 'none is configured' : `there are ${names.join(', ')}`;
      throw new SenditError(`Expected an alert channel${args.name === undefined ? '' : ` ${args.name}`}, ${known}.`, {
        code: 'not-found',
        hint: 'Add one to `alerts.channels` in the configuration.',
      });
    }
    const { sendTest } = await import('@sendit/alerts');
    const results = await sendTest({ ...rules, channels }, new AbortController().signal);
    this.log(
      renderTable(
        { head: ['CHANNEL', 'KIND', 'SENT', 'REASON'] },
        results.map(({ kind, name, reason, sent }) => [name, kind, sent ? 'yes' : 'no', reason ?? '–']),
        toTableLayout(flags),
      ),
    );
    if (results.some(({ sent }) => !sent)) process.exitCode = 1;
    return results;
  }
}
