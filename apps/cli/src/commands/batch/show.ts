import type { BatchDetail } from '@sendit/api';
import { Args, Flags } from '@oclif/core';
import { SenditError } from '@sendit/model';
import { abortOnTermination } from '@sendit/daemon';
import { BaseCommand } from '../../base-command.ts';
import {
  type BatchSource,
  followBatch,
  hasFailed,
  isSettled,
  openAsked,
  toBatchRef,
} from '@sendit/runtime/installation';
import type { OpenedApi } from '@sendit/runtime';
import { renderBatch, renderStatus } from '../../render/render-batch.ts';

/** Back to the begin of the line, which is cleared. */
const SAME_LINE = '\r\u001B[2K';

export default class BatchShow extends BaseCommand {
  static override summary = 'Show one batch: its series, counts and findings.';
  static override description =
    '--watch goes on until the batch is DONE or EMPTY (exit code 0) or has failed (1); with --json it prints one line for each change.';
  static override enableJsonFlag = true;
  static override examples = [
    '<%= config.bin %> <%= command.id %> 17',
    '<%= config.bin %> <%= command.id %> L123456 --watch',
    '<%= config.bin %> <%= command.id %> /data/L123456 --json',
    '<%= config.bin %> <%= command.id %> series/1.2.840.113619.2.55',
  ];
  static override args = {
    batch: Args.string({
      required: true,
      description: 'Id, directory name, absolute path, or key or UID of a series or study (newest generation).',
    }),
  };
  static override flags = {
    watch: Flags.boolean({ char: 'w', summary: 'Say how far its import is, until it has ended or Ctrl-C.' }),
  };

  #isLineForLine = false;

  /** The batch; nothing where Ctrl-C ended the watching. */
  async run(): Promise<BatchDetail | undefined> {
    const { args, flags } = await this.parse(BatchShow);
    this.#isLineForLine = flags.watch;
    await using api = await openAsked(flags, { onWarning: (message) => this.warnOf(message) });
    const batch = await find(api, args.batch);
    if (flags.watch) {
      if (!isSettled(batch) && api.from === 'database' && (await api.settings()).mode === 'embedded') {
        throw nobodyWorks();
      }
      return await this.#watch(batch, api);
    }
    this.log(renderBatch(batch));
    return batch;
  }

  /** With --watch, each object on a line of its own. */
  protected override logJson(json: unknown): void {
    if (this.#isLineForLine) process.stdout.write(`${JSON.stringify(json)}\n`);
    else super.logJson(json);
  }

  async #watch(batch: BatchDetail, api: OpenedApi): Promise<BatchDetail | undefined> {
    using termination = abortOnTermination();
    const { signal } = termination;
    const source: BatchSource = { list: (query) => api.listBatches(query), show: (id) => find(api, `id:${id}`) };
    for await (const change of followBatch(batch, source, { signal })) {
      if (isSettled(change)) return this.#end(change);
      if (this.jsonEnabled()) this.logJson(change);
      else this.#tell(renderStatus(change));
    }
    if (process.stderr.isTTY && !this.jsonEnabled()) process.stderr.write('\n');
    process.exitCode = 130;
    return undefined;
  }

  #tell(status: string): void {
    if (process.stderr.isTTY) process.stderr.write(`${SAME_LINE}${status}`);
    else this.log(status);
  }

  #end(batch: BatchDetail): BatchDetail {
    if (process.stderr.isTTY && !this.jsonEnabled()) process.stderr.write(SAME_LINE);
    this.log(renderBatch(batch));
    if (hasFailed(batch)) process.exitCode = 1;
    return batch;
  }
}

async function find(api: OpenedApi, ref: string): Promise<BatchDetail> {
  const batch = await api.showBatch({ ref: toBatchRef(ref) });
  if (batch !== undefined) return batch;
  throw new SenditError(`There is no batch with the id, name or path ${ref}.`, {
    code: 'not-found',
    hint: 'Try `sendit batch list`; a directory that still arrives is counted as pending in `sendit watcher status`.',
  });
}

function nobodyWorks(): SenditError {
  return new SenditError('No watcher runs that would import the batch: there is nothing to watch.', {
    code: 'not-running',
    hint: 'Start it with `sendit watcher start`; without --watch the batch is shown as it is.',
  });
}
