import { once } from 'node:events';
import { type HandshakeMessage, readInput, toFailureReport } from './handshake.ts';

/** Receives the starter's `input`; null without a starter. The channel keeps messages until somebody listens. */
export async function receiveInput(): Promise<unknown> {
  while (process.connected) {
    const [message] = (await once(process, 'message')) as [unknown];
    const found = readInput(message);
    if (found !== undefined) return found.input;
  }
  return null;
}

/**
 * Tells the process that started this one that it is ready, and lets go of it. Does nothing without an IPC channel (a start in the
 * foreground) or when the starter is gone.
 * @param info anything that survives JSON: pid, socket path, …
 */
export async function reportReady(info: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await send({ sendit: 'ready', info });
  letGo();
}

/** Tells the starter why this process cannot start, code, hint and problems included; then the caller exits. See {@link reportReady}. */
export async function reportFailed(error: unknown): Promise<void> {
  await send({ sendit: 'failed', error: toFailureReport(error) });
  letGo();
}

/** Shows a line to the starter, as long as it waits; see {@link reportReady}. The line comes without its newline. */
export function reportLine(stream: 'out' | 'err', line: string): void {
  void send({ sendit: 'line', stream, line });
}

/** Resolves once the message is on its way; never rejects, since a starter that went away is no concern of a daemon. */
function send(message: HandshakeMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) return resolve();
    process.send(message, undefined, undefined, () => resolve());
  });
}

function letGo(): void {
  if (process.connected) process.disconnect();
}
