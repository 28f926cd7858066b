import { Flags } from '@oclif/core';
import { abortOnTermination } from '@sendit/daemon';
import { openAsked, pruneBatches, type PruneReport, resolveRoot } from '@sendit/runtime/installation';
import { BaseCommand } from '../../base-command.ts';
import { parseTime } from '../../since.ts';

export default class DbPrune extends BaseCommand {
  static override summary = 'Take away the lists of old batches, and what they say of patients.';
  static override description =
    'Of batches that ended in DONE or EMPTY before then, and about which nothing waits for a person, the sealed lists, findings and actions go. ' +
    'What knows them again stays: nothing is sealed or counted twice. It goes in slices, beside a running watcher too, and may be interrupted and called again.';
  static override enableJsonFlag = true;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --older-than 365d --dry-run',
    '<%= config.bin %> <%= command.id %> --older-than 365d --watch-path data',
  ];
  static override flags = {
    'older-than': Flags.string({
      required: true,
      summary: 'How long ago a batch must have ended: 365d, 12h; or a date.',
    }),
    'watch-path': Flags.string({ summary: 'Only batches of the watch path with this name.' }),
    'dry-run': Flags.boolean({ default: false, summary: 'Only tell how many they would be.' }),
  };

  async run(): Promise<PruneReport> {
    const { flags } = await this.parse(DbPrune);
    const endedBefore = parseTime(flags['older-than'], { now: new Date(), flag: '--older-than' });
    const name = flags['watch-path'];
    using termination = abortOnTermination();
    await using api = await openAsked(flags, { onWarning: (message) => this.warnOf(message) });
    const root = name === undefined ? undefined : await resolveRoot(api, name);
    const query = { endedBefore, dryRun: flags['dry-run'], ...(root !== undefined && { root }) };
    const { signal } = termination;
    const report = await pruneBatches(api, query, { onProgress: (count) => this.#progress(count), signal });
    const verb = report.dryRun ? 'Would prune' : 'Pruned';
    this.log(`${verb} ${report.batches} batches of ${report.files} files.`);
    if (report.isInterrupted) this.log('Interrupted: call it again, it goes on.');
    return report;
  }

  /** Only where somebody watches. */
  #progress(count: number): void {
    if (process.stderr.isTTY && !this.jsonEnabled()) process.stderr.write(`\r${count} batches…\r`);
  }
}
