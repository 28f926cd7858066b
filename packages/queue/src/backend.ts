import type * as bullmqModule from 'bullmq';
import type { BackendFactory } from 'bullmq';

/** BullMQ's module, handed on because its import costs 170 ms and is done once, when a queue is opened. */
export type BullMq = typeof bullmqModule;

/** BullMQ's settings for one backend. */
export interface Backend {
  /** How long `add` and `counts` may take. */
  readonly deadlineMs: number;
  readonly prefix?: string;
  /** Connections for the one `Queue`. */
  readonly queueFactory: BackendFactory;
  /** Connections for one `Worker`; `close` cuts whatever it left. */
  openWorkerConnections(concurrency: number): WorkerConnections;
  /** Called once, before the first worker of this process may start. */
  recover(queueName: string): Promise<void>;
  /** Writes something without effect. Rejects where the service answers and takes no writes; absent where others write all the time. */
  readonly probe?: () => Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Connections of one worker. */
export interface WorkerConnections {
  readonly factory: BackendFactory;
  close(): Promise<void>;
}

/** BullMQ wants a `connection` even where the factory brings its own. */
export const NO_CONNECTION = {};
