import { Flags } from '@oclif/core';
import type { DryRun } from '@sendit/api';
import { openAsked, resolveRoot } from '@sendit/runtime/installation';
import { BaseCommand } from '../../base-command.ts';
import { dataFlag } from '../../data-flag.ts';
import { renderMs } from '../../render/render-amount.ts';
import { parseTime } from '../../since.ts';

export default class ConfigDryRun extends BaseCommand {
  static override summary = 'Say what another quiet time would have made of the last week.';
  static override description =
    'By the times of birth in the lists of what was sealed: what would have been sealed later or earlier, in the middle, or together. Changes nothing.';
  static override enableJsonFlag = true;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --quiet-ms 60000',
    '<%= config.bin %> <%= command.id %> --quiet-ms 5000 --root data --since 30d --json',
  ];
  static override flags = {
    ...dataFlag,
    'quiet-ms': Flags.integer({ summary: 'The quiet time that is tried.', required: true, min: 0, max: 86_400_000 }),
    root: Flags.string({ summary: 'Only batches of this watch path: its name, label or folder.' }),
    since: Flags.string({ summary: 'Only batches sealed after this: 30m, 2h, 7d (ago), or a date.', default: '7d' }),
  };

  async run(): Promise<DryRun> {
    const { flags } = await this.parse(ConfigDryRun);
    const since = parseTime(flags.since, { now: new Date(), flag: '--since' });
    await using api = await openAsked(flags, { onWarning: (message) => this.warnOf(message) });
    const root = flags.root === undefined ? undefined : await resolveRoot(api, flags.root);
    const run = await api.dryRun({ quietMs: flags['quiet-ms'], since, root });
    this.log(renderDryRun(run).join('\n'));
    return run;
  }
}

function renderDryRun({ considered, earlier, joined, later, otherProof, quietMs, split, unknown }: DryRun): string[] {
  const ids = (batches: readonly string[]): string => (batches.length === 0 ? '' : `: ${batches.join(' ')}`);
  return [
    `Had quietMs been ${renderMs(quietMs)}, of ${considered} sealed batches`,
    `  ${later.count} would have been sealed later (half of them by ${renderMs(later.medianMs)}, at most ${renderMs(later.mostMs)})`,
    `  ${earlier.count} would have been sealed earlier (half of them by ${renderMs(earlier.medianMs)})`,
    `  ${split.count} would have been sealed in the middle${ids(split.batches.map(({ batchId }) => batchId))}`,
    `  ${joined.count} would have been one with the generation before${ids(joined.batches)}`,
    `  ${otherProof} were proved complete by something else: nothing would change`,
    `  ${unknown} cannot be told: the file system kept no times of birth`,
  ];
}
