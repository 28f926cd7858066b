import { Args, Flags } from '@oclif/core';
import { BATCH_STATUSES, SenditError } from '@sendit/model';
import { accountName } from '../../account-name.ts';
import { BaseCommand } from '../../base-command.ts';
import { openAsked, resolveRoot, retryByFilter, retryByRef, type RetryReport } from '@sendit/runtime/installation';
import { renderRetry } from '../../render/render-retry.ts';
import { parseTime } from '../../since.ts';

export default class BatchRetry extends BaseCommand {
  static override summary = 'Queue batches again that ended in ERROR, QUARANTINED, EMPTY or HELD.';
  static override description =
    'Name batches, or filter them. A filter without --status takes what failed: ERROR and QUARANTINED.';
  static override enableJsonFlag = true;
  static override examples = [
    '<%= config.bin %> <%= command.id %> 17 L123456',
    '<%= config.bin %> <%= command.id %> --status QUARANTINED --since 2h --dry-run',
    '<%= config.bin %> <%= command.id %> --root data --status EMPTY --status ERROR',
    '<%= config.bin %> <%= command.id %> --all',
  ];
  static override args = {
    batch: Args.string({ multiple: true, description: 'Ids, directory names or absolute paths (newest generation).' }),
  };
  static override flags = {
    status: Flags.option({
      options: BATCH_STATUSES,
      multiple: true,
      multipleNonGreedy: true,
      summary: 'Only batches with this status (repeatable).',
    })(),
    root: Flags.string({ summary: 'Only batches of the watch path with this name.' }),
    since: Flags.string({ summary: 'Only batches that ended after this: 30m, 2h, 7d (ago), or a date.' }),
    all: Flags.boolean({ default: false, summary: 'Everything that failed.' }),
    'dry-run': Flags.boolean({ default: false, summary: 'Only tell which they would be.' }),
  };

  async run(): Promise<RetryReport> {
    const { args, flags } = await this.parse(BatchRetry);
    const refs = args.batch ?? [];
    const { status, root, since, all } = flags;
    const isFiltered = all || [status, root, since].some((one) => one !== undefined);
    if (refs.length > 0 === isFiltered) {
      throw new SenditError('Expected the batches to retry, or a filter, and not both.', {
        code: 'bad-arguments',
        hint: 'Name batches (`sendit batch retry 17 18`), or use --status, --root, --since or --all.',
      });
    }
    const filter = {
      statuses: status ?? ['ERROR', 'QUARANTINED'],
      since: since === undefined ? undefined : parseTime(since, { now: new Date(), flag: '--since' }),
    };
    await using api = await openAsked(flags, { onWarning: (message) => this.warnOf(message) });
    const toRoot = async () => (root === undefined ? undefined : await resolveRoot(api, root));
    const asked = { dryRun: flags['dry-run'], by: accountName() };
    const report = isFiltered
      ? await retryByFilter(api, { ...filter, root: await toRoot(), ...asked }, (count) => this.#progress(count))
      : await retryByRef(api, refs, asked);
    this.log(renderRetry(report));
    if (report.refused.length + report.notFound.length > 0) process.exitCode = 1;
    return report;
  }

  /** Only where somebody watches: a long list takes a while. */
  #progress(count: number): void {
    if (process.stderr.isTTY && !this.jsonEnabled()) process.stderr.write(`\r${count} batches…\r`);
  }
}
