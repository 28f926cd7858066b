import { type EmailChannel, toCode } from '@sendit/model';
import { createTransport } from 'nodemailer';
import { type Notice, toSubject, toText } from '../notice.ts';
import type { SendOutcome } from './send-outcome.ts';

/** Sends the notice as a plain text. A password is only told to a server whose connection is encrypted. */
export async function sendEmail(channel: EmailChannel, notice: Notice): Promise<SendOutcome> {
  const { from, password, server, timeoutMs, to, user } = channel;
  const { hostname, port, protocol } = new URL(server);
  const secure = protocol === 'smtps:';
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && user !== undefined,
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({
      from,
      to: [...to],
      subject: toSubject(notice),
      text: toText(notice),
      messageId: `<${notice.id}@sendit>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
    return { kind: 'sent' };
  } catch (error) {
    return { kind: 'failed', reason: toReason(error) };
  } finally {
    transport.close();
  }
}

/** What servers say may hold addresses: only codes are kept. */
function toReason(error: unknown): string {
  const status: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'responseCode') : undefined;
  const code = toCode(error) ?? 'unknown error';
  return typeof status === 'number'
    ? `the mail server answered ${status} (${code})`
    : `the mail was not sent (${code})`;
}
