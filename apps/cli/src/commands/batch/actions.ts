import type { ActionSummary } from '@sendit/api';
import { Args, Flags } from '@oclif/core';
import { ACTION_STATES, SenditError } from '@sendit/model';
import { BaseCommand } from '../../base-command.ts';
import { openAsked, resolveRoot, toBatchRef } from '@sendit/runtime/installation';
import { renderActions } from '../../render/render-batch.ts';
import { tableFlags, toTableLayout } from '../../render/table.ts';

export default class BatchActions extends BaseCommand {
  static override summary = 'List what follows the imports (exec, webhook, copy, move), or run what failed again.';
  static override description =
    'Actions are configured for each watch path. They are done one after the other; one that failed holds up those after it.';
  static override enableJsonFlag = true;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --state failed',
    '<%= config.bin %> <%= command.id %> L123456',
    '<%= config.bin %> <%= command.id %> 17 --retry',
    '<%= config.bin %> <%= command.id %> --root data --retry',
  ];
  static override args = {
    batch: Args.string({ description: 'Id, directory name or absolute path (newest generation).' }),
  };
  static override flags = {
    state: Flags.option({ options: ACTION_STATES, summary: 'Only actions in this state.' })(),
    root: Flags.string({ summary: 'Only actions of the watch path with this name.' }),
    limit: Flags.integer({ summary: 'At most this many.', default: 50, min: 1, max: 1_000 }),
    retry: Flags.boolean({ default: false, summary: 'Run those that failed again, with all their attempts.' }),
    ...tableFlags,
  };

  async run(): Promise<readonly ActionSummary[] | { readonly queued: number }> {
    const { args, flags } = await this.parse(BatchActions);
    const { limit, retry, state } = flags;
    if (retry && state !== undefined && state !== 'failed') {
      throw new SenditError(`Expected --retry alone or with --state failed, got --state ${state}.`, {
        code: 'bad-arguments',
      });
    }
    const batch = args.batch === undefined ? undefined : toBatchRef(args.batch);
    await using api = await openAsked(flags, { onWarning: (message) => this.warnOf(message) });
    const root = flags.root === undefined ? undefined : await resolveRoot(api, flags.root);
    if (retry) {
      const outcome = await api.retryActions({ batch, root });
      this.log(outcome.queued === 1 ? '1 action runs again.' : `${outcome.queued} actions run again.`);
      return outcome;
    }
    const { results: actions } = await api.listActions({ batch, root, state, limit });
    this.log(actions.length === 0 ? 'No such actions.' : renderActions(actions, 'of-many', toTableLayout(flags)));
    return actions;
  }
}
