import { randomUUID } from 'node:crypto';
import { type OutboxRow, toRatedProgress } from '@sendit/model';
import { describeWith, type ServiceName } from '@sendit/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type ImportJob, type ImportQueue, openQueue } from '../src/index.ts';
import type { QueueOptions } from '../src/import-queue.ts';
import {
  gate,
  openPgliteService,
  openPostgresService,
  openRedisService,
  type QueueService,
  readProgress,
  row,
  rows,
  work,
} from './queue-fixture.ts';

const PATIENT = { timeout: 20_000, interval: 20 };
const never = (): Promise<void> => Promise.reject(new Error('not expected'));

function contract(openService: () => Promise<QueueService>): void {
  let service: QueueService;
  beforeAll(async () => {
    service = await openService();
  }, 60_000);
  afterAll(() => service[Symbol.asyncDispose]());

  const openFresh = (options: QueueOptions = {}): Promise<ImportQueue> =>
    openQueue(service.target, { name: randomUUID(), backoffMs: 10, ...options });

  test('a row added twice is one job', async () => {
    await using queue = await openFresh();
    const [first, second] = [row(), row()];
    await queue.add([first]);
    await queue.add([first, second, second]);
    await queue.add([second]);
    expect(await queue.counts()).toEqual({ waiting: 2, active: 0, failed: 0 });
  });

  test('a worker gets the ids of the row, and a done job is forgotten', async () => {
    await using queue = await openFresh({ attempts: 3 });
    const handled: ImportJob[] = [];
    await using _worker = work(queue, {
      handle: async (job) => {
        handled.push(job);
      },
    });
    const added = row('42');
    await queue.add([added]);
    await vi.waitFor(() => expect(handled).toHaveLength(1), PATIENT);
    expect(handled[0]).toEqual({ outboxId: '42', batchId: added.batchId, attempt: 1, lastAttempt: false });
    await vi.waitFor(async () => expect(await queue.counts()).toEqual({ waiting: 0, active: 0, failed: 0 }), PATIENT);
    await queue.add([added]);
    await vi.waitFor(() => expect(handled).toHaveLength(2), PATIENT);
  });

  test('a paused queue takes jobs and begins none, whoever asks; the running one ends', async () => {
    const name = randomUUID();
    await using queue = await openFresh({ name });
    const begun: string[] = [];
    const [started, goOn] = [gate(), gate()];
    await using _worker = work(queue, {
      concurrency: 1,
      handle: async (job) => {
        begun.push(job.outboxId);
        started.open();
        await goOn.opened;
      },
    });
    const [first, second] = [row(), row()];
    await queue.add([first]);
    await started.opened;
    expect(await queue.setPaused(true)).toBe(true);
    await using other = await openFresh({ name });
    expect(await other.setPaused(true)).toBe(false);
    await queue.add([second]);
    goOn.open();
    await vi.waitFor(async () => expect(await queue.counts()).toEqual({ waiting: 1, active: 0, failed: 0 }), PATIENT);
    expect(begun).toEqual([first.id]);
    expect(await other.setPaused(false)).toBe(true);
    await vi.waitFor(() => expect(begun).toEqual([first.id, second.id]), PATIENT);
  });

  test('a failing job is tried as often as allowed, then exhausted once and kept as failed', async () => {
    await using queue = await openFresh({ attempts: 3 });
    const attempts: [number, boolean][] = [];
    const exhausted: [string, unknown][] = [];
    const broken = new Error('no such study');
    await using _worker = work(queue, {
      handle: async (job) => {
        attempts.push([job.attempt, job.lastAttempt]);
        throw broken;
      },
      exhausted: async (job, error) => {
        exhausted.push([job.outboxId, error]);
      },
    });
    const added = row();
    await queue.add([added]);
    await vi.waitFor(async () => expect(await queue.counts()).toMatchObject({ failed: 1 }), PATIENT);
    expect(attempts).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    expect(exhausted).toEqual([[added.id, broken]]);
  });

  test('a job whose exhaustion could not be recorded is forgotten, so that the re-send brings it again', async () => {
    await using queue = await openFresh({ attempts: 1 });
    let calls = 0;
    await using _worker = work(queue, {
      handle: never,
      exhausted: async () => {
        calls += 1;
        if (calls === 1) throw new Error('the database is away');
      },
    });
    const added = row();
    await queue.add([added]);
    await vi.waitFor(async () => {
      expect(calls).toBe(1);
      expect(await queue.counts()).toEqual({ waiting: 0, active: 0, failed: 0 });
    }, PATIENT);
    await queue.add([added]);
    await vi.waitFor(async () => expect(await queue.counts()).toMatchObject({ failed: 1 }), PATIENT);
    expect(calls).toBe(2);
  });

  test('never more jobs at the same time than the concurrency, and all of it is used', async () => {
    await using queue = await openFresh();
    let active = 0;
    let most = 0;
    let done = 0;
    await using _worker = work(queue, {
      concurrency: 3,
      handle: async () => {
        active += 1;
        most = Math.max(most, active);
        await vi.waitFor(() => expect(most).toBe(3), PATIENT);
        active -= 1;
        done += 1;
      },
    });
    await queue.add(rows(30));
    await vi.waitFor(() => expect(done).toBe(30), PATIENT);
    expect(most).toBe(3);
  });

  test('an abort lets the active job end and takes no new one', async () => {
    await using queue = await openFresh();
    const started = gate();
    const finish = gate();
    const ended: string[] = [];
    await using worker = work(queue, {
      handle: async (job) => {
        started.open();
        await finish.opened;
        ended.push(job.outboxId);
      },
    });
    const [first, second] = [row(), row()];
    await queue.add([first]);
    await started.opened;
    await queue.add([second]);
    const stopped = worker.stop();
    expect(await queue.counts()).toMatchObject({ waiting: 1, active: 1 });
    finish.open();
    await stopped;
    expect(ended).toEqual([first.id]);
    expect(await queue.counts()).toEqual({ waiting: 1, active: 0, failed: 0 });
  });

  test('past the drain deadline the job is interrupted and goes back without losing an attempt', async () => {
    await using queue = await openFresh({ attempts: 1 });
    const started = gate();
    await using worker = work(queue, {
      drainMs: 50,
      handle: (_job, signal) => {
        started.open();
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('interrupted')));
        });
      },
    });
    const added = row();
    await queue.add([added]);
    await started.opened;
    await worker.stop();
    expect(await queue.counts()).toEqual({ waiting: 1, active: 0, failed: 0 });

    const handled: ImportJob[] = [];
    await using _next = work(queue, {
      handle: async (job) => {
        handled.push(job);
      },
    });
    await vi.waitFor(() => expect(handled).toHaveLength(1), PATIENT);
    expect(handled[0]).toMatchObject({ outboxId: added.id, attempt: 1, lastAttempt: true });
  });

  test('a handler that ignores its signal does not hold up the end of the worker', async () => {
    await using queue = await openFresh();
    const started = gate();
    await using worker = work(queue, {
      drainMs: 10,
      handle: () => {
        started.open();
        return new Promise(() => undefined);
      },
    });
    await queue.add([row()]);
    await started.opened;
    await expect(worker.stop()).resolves.toBeUndefined();
  });

  test('disposing the queue ends its workers', async () => {
    const queue = await openFresh();
    const worker = queue.runWorker({ concurrency: 1, handle: never, exhausted: never }, new AbortController().signal);
    await queue[Symbol.asyncDispose]();
    await expect(worker).resolves.toBeUndefined();
  });

  test('a job tells how far it has come: files, bytes, rate and time left', async () => {
    const name = randomUUID();
    await using queue = await openFresh({ name });
    const told = gate();
    const finish = gate();
    await using _worker = work(queue, {
      handle: async (_job, _signal, report) => {
        report(toRatedProgress({ filesDone: 8, filesTotal: 8, bytesDone: 4096, elapsedMs: 200 }));
        told.open();
        await finish.opened;
      },
    });
    const added = row();
    await queue.add([added]);
    await told.opened;
    const progress = { filesDone: 8, filesTotal: 8, bytesDone: 4096, elapsedMs: 200, filesPerS: 40, etaMs: 0 };
    await vi.waitFor(async () => expect(await readProgress(service.target, name, added.id)).toEqual(progress), PATIENT);
    finish.open();
    await vi.waitFor(async () => expect(await queue.counts()).toEqual({ waiting: 0, active: 0, failed: 0 }), PATIENT);
  });

  /** Four rows in one job. */
  function group(): readonly OutboxRow[] {
    const groupId = randomUUID();
    return rows(4).map((each) => ({ ...each, groupId }));
  }

  test('rows of a group are one job, and each is handled once', async () => {
    await using queue = await openFresh();
    const added = group();
    await queue.add(added);
    await queue.add(added.slice(1));
    expect(await queue.counts()).toEqual({ waiting: 1, active: 0, failed: 0 });
    const handled: ImportJob[] = [];
    await using _worker = work(queue, {
      handle: async (job) => {
        handled.push(job);
      },
    });
    await vi.waitFor(async () => expect(await queue.counts()).toEqual({ waiting: 0, active: 0, failed: 0 }), PATIENT);
    expect(handled).toEqual(
      added.map(({ batchId, id }) => ({ outboxId: id, batchId, attempt: 1, lastAttempt: false })),
    );
  });

  test('a member that fails goes on by itself, with the attempts that are left; its neighbours are done', async () => {
    await using queue = await openFresh({ attempts: 3 });
    const added = group();
    const bad = added[2]?.id;
    const attempts: [boolean, number][] = [];
    const apart: string[] = [];
    const exhausted: string[] = [];
    await using _worker = work(queue, {
      handle: async ({ attempt, outboxId }) => {
        attempts.push([outboxId === bad, attempt]);
        if (outboxId === bad) throw new Error('no such study');
      },
      apart: async (ids) => void apart.push(...ids),
      exhausted: async ({ outboxId }) => void exhausted.push(outboxId),
    });
    await queue.add(added);
    await vi.waitFor(async () => expect(await queue.counts()).toEqual({ waiting: 0, active: 0, failed: 1 }), PATIENT);
    expect(attempts.filter(([isBad]) => isBad).map(([, attempt]) => attempt)).toEqual([1, 2, 3]);
    expect(attempts.filter(([isBad]) => !isBad)).toHaveLength(3);
    expect({ apart, exhausted }).toEqual({ apart: [bad], exhausted: [bad] });
  });

  test('a group whose failed member could not be set apart runs again', async () => {
    await using queue = await openFresh({ attempts: 3 });
    const added = group();
    const bad = added[0]?.id;
    let failures = 0;
    let calls = 0;
    await using _worker = work(queue, {
      handle: async ({ outboxId }) => {
        if (outboxId === bad && (failures += 1) <= 2) throw new Error('not yet');
      },
      apart: async () => {
        calls += 1;
        if (calls === 1) throw new Error('the database is away');
      },
    });
    await queue.add(added);
    await vi.waitFor(async () => {
      expect(failures).toBe(3);
      expect(await queue.counts()).toEqual({ waiting: 0, active: 0, failed: 0 });
    }, PATIENT);
    expect(calls).toBe(2);
  });

  test('what arrived is taken before what a scan found, whenever it was added', async () => {
    await using queue = await openFresh();
    const found = rows(3).map((each) => ({ ...each, isFound: true }));
    const arrived = rows(3);
    await queue.add(found);
    await queue.add(arrived);
    const handled: string[] = [];
    await using _worker = work(queue, {
      handle: async ({ outboxId }) => {
        handled.push(outboxId);
      },
    });
    await vi.waitFor(() => expect(handled).toHaveLength(6), PATIENT);
    expect(handled).toEqual([...arrived, ...found].map(({ id }) => id));
  });

  test('two queues on one storage share the jobs', async () => {
    const name = randomUUID();
    await using producer = await openFresh({ name });
    await using consumer = await openFresh({ name });
    const handled: string[] = [];
    await using _worker = work(consumer, {
      handle: async (job) => {
        handled.push(job.outboxId);
      },
    });
    const added = rows(5);
    await producer.add(added);
    await vi.waitFor(() => expect(handled.toSorted()).toEqual(added.map((each) => each.id).toSorted()), PATIENT);
  });
}

const BACKENDS: readonly [string, readonly ServiceName[], () => Promise<QueueService>][] = [
  ['PGlite', [], openPgliteService],
  ['PostgreSQL', ['postgres'], openPostgresService],
  ['Redis', ['redis'], openRedisService],
];

describe('the import queue', () => {
  for (const [name, services, openService] of BACKENDS) {
    describeWith(services, `on ${name}`, () => contract(openService));
  }
});
