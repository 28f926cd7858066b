import { parentPort, workerData } from 'node:worker_threads';
import { SenditError, toMessage } from '@sendit/model';
import { type EnginePlace, openRawEngine } from './embedded-engine.ts';
import type { FromEngine, ToEngine } from './engine-thread.ts';

/**
 * The thread of the embedded engine: starts it, says `ready`, and answers one message after the other until it gets
 * `close`.
 */
async function run(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new TypeError('Expected to run in a thread');
  const tell = (message: FromEngine, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  try {
    const engine = await openRawEngine(workerData as EnginePlace);
    port.on('message', (message: ToEngine) => {
      if (message.kind === 'close') {
        void engine.close().finally(() => port.close());
        return;
      }
      void engine.ask(message.bytes).then(
        (bytes) => tell({ kind: 'answer', bytes }, bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : []),
        () => tell({ kind: 'stopped' }),
      );
    });
    tell({ kind: 'ready' });
  } catch (error) {
    const { code, hint } = error instanceof SenditError ? error : { code: 'internal', hint: undefined };
    tell({ kind: 'failed', message: toMessage(error), code, hint });
  }
}

await run();
