import { engineStopped } from './database-error.ts';
import { StatementCache } from './statement-cache.ts';
import {
  joinBytes,
  readAnswer,
  type RowOptions,
  type StatementResult,
  toExtendedQuery,
  toResult,
  toSimpleQuery,
} from './wire.ts';

/** The engine itself: answers messages of the protocol, one after the other, wherever it runs. */
export interface RawEngine {
  /** @throws what ended the engine. What a statement did wrong is in the answer. */
  ask(message: Uint8Array): Promise<Uint8Array>;
  /** Resolves once nothing of it runs any more. */
  close(): Promise<void>;
}

/** Takes statements. */
export interface EngineSession {
  /** One statement with its parameters. @throws the server's error, with `code` and `constraint`. */
  query<Row = Record<string, unknown>>(
    text: string,
    parameters?: readonly unknown[],
    options?: RowOptions,
  ): Promise<StatementResult<Row>>;
  /** Statements without parameters; a result for each. */
  exec(text: string): Promise<StatementResult<Record<string, unknown>>[]>;
}

/** How a transaction is to end. */
export interface TransactionOptions {
  /** Once it is committed it is on disk, with everything before it; false by default. */
  readonly isDurable?: boolean;
  /** How long it may be open without a statement that runs; a minute by default. */
  readonly idleMs?: number;
}

/** Waits for the disk, where others do not. */
const WAIT_FOR_DISK = 'set local synchronous_commit to on';

/** Its callback hangs: nobody else would ever be answered again. */
const IDLE_MS = 60_000;

/**
 * Plans are made anew after this many transactions: tables have grown, and one made for an empty table reads all of a
 * large one.
 */
const PLANS_LAST = 200;

const FEATURE_NOT_SUPPORTED = '0A000';
const NO_SUCH_STATEMENT = '26000';

/**
 * One session of the embedded engine, shared by all: a statement or a transaction at a time, in the order in which they were asked for.
 * Statements that are met again are parsed once; all messages of one go to the engine together.
 */
export class EmbeddedSession implements EngineSession {
  readonly #raw: RawEngine;
  readonly #statements = new StatementCache();
  readonly #listeners = new Map<string, Set<(payload: string) => void>>();
  #last: Promise<unknown> = Promise.resolve();
  #transactions = 0;
  #closed: Promise<void> | undefined;

  constructor(raw: RawEngine) {
    this.#raw = raw;
  }

  get closed(): boolean {
    return this.#closed !== undefined;
  }

  query<Row = Record<string, unknown>>(
    text: string,
    parameters: readonly unknown[] = [],
    options: RowOptions = {},
  ): Promise<StatementResult<Row>> {
    return this.#inTurn(() => this.#query<Row>({ text, parameters, options, before: [], mayRepeat: true }));
  }

  exec(text: string): Promise<StatementResult<Record<string, unknown>>[]> {
    return this.#inTurn(() => this.#exec(text, []));
  }

  /** Runs statements as one; nobody else's come in between. Commits when the work resolves, else rolls back. */
  transaction<T>(work: (session: EngineSession) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    return this.#inTurn(() => this.#transact(work, options));
  }

  /** Hears what is notified on a channel, until the function that it gives is called. */
  async listen(channel: string, callback: (payload: string) => void): Promise<() => Promise<void>> {
    const heard = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, heard);
    heard.add(callback);
    if (heard.size === 1) await this.exec(`listen ${toName(channel)}`);
    return async () => {
      if (!heard.delete(callback) || heard.size > 0 || this.closed) return;
      this.#listeners.delete(channel);
      await this.exec(`unlisten ${toName(channel)}`);
    };
  }

  /** After what was asked for before; idempotent. */
  close(): Promise<void> {
    this.#closed ??= this.#last.then(() => this.#raw.close());
    return this.#closed;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed !== undefined) return Promise.reject(engineStopped());
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #transact<T>(
    work: (session: EngineSession) => Promise<T>,
    { isDurable = false, idleMs = IDLE_MS }: TransactionOptions,
  ): Promise<T> {
    const transaction = new Transaction(idleMs, this.#toBegin(isDurable));
    const session: EngineSession = {
      query: <Row>(text: string, parameters: readonly unknown[] = [], options: RowOptions = {}) =>
        transaction.use((before) => this.#query<Row>({ text, parameters, options, before, mayRepeat: false })),
      exec: (text) => transaction.use((before) => this.#exec(text, before)),
    };
    let result: T;
    try {
      result = await Promise.race([work(session), transaction.abandoned]);
    } catch (error) {
      await transaction.end(() => this.#exec('rollback', [])).catch(() => undefined);
      throw error;
    }
    const ended = await transaction.end(() => this.#exec('commit', []));
    // A statement had failed, and the work went on.
    if (ended?.[0]?.command === 'ROLLBACK') {
      throw Object.assign(new Error('Transaction was rolled back instead of committed'), { code: '25P02' });
    }
    return result;
  }

  /** Goes to the engine with the first statement; without one there is nothing to begin. */
  #toBegin(isDurable: boolean): readonly Uint8Array[] {
    this.#transactions += 1;
    const discard = this.#transactions % PLANS_LAST === 0 ? [toSimpleQuery('discard plans')] : [];
    return [...discard, toSimpleQuery(isDurable ? `begin; ${WAIT_FOR_DISK}` : 'begin')];
  }

  async #query<Row>(asked: AskedStatement): Promise<StatementResult<Row>> {
    const { before, mayRepeat, options, parameters, text } = asked;
    const kept = this.#statements.find(text);
    const sent = toExtendedQuery({
      text,
      parameters,
      name: kept?.name ?? '',
      isParsed: kept?.isParsed ?? false,
      isDescribed: kept?.fields !== undefined,
      forget: this.#statements.takeForgotten(),
    });
    const { error, isParsed, results } = await this.#ask([...before, ...sent]);
    if (kept !== undefined && isParsed) kept.isParsed = true;
    if (error !== undefined) {
      if (kept === undefined || !isOutdated(error)) throw error;
      this.#statements.drop(text);
      if (mayRepeat) return this.#query({ ...asked, mayRepeat: false });
      throw error;
    }
    const last = results.at(-1);
    if (last === undefined) return { rows: [], fields: [], command: '', affectedRows: 0 };
    if (kept !== undefined) kept.fields ??= last.fields ?? [];
    return toResult<Row>(last, options, kept?.fields);
  }

  async #exec(text: string, before: readonly Uint8Array[]): Promise<StatementResult<Record<string, unknown>>[]> {
    const { error, results } = await this.#ask([...before, toSimpleQuery(text)]);
    if (error !== undefined) throw error;
    return results.map((result) => toResult(result));
  }

  async #ask(parts: readonly Uint8Array[]): Promise<ReturnType<typeof readAnswer>> {
    const answer = readAnswer(await this.#raw.ask(joinBytes(parts)));
    for (const { channel, payload } of answer.notifications) {
      for (const callback of this.#listeners.get(channel) ?? []) queueMicrotask(() => callback(payload));
    }
    return answer;
  }
}

interface AskedStatement {
  readonly text: string;
  readonly parameters: readonly unknown[];
  readonly options: RowOptions;
  /** Messages that go before it. */
  readonly before: readonly Uint8Array[];
  /** Whether it may be run again where its kept form is outdated: not within a transaction, which has failed then. */
  readonly mayRepeat: boolean;
}

/** State of a transaction between its beginning and its end. */
class Transaction {
  readonly #idleMs: number;
  #begin: readonly Uint8Array[];
  #hasBegun = false;
  #isOver = false;
  #last: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #abandon: (error: Error) => void = () => undefined;
  /** Rejects when it was idle for too long. */
  readonly abandoned: Promise<never>;

  constructor(idleMs: number, begin: readonly Uint8Array[]) {
    this.#idleMs = idleMs;
    this.#begin = begin;
    this.abandoned = new Promise((_resolve, reject) => {
      this.#abandon = reject;
    });
    this.abandoned.catch(() => undefined);
    this.#wait();
  }

  /** Runs a statement of it, after those before. */
  use<T>(work: (before: readonly Uint8Array[]) => Promise<T>): Promise<T> {
    const run = this.#last.then(async () => {
      if (this.#isOver) throw new TypeError('Expected no statement after the end of its transaction');
      clearTimeout(this.#timer);
      const before = this.#begin;
      this.#begin = [];
      this.#hasBegun = true;
      try {
        return await work(before);
      } finally {
        this.#wait();
      }
    });
    this.#last = run.catch(() => undefined);
    return run;
  }

  /** Ends it, where it has begun. */
  async end<T>(finish: () => Promise<T>): Promise<T | undefined> {
    await this.#last;
    clearTimeout(this.#timer);
    this.#isOver = true;
    return this.#hasBegun ? finish() : undefined;
  }

  #wait(): void {
    if (this.#isOver) return;
    this.#timer = setTimeout(() => {
      const error = new Error(`a transaction was idle for ${this.#idleMs / 1000} s`);
      this.#abandon(Object.assign(error, { code: '25P03' }));
    }, this.#idleMs);
    this.#timer.unref();
  }
}

/** The columns of a kept statement have changed, or the engine no longer knows it. */
function isOutdated(error: Error): boolean {
  return 'code' in error && (error.code === FEATURE_NOT_SUPPORTED || error.code === NO_SUCH_STATEMENT);
}

function toName(channel: string): string {
  return `"${channel.replaceAll('"', '""')}"`;
}
