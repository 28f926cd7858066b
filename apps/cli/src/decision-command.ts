import type { AuditRecord } from '@sendit/api';
import { Args, Flags } from '@oclif/core';
import { type Decision, SenditError } from '@sendit/model';
import { accountName } from './account-name.ts';
import { BaseCommand } from './base-command.ts';
import { openAsked, toBatchRef } from '@sendit/runtime/installation';
import { dataFlag } from './data-flag.ts';
import { renderDecision } from './render/render-audit.ts';

/** Base of `batch release`, `hold`, `quarantine`, `accept` and `acknowledge`: one decision, who made it and why. */
export abstract class DecisionCommand extends BaseCommand {
  static override enableJsonFlag = true;
  static override args = {
    batch: Args.string({
      required: true,
      description: 'Id, directory name or path of a batch; path of a directory that is not sealed yet.',
    }),
  };
  static override flags = {
    ...dataFlag,
    reason: Flags.string({ char: 'r', required: true, summary: 'Why: kept with your account and the time.' }),
  };
  abstract readonly decision: Decision;

  async run(): Promise<AuditRecord> {
    const { args, flags } = await this.parse({
      args: DecisionCommand.args,
      flags: DecisionCommand.flags,
      baseFlags: BaseCommand.baseFlags,
      enableJsonFlag: true,
    });
    const reason = flags.reason.trim();
    if (reason === '') {
      throw new SenditError('Expected a reason, got nothing.', {
        code: 'bad-arguments',
        hint: 'Say why with --reason: whoever looks at it later has only that.',
      });
    }
    await using api = await openAsked(flags, { onWarning: (message) => this.warnOf(message) });
    const { decision } = this;
    const record = await api.decide({ ref: toBatchRef(args.batch), decision, by: accountName(), reason });
    this.log(renderDecision(record, api.from));
    return record;
  }
}
