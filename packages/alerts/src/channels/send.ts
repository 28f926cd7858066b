import type { AlertChannel } from '@sendit/model';
import type { Notice } from '../notice.ts';
import { runCommand } from './run-command.ts';
import { sendEmail } from './send-email.ts';
import type { SendOutcome } from './send-outcome.ts';
import { sendWebhook } from './send-webhook.ts';

/** Sends a notice by a channel; every failure is an outcome. */
export function send(channel: AlertChannel, notice: Notice, signal: AbortSignal): Promise<SendOutcome> {
  switch (channel.kind) {
    case 'webhook':
      return sendWebhook(channel, notice, signal);
    case 'email':
      return sendEmail(channel, notice);
    case 'exec':
      return runCommand(channel, notice, signal);
  }
}
