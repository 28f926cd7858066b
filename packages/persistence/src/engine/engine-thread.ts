import { Worker } from 'node:worker_threads';
import { SenditError } from '@sendit/model';
import { engineStopped } from './database-error.ts';
import type { RawEngine } from './embedded-session.ts';
import { type EnginePlace, openRawEngine } from './embedded-engine.ts';

/** Messages from the thread. */
export type FromEngine =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string; readonly hint: string | undefined }
  | { readonly kind: 'answer'; readonly bytes: Uint8Array }
  | { readonly kind: 'stopped' };

/** Messages to the thread: those of the protocol, or the end. */
export type ToEngine = { readonly kind: 'ask'; readonly bytes: Uint8Array } | { readonly kind: 'close' };

/** Time for a thread to close the engine; then it is ended. */
const CLOSE_MS = 30_000;

/**
 * Starts the engine in a thread of its own, so that no statement, however long it takes, holds up the event loop of the process. Run from
 * TypeScript sources there is no file for a thread to load, and it runs in this one.
 * @throws SenditError as `startEngine` does.
 */
export function openEngine(place: EnginePlace): Promise<RawEngine> {
  return import.meta.url.endsWith('.ts') ? openRawEngine(place) : openEngineThread(place);
}

async function openEngineThread(place: EnginePlace): Promise<RawEngine> {
  const worker = new Worker(new URL('./engine-worker.js', import.meta.url), {
    workerData: place,
    // Whatever conditions this process resolves packages by, a thread loads built files.
    execArgv: process.execArgv.filter((argument) => !argument.startsWith('--conditions')),
    name: 'sendit database',
  });
  const waiting: { resolve: (bytes: Uint8Array) => void; reject: (error: unknown) => void }[] = [];
  let isOver = false;
  const exited = new Promise<void>((resolve) => {
    const end = (): void => {
      isOver = true;
      for (const { reject } of waiting.splice(0)) reject(engineStopped());
      resolve();
    };
    worker.once('exit', end);
  });
  // An exit follows.
  worker.on('error', () => undefined);
  await untilReady(worker, exited);
  // Idle, it does not keep the process alive.
  worker.unref();

  worker.on('message', (message: FromEngine) => {
    const first = waiting.shift();
    if (waiting.length === 0) worker.unref();
    if (message.kind === 'answer') first?.resolve(message.bytes);
    else first?.reject(engineStopped());
  });
  const tell = (message: ToEngine, transfer: ArrayBuffer[] = []): void => worker.postMessage(message, transfer);

  return {
    ask: (bytes) =>
      new Promise((resolve, reject) => {
        if (isOver) return reject(engineStopped());
        waiting.push({ resolve, reject });
        worker.ref();
        tell({ kind: 'ask', bytes }, bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : []);
      }),
    close: async () => {
      worker.ref();
      tell({ kind: 'close' });
      const timer = setTimeout(() => void worker.terminate(), CLOSE_MS);
      // Nobody else may open the directory before.
      await exited;
      clearTimeout(timer);
    },
  };
}

async function untilReady(worker: Worker, exited: Promise<void>): Promise<void> {
  const message = await Promise.race([
    new Promise<FromEngine>((resolve) => worker.once('message', resolve)),
    exited.then((): FromEngine => ({ kind: 'stopped' })),
  ]);
  if (message.kind === 'ready') return;
  await exited;
  if (message.kind !== 'failed') throw engineStopped();
  const { hint, message: words } = message;
  throw new SenditError(words, { code: 'database-unavailable', ...(hint === undefined ? {} : { hint }) });
}
