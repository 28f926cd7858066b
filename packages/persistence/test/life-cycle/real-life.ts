import type { Database } from '../../src/index.ts';
import { requestOf, resultOf } from '../contract/fixtures.ts';
import type { Life, Step, Taken } from './life.ts';

const FAR_MS = 3_600_000;

/** Stored state of one life. */
export interface Stored {
  readonly status: string | null;
  readonly attempts: number;
  /** Number of the message that is there, counted from 1. */
  readonly message: number | null;
  readonly instances: number;
}

/** The steps of a life taken on the real stores. The queue, the relay's memory and the runs are the model's: they are not stored. */
export class RealLife {
  readonly #db: Database;
  readonly #name: string;
  #batchId: string | undefined;
  /** Message ids in the order in which they came. */
  readonly #messages: string[] = [];

  constructor(db: Database, name: string) {
    this.#db = db;
    this.#name = name;
  }

  /** Takes a step that the model allows, and returns the answer. */
  async take(step: Step, before: Life): Promise<Taken['told']> {
    switch (step.does) {
      case 'seal':
      case 'find-late-files': {
        const manifestDigest = step.does === 'seal' ? 'first' : 'later';
        const outcome = await this.#db.batches.seal(await requestOf(this.#db, this.#name, { manifestDigest }));
        if (outcome.kind !== 'sealed' && outcome.kind !== 'known') throw new Error(`got ${outcome.kind}`);
        this.#batchId = outcome.batchId;
        return outcome.kind;
      }
      case 'retry': {
        const outcome = await this.#db.batches.retry(this.#id);
        if (outcome.kind !== 'queued') throw new Error(`expected it to be queued, got ${outcome.kind}`);
        return undefined;
      }
      case 'accept':
      case 'set-aside': {
        const decision = step.does === 'accept' ? 'accept' : step.to === 'HELD' ? 'hold' : 'quarantine';
        const request = { ref: this.#id, decision, by: 'test', reason: 'a step' } as const;
        const outcome = await this.#db.decisions.decide(request);
        if (outcome.kind !== 'decided') throw new Error(`expected a decision, got ${outcome.kind}`);
        return undefined;
      }
      case 'claim': {
        const rows = await this.#db.outbox.claim({ limit: 100, leaseMs: FAR_MS });
        if (!rows.some((row) => row.batchId === this.#id)) throw new Error('the message that is due was not claimed');
        return undefined;
      }
      case 'let-lease-lapse':
        await this.#query(`update sendit.outbox set due_at = now() - interval '1 second' where batch_id = ${this.#id}`);
        return undefined;
      case 'mark':
        await this.#db.outbox.markSent([this.#message(before.relay?.id)], { resendAfterMs: FAR_MS });
        return undefined;
      case 'begin':
      case 'commit':
      case 'fail':
        return this.#run(step, before);
      case 'add':
      case 'kill-relay':
      case 'forget-jobs':
      case 'deliver':
      case 'kill-run':
      case 'take-off':
        return undefined;
    }
  }

  async read(): Promise<Stored> {
    const [batch] = await this.#query<{ status: string; attempts: number }>(
      `select status, attempts from sendit.batches where id = ${this.#id}`,
    );
    const [message] = await this.#query<{ id: string }>(`select id from sendit.outbox where batch_id = ${this.#id}`);
    if (message !== undefined && !this.#messages.includes(message.id)) this.#messages.push(message.id);
    const [{ count } = { count: 0 }] = await this.#query<{ count: number }>(
      `select count(*)::int as count from sendit.instances where batch_id = ${this.#id}`,
    );
    return {
      status: batch?.status ?? null,
      attempts: batch?.attempts ?? 0,
      message: message === undefined ? null : this.#messages.indexOf(message.id) + 1,
      instances: count,
    };
  }

  /** No later life shall claim what this one leaves. */
  async end(): Promise<void> {
    await this.#query(`delete from sendit.outbox where batch_id = ${this.#id}`);
  }

  async #run(step: Extract<Step, { readonly run: number }>, before: Life): Promise<Taken['told']> {
    const run = before.runs[step.run];
    if (run === undefined) throw new TypeError('Expected a run that there is');
    const job = { batchId: this.#id, outboxId: this.#message(run.id) };
    if (step.does === 'begin') return (await this.#db.studies.begin(job)).kind;
    const own = { ...job, attempt: run.attempt ?? 0 };
    if (step.does === 'commit') {
      const reason = step.end === 'ERROR' ? 'two dates' : null;
      const empty = step.end === 'EMPTY' ? { studies: [], series: [], instances: [], findings: [] } : {};
      return (await this.#db.studies.commit(resultOf(job, { ...own, status: step.end, reason, ...empty }))).kind;
    }
    const tries = before.jobs.find(({ id }) => id === run.id)?.tries ?? Number.POSITIVE_INFINITY;
    if (tries === 1) return this.#db.studies.fail(job, 'its tries are used up');
    await this.#db.studies.postpone(own, 'a try failed');
    return undefined;
  }

  get #id(): string {
    if (this.#batchId === undefined) throw new TypeError('Expected a life that began with its seal');
    return this.#batchId;
  }

  #message(number: number | undefined): string {
    const id = this.#messages[(number ?? 0) - 1];
    if (id === undefined) throw new TypeError('Expected a message that was seen');
    return id;
  }

  async #query<Row>(text: string): Promise<readonly Row[]> {
    if (this.#db.pglite === undefined) throw new TypeError('Expected the embedded database');
    return (await this.#db.pglite.query<Row>(text)).rows;
  }
}
