import type { BatchSort, BatchStage, BatchSummary } from '@sendit/api';
import { Flags } from '@oclif/core';
import { BATCH_STATUSES } from '@sendit/model';
import { listAllBatches, openAsked, resolveRoot } from '@sendit/runtime/installation';
import { BaseCommand } from '../../base-command.ts';
import { renderBatches } from '../../render/render-batch.ts';
import { parseTime } from '../../since.ts';
import { tableFlags, toTableLayout } from '../../render/table.ts';

// Written out: the API's own list comes with all of its schemas.
const STAGES = Object.keys({
  sealed: true,
  queued: true,
  importing: true,
  held: true,
  quarantined: true,
  failed: true,
  'handing-on': true,
  late: true,
  done: true,
} satisfies Readonly<Record<BatchStage, true>>) as readonly BatchStage[];
const FIELDS = ['createdAt', 'finishedAt', 'name', 'files', 'bytes', 'instances', 'findings'] as const;
const SORTS: readonly BatchSort[] = FIELDS.flatMap((field) => [field, `-${field}`] as const);

export default class BatchList extends BaseCommand {
  static override summary = 'List batches, newest first.';
  static override description = 'A batch is one finished directory. Works with the watcher running or not.';
  static override enableJsonFlag = true;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --status ERROR --since 2d',
    "<%= config.bin %> <%= command.id %> --name 'L12*' --columns id,name,status",
    '<%= config.bin %> <%= command.id %> --limit 100 --after 4711',
    '<%= config.bin %> <%= command.id %> --attention --sort -bytes',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override flags = {
    status: Flags.option({ options: BATCH_STATUSES, summary: 'Only batches with this status.' })(),
    root: Flags.string({ summary: 'Only batches of this watch path: its name, label or folder.' }),
    since: Flags.string({ summary: 'Only batches sealed after this: 30m, 2h, 7d (ago), or a date.' }),
    until: Flags.string({ summary: 'Only batches sealed before this.' }),
    name: Flags.string({ summary: 'Only batches with this name; * and ? stand for other characters.' }),
    study: Flags.string({ summary: 'Only batches with images of this StudyInstanceUID.' }),
    stage: Flags.option({ options: STAGES, summary: 'Only batches in this stage of their way.' })(),
    attention: Flags.boolean({ summary: 'Only batches that a person should look at.' }),
    sort: Flags.option({ options: SORTS, summary: 'Order; with - the greatest first.' })(),
    late: Flags.boolean({ summary: 'Only batches that changed after the seal, where that is not imported.' }),
    limit: Flags.integer({ summary: 'At most this many.', default: 50, min: 1, max: 1_000_000 }),
    offset: Flags.integer({ summary: 'Without so many of the newest.', min: 0 }),
    after: Flags.integer({ summary: 'Only those after the batch with this id: the next page of the list.', min: 1 }),
    ...tableFlags,
  };

  async run(): Promise<readonly BatchSummary[]> {
    const { flags } = await this.parse(BatchList);
    const { after, attention, late, limit, name, offset, sort, stage, status, study } = flags;
    const now = new Date();
    const since = flags.since === undefined ? undefined : parseTime(flags.since, { now, flag: '--since' });
    const until = flags.until === undefined ? undefined : parseTime(flags.until, { now, flag: '--until' });
    await using api = await openAsked(flags, { onWarning: (message) => this.warnOf(message) });
    const root = flags.root === undefined ? undefined : await resolveRoot(api, flags.root);
    const page = { after: after === undefined ? undefined : String(after), offset };
    const filter = { status, root, since, until, name, study, late: late || undefined };
    const staged = { stage: stage && [stage], needsAttention: attention || undefined };
    const batches = await listAllBatches(api, {
      ...filter,
      ...staged,
      sort,
      status: status && [status],
      ...page,
      limit,
    });
    const isFiltered = Object.values({ ...filter, ...staged, ...page }).some((one) => one !== undefined);
    const none = isFiltered
      ? 'No batch is like that.'
      : 'No batches yet: rename a finished directory into a watched folder.';
    this.log(batches.length === 0 ? none : renderBatches(batches, toTableLayout(flags)));
    return batches;
  }
}
