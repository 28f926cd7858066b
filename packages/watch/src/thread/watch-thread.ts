import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { type FileEvent, type LogFields, SenditError, silentLogger, toMessage } from '@sendit/model';
import { openWatchSource } from '../open-watch-source.ts';
import { BATCH, type FromThread, type LogCopy, MAX_UNANSWERED, type ThreadRequest, type ToThread } from './messages.ts';

// Runs in a thread of its own: opens the source it is asked for and sends what it delivers, in batches.

const port = parentPort;
if (port === null) throw new TypeError('Expected to run in a worker thread, got the main one.');
const request = workerData as ThreadRequest;

const say = (message: FromThread): void => port.postMessage(message);
const log =
  (level: 'warning' | 'info') =>
  (message: string, fields: LogFields = {}): void =>
    say({ kind: 'log', level, message, fields: fields as LogCopy });

try {
  const logger = { ...silentLogger, warning: log('warning'), info: log('info') };
  const source = await openWatchSource({ ...request.settings, path: request.path, mask: request.mask, logger });
  let unanswered = 0;
  let proceed: () => void = () => undefined;
  const started = new Promise<void>((resolve) => {
    port.on('message', (message: ToThread) => {
      if (message === 'start') return resolve();
      unanswered -= 1;
      proceed();
    });
  });
  say({ kind: 'opened', status: source.status() });
  await started;
  let batch: FileEvent[] = [];
  const flush = (): void => {
    if (batch.length === 0) return;
    say({ kind: 'events', events: batch, status: source.status() });
    batch = [];
    unanswered += 1;
  };
  for await (const event of source.events()) {
    batch.push(event);
    if (batch.length === 1) void nextTurn().then(flush);
    if (batch.length >= BATCH) flush();
    while (unanswered >= MAX_UNANSWERED) {
      await new Promise<void>((resolve) => {
        proceed = resolve;
      });
    }
  }
  flush();
  say({ kind: 'ended', status: source.status() });
} catch (thrown) {
  say({ kind: 'failed', message: toMessage(thrown), hint: thrown instanceof SenditError ? thrown.hint : undefined });
}
port.close();
