import { Flags } from '@oclif/core';
import type { QueuePause } from '@sendit/api';
import { openAsked } from '@sendit/runtime/installation';
import { accountName } from './account-name.ts';
import { BaseCommand } from './base-command.ts';
import { dataFlag } from './data-flag.ts';

/** Base of `queue pause` and `queue resume`. */
export abstract class QueueCommand extends BaseCommand {
  static override enableJsonFlag = true;
  static override flags = {
    ...dataFlag,
    reason: Flags.string({ char: 'r', required: true, summary: 'Why: kept with your account and the time.' }),
  };
  abstract readonly operation: 'pauseQueue' | 'resumeQueue';
  abstract readonly said: string;

  async run(): Promise<{ readonly paused: QueuePause | null }> {
    const { flags } = await this.parse({
      flags: QueueCommand.flags,
      baseFlags: BaseCommand.baseFlags,
      enableJsonFlag: true,
    });
    await using api = await openAsked(flags, { onWarning: (message) => this.warnOf(message) });
    const { paused } = await api[this.operation]({ by: accountName(), reason: flags.reason });
    this.log(this.said);
    return { paused };
  }
}
