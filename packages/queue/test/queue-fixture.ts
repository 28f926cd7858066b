import { randomUUID } from 'node:crypto';
import { PGlite } from '@electric-sql/pglite';
import type { LogFields, Logger, OutboxRow } from '@sendit/model';
import { sharedPostgres, startRedis } from '@sendit/testing';
import { NO_CONNECTION } from '../src/backend.ts';
import type { ImportQueue, QueueTarget } from '../src/index.ts';
import type { WorkerOptions } from '../src/import-queue.ts';
import { openBackend } from '../src/open-backend.ts';

/** One service for a suite. */
export interface QueueService extends AsyncDisposable {
  readonly target: QueueTarget;
}

export async function openPgliteService(): Promise<QueueService> {
  const pglite = await PGlite.create();
  return { target: { kind: 'pglite', pglite }, [Symbol.asyncDispose]: () => pglite.close() };
}

export async function openPostgresService(): Promise<QueueService> {
  const server = await sharedPostgres();
  const target = { kind: 'postgres' as const, url: await server.createDatabase() };
  return { target, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

export async function openRedisService(): Promise<QueueService> {
  const server = await startRedis();
  return { target: { kind: 'redis', url: server.url }, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** Reads BullMQ's progress of a job; 0 if none was reported. */
export async function readProgress(target: QueueTarget, name: string, jobId: string): Promise<unknown> {
  const bullmq = await import('bullmq');
  await using backend = await openBackend(target, bullmq);
  const { Queue } = bullmq.withBackend(backend.queueFactory);
  const queue = new Queue(name, { connection: NO_CONNECTION, prefix: backend.prefix ?? 'bull' });
  const job = await queue.getJob(jobId);
  await queue.close();
  return job?.progress;
}

export function row(id: string = randomUUID()): OutboxRow {
  return { id, kind: 'import-dicomdir', batchId: `batch-of-${id}` };
}

export function rows(count: number): readonly OutboxRow[] {
  return Array.from({ length: count }, () => row());
}

/** Something that happens later, awaited. */
export interface Gate {
  open(): void;
  readonly opened: Promise<void>;
}

export function gate(): Gate {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

export interface RecordedLine {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields: LogFields | undefined;
}

/** A logger that keeps its lines. */
export function recordingLogger(): Logger & { readonly lines: readonly RecordedLine[] } {
  const lines: RecordedLine[] = [];
  const write =
    (level: keyof Logger) =>
    (message: string, fields?: LogFields): void => {
      lines.push({ level, message, fields });
    };
  return {
    lines,
    abort: write('abort'),
    error: write('error'),
    warning: write('warning'),
    log: write('log'),
    info: write('info'),
    verbose: write('verbose'),
    debug: write('debug'),
  };
}

export interface RunningWorker extends AsyncDisposable {
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Runs a worker of concurrency 1 until stopped or disposed; what is not given must not be called. */
export function work(queue: ImportQueue, options: Partial<WorkerOptions>): RunningWorker {
  const controller = new AbortController();
  const unexpected = (): Promise<void> => Promise.reject(new Error('not expected'));
  const defaults = { concurrency: 1, handle: unexpected, exhausted: unexpected };
  const ended = queue.runWorker({ ...defaults, ...options }, controller.signal);
  const stop = (): Promise<void> => {
    controller.abort();
    return ended;
  };
  return { ended, stop, [Symbol.asyncDispose]: stop };
}
