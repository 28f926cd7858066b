import { randomUUID } from 'node:crypto';
import { SenditError } from '@sendit/model';
import { describeWith, freePort, type RedisServer, startPostgres, startRedis } from '@sendit/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createWake, type ImportQueue, openQueue, type QueueTarget, runRelay } from '../src/index.ts';
import { heldClock, memoryOutbox } from './memory-outbox.ts';
import { gate, recordingLogger, row, work } from './queue-fixture.ts';

const PATIENT = { timeout: 30_000, interval: 20 };
const TIMEOUT = 60_000;
const SECRET = 'hunter2%21';

interface Service {
  readonly target: QueueTarget;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Tests for every server that may go away. */
function outages(open: () => Promise<Service>): void {
  let service: Service;
  beforeAll(async () => {
    service = await open();
  }, TIMEOUT);

  test('a worker outlives an outage, loses no job to it and logs its two ends', { timeout: TIMEOUT }, async () => {
    const logger = recordingLogger();
    await using queue = await openQueue(service.target, { name: randomUUID(), logger, lockMs: 3_000, backoffMs: 10 });
    const started = gate();
    const finish = gate();
    const handled = new Set<string>();
    await using _worker = work(queue, {
      concurrency: 2,
      handle: async (job) => {
        started.open();
        await finish.opened;
        handled.add(job.outboxId);
      },
    });
    const [during, waiting, after] = [row(), row(), row()];
    await queue.add([during, waiting]);
    await started.opened;

    await service.stop();
    await expect(queue.add([after])).rejects.toMatchObject({ code: 'queue-unavailable', retry: 'safe' });
    await expect(queue.counts()).rejects.toMatchObject({ code: 'queue-unavailable', retry: 'safe' });
    finish.open();
    await vi.waitFor(() => expect(logger.lines.map((line) => line.level)).toContain('warning'), PATIENT);
    await service.start();

    await vi.waitFor(() => queue.add([after]), PATIENT);
    await vi.waitFor(() => expect(handled).toEqual(new Set([during.id, waiting.id, after.id])), PATIENT);
    await vi.waitFor(async () => expect(await queue.counts()).toEqual({ waiting: 0, active: 0, failed: 0 }), PATIENT);
    const ends = (): readonly string[] =>
      logger.lines.filter((line) => line.message.includes('answer')).map((line) => line.level);
    await vi.waitFor(() => expect(ends()).toEqual(['warning', 'info']), PATIENT);
  });

  test('a worker can be stopped and the queue disposed while the server is away', { timeout: TIMEOUT }, async () => {
    const queue = await openQueue(service.target, { name: randomUUID() });
    const started = gate();
    const worker = work(queue, { handle: () => Promise.resolve(started.open()) });
    await queue.add([row()]);
    await started.opened;
    await service.stop();
    try {
      await expect(worker.stop()).resolves.toBeUndefined();
      await expect(queue[Symbol.asyncDispose]()).resolves.toBeUndefined();
    } finally {
      await service.start();
    }
  });

  test('a worker that cannot start says so', { timeout: TIMEOUT }, async () => {
    await using queue = await openQueue(service.target, { name: randomUUID() });
    await service.stop();
    try {
      const worker = work(queue, {});
      await expect(worker.ended).rejects.toMatchObject({ code: 'queue-unavailable', retry: 'safe' });
    } finally {
      await service.start();
    }
  });

  test('an unreachable server is reported with the next step and without the password', {
    timeout: TIMEOUT,
  }, async () => {
    const { target } = service;
    if (target.kind === 'pglite') throw new TypeError('has no server');
    const scheme = target.kind === 'redis' ? 'redis' : 'postgres';
    for (const url of [
      `${scheme}://user:${SECRET}@127.0.0.1:${await freePort()}/0`,
      `${scheme}://user:${SECRET}@host.invalid:1/0`,
      `${scheme}://user:${SECRET}@127.0.0.1:99999/0`,
    ]) {
      const error = await openQueue({ kind: target.kind, url }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(SenditError);
      expect(error).toMatchObject({ code: 'queue-unavailable', retry: 'safe', hint: expect.stringContaining('Check') });
      const cause = error instanceof SenditError ? error.cause : undefined;
      expect(`${String(error)} ${String(cause)}`).not.toMatch(/hunter2/);
    }
  });
}

describeWith(['postgres'], 'on PostgreSQL', () => {
  const servers = new AsyncDisposables();
  afterAll(() => servers.dispose());
  outages(async () => {
    const server = servers.use(await startPostgres());
    return {
      target: { kind: 'postgres', url: server.url },
      stop: () => server.stop('immediate'),
      start: () => server.start(),
    };
  });
});

describeWith(['redis'], 'on Redis', () => {
  const servers = new AsyncDisposables();
  afterAll(() => servers.dispose());
  outages(async () => {
    const server = servers.use(await startRedis());
    return { target: { kind: 'redis', url: server.url }, stop: () => server.stop(), start: () => server.start() };
  });

  test.each([
    ['full', 'CONFIG SET maxmemory 1', 'CONFIG SET maxmemory 0', /OOM/],
    ['a replica', 'REPLICAOF 127.0.0.1 1', 'REPLICAOF NO ONE', /READONLY/],
  ])('one that is %s answers reads, and its probe says that it takes no jobs', async (_, spoil, mend, words) => {
    await using server = await startRedis();
    await using queue = await openQueue({ kind: 'redis', url: server.url }, { name: randomUUID() });
    await queue.probe();
    await server.command(spoil);
    await expect(queue.counts()).resolves.toMatchObject({ waiting: 0 });
    await expect(queue.probe()).rejects.toMatchObject({
      code: 'queue-unavailable',
      message: expect.stringMatching(words),
    });
    await server.command(mend);
    await queue.probe();
  });

  describe('after FLUSHALL', () => {
    let server: RedisServer;
    let queue: ImportQueue;
    beforeAll(async () => {
      server = servers.use(await startRedis());
      queue = servers.use(await openQueue({ kind: 'redis', url: server.url }));
    }, TIMEOUT);

    test('the re-send brings the rows back to a worker that was waiting all the time', {
      timeout: TIMEOUT,
    }, async () => {
      const clock = heldClock();
      const outbox = memoryOutbox(clock);
      const wake = createWake();
      const controller = new AbortController();
      const logger = recordingLogger();
      const relay = runRelay({ outbox, queue, clock, logger, wake, pollMs: 1_000_000 }, controller.signal);
      const [active, waiting] = [row(), row()];
      const started = gate();
      const finish = gate();
      await using _worker = work(queue, {
        handle: async (job) => {
          started.open();
          await finish.opened;
          outbox.delete(job.outboxId);
        },
      });
      outbox.append(active);
      outbox.append(waiting);
      wake.wake();
      await started.opened;
      await vi.waitFor(() => expect(outbox.marked).toHaveLength(2), PATIENT);

      await server.flushAll();
      expect(await queue.counts()).toEqual({ waiting: 0, active: 0, failed: 0 });
      finish.open();
      await vi.waitFor(() => expect(outbox.size).toBe(1), PATIENT);

      clock.advance(60_000);
      wake.wake();
      await vi.waitFor(() => expect(outbox.size).toBe(0), PATIENT);
      controller.abort();
      await relay;
    });
  });
});

/** Things of a suite, ended together in reverse. */
class AsyncDisposables {
  readonly #all: AsyncDisposable[] = [];

  use<T extends AsyncDisposable>(resource: T): T {
    this.#all.unshift(resource);
    return resource;
  }

  async dispose(): Promise<void> {
    for (const each of this.#all) await each[Symbol.asyncDispose]();
  }
}
