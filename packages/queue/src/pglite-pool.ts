import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Result of one statement, as PGlite and node-postgres both give it. */
export interface PgliteResult<Row> {
  readonly rows: Row[];
}

/** Where PGlite takes statements: the engine itself or one of its transactions. */
export interface PgliteSession {
  query<Row>(text: string, parameters?: unknown[]): Promise<PgliteResult<Row>>;
  exec(text: string): Promise<PgliteResult<Record<string, unknown>>[]>;
}

/** The used part of `PGlite`. */
export interface PgliteEngine extends PgliteSession {
  transaction<T>(work: (transaction: PgliteSession) => Promise<T>): Promise<T>;
  listen(channel: string, callback: (payload: string) => void): Promise<() => Promise<void>>;
}

const COMMENTS = /^(?:\s+|--[^\n]*(?:\n|$))+/;
const LISTEN = /^listen\s+(\w+)/i;
const BEGIN = /^begin\b/i;
const END = /^(commit|rollback)\b/i;

/** Ends PGlite's transaction callback without committing. */
class RolledBack extends Error {}

/**
 * One client of the pool. All clients share PGlite's single session, so BEGIN takes PGlite's own transaction mutex: between it
 * and COMMIT no statement of another client comes in. Emits `notification` for the channels it listens to.
 */
class PgliteClient extends EventEmitter {
  readonly #engine: PgliteEngine;
  readonly #unlisten: (() => Promise<void>)[] = [];
  #transaction: PgliteSession | undefined;
  #end: ((how: string) => Promise<void>) | undefined;

  constructor(engine: PgliteEngine) {
    super();
    this.#engine = engine;
  }

  async query<Row>(text: string, parameters?: readonly unknown[]): Promise<PgliteResult<Row>> {
    // PGlite answers in microtasks only: without this turn a busy worker starves timers and sockets of the whole process.
    await nextTurn();
    const statement = text.replace(COMMENTS, '');
    const channel = LISTEN.exec(statement)?.[1];
    if (channel !== undefined) return this.#listen(channel);
    if (BEGIN.test(statement)) return this.#begin();
    const end = END.exec(statement)?.[1];
    if (end !== undefined) return this.#finish(end.toLowerCase());
    const session = this.#transaction ?? this.#engine;
    if (parameters !== undefined && parameters.length > 0) return session.query<Row>(text, [...parameters]);
    // Without parameters node-postgres takes several statements at once, and gives the last result here.
    const results = await session.exec(text);
    return { rows: (results.at(-1)?.rows ?? []) as Row[] };
  }

  release(): void {
    for (const unlisten of this.#unlisten.splice(0)) {
      // The engine may be closed already: then there is nothing left to stop.
      unlisten().catch(() => undefined);
    }
  }

  async #listen<Row>(channel: string): Promise<PgliteResult<Row>> {
    const notify = (payload: string): void => void this.emit('notification', { channel, payload });
    this.#unlisten.push(await this.#engine.listen(channel, notify));
    return { rows: [] };
  }

  #begin<Row>(): Promise<PgliteResult<Row>> {
    return new Promise((resolve, reject) => {
      const ended = this.#engine.transaction(
        (session) =>
          new Promise<void>((commit, rollBack) => {
            this.#transaction = session;
            this.#end = async (how) => {
              this.#transaction = undefined;
              this.#end = undefined;
              if (how === 'commit') commit();
              else rollBack(new RolledBack());
              await ended;
            };
            resolve({ rows: [] });
          }),
      );
      ended.catch((error: unknown) => reject(error instanceof Error ? error : new Error(String(error))));
    });
  }

  async #finish<Row>(how: string): Promise<PgliteResult<Row>> {
    try {
      await this.#end?.(how);
    } catch (error) {
      if (!(error instanceof RolledBack)) throw error;
    }
    return { rows: [] };
  }
}

/** A `pg.Pool` to BullMQ, on one in-process PGlite. */
export class PglitePool extends EventEmitter {
  /** There is no connection that could be lost silently. */
  readonly options = { keepAlive: true };
  readonly #engine: PgliteEngine;
  readonly #client: PgliteClient;

  constructor(engine: PgliteEngine) {
    super();
    this.#engine = engine;
    this.#client = new PgliteClient(engine);
  }

  query<Row>(text: string, parameters?: readonly unknown[]): Promise<PgliteResult<Row>> {
    return this.#client.query<Row>(text, parameters);
  }

  connect(): Promise<PgliteClient> {
    return Promise.resolve(new PgliteClient(this.#engine));
  }

  /** The engine belongs to the caller and stays open. */
  end(): Promise<void> {
    return Promise.resolve();
  }
}
