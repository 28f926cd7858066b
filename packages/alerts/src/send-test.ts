import { randomUUID } from 'node:crypto';
import type { AlertRules } from '@sendit/model';
import { send } from './channels/send.ts';
import { toTestNotice } from './notice.ts';

/** How one channel took a test. */
export interface TestResult {
  readonly name: string;
  readonly kind: string;
  readonly sent: boolean;
  /** Why not; null when it was. */
  readonly reason: string | null;
}

/** Sends a notice that says that it is a test to each channel, side by side. */
export function sendTest({ channels, installation }: AlertRules, signal: AbortSignal): Promise<readonly TestResult[]> {
  return Promise.all(
    channels.map(async (channel) => {
      const notice = toTestNotice({ at: Date.now(), id: `alert_${randomUUID()}`, installation });
      const outcome = await send(channel, notice, signal);
      const { kind, name } = channel;
      return { name, kind, sent: outcome.kind === 'sent', reason: outcome.kind === 'failed' ? outcome.reason : null };
    }),
  );
}
