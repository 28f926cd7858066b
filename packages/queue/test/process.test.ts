import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { describeWith, exited, openTempDir, sharedPostgres, startRedis } from '@sendit/testing';
import { describe, expect, test, vi } from 'vitest';
import { type ImportJob, openQueue, type QueueTarget } from '../src/index.ts';
import { work } from './queue-fixture.ts';

const SCRIPT = fileURLToPath(new URL('./worker-process.mjs', import.meta.url));
const PATIENT = { timeout: 30_000, interval: 20 };
const TIMEOUT = 60_000;
/** Long enough that nothing in a test waits for it to lapse. */
const LONG_LOCK_MS = 600_000;

type ChildTarget = Exclude<QueueTarget, { kind: 'pglite' }> | { readonly kind: 'pglite'; readonly dataDir: string };

interface WorkerProcess {
  readonly child: ChildProcess;
  readonly said: (line: string) => Promise<void>;
}

function startWorkerProcess(options: {
  target: ChildTarget;
  name: string;
  lockMs: number;
  mode: 'hang' | 'tidy';
}): WorkerProcess {
  const child = spawn(process.execPath, [SCRIPT, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  return { child, said: (line) => vi.waitFor(() => expect(lines).toContain(line), PATIENT) };
}

async function killInTheMiddle(options: { target: ChildTarget; name: string; lockMs: number }): Promise<void> {
  const { child, said } = startWorkerProcess({ ...options, mode: 'hang' });
  try {
    await said('started added-by-child');
  } finally {
    child.kill('SIGKILL');
    await exited(child);
  }
}

async function expectItRunsAgain(target: QueueTarget, options: { name: string; lockMs: number }): Promise<void> {
  await using queue = await openQueue(target, options);
  const handled: ImportJob[] = [];
  await using _worker = work(queue, {
    handle: async (job) => {
      handled.push(job);
    },
  });
  await vi.waitFor(() => expect(handled).toHaveLength(1), PATIENT);
  expect(handled[0]).toMatchObject({ outboxId: 'added-by-child', batchId: 'batch', attempt: 1 });
}

async function expectExit(target: ChildTarget): Promise<void> {
  const { child, said } = startWorkerProcess({ target, name: randomUUID(), lockMs: LONG_LOCK_MS, mode: 'tidy' });
  try {
    await said('disposed');
    await vi.waitFor(() => expect(child.exitCode).toBe(0), PATIENT);
  } finally {
    child.kill('SIGKILL');
  }
}

describe('a worker process', () => {
  test('on PGlite its job runs again after kill -9 as soon as the next process opens the database', {
    timeout: TIMEOUT,
  }, async () => {
    await using directory = await openTempDir();
    const dataDir = join(directory.path, 'db');
    const options = { name: randomUUID(), lockMs: LONG_LOCK_MS };
    await killInTheMiddle({ ...options, target: { kind: 'pglite', dataDir } });
    const pglite = await PGlite.create(dataDir);
    try {
      await expectItRunsAgain({ kind: 'pglite', pglite }, options);
    } finally {
      await pglite.close();
    }
  });

  test('on PGlite a second queue of the same process leaves the active jobs of the first alone', {
    timeout: TIMEOUT,
  }, async () => {
    const pglite = await PGlite.create();
    try {
      const target: QueueTarget = { kind: 'pglite', pglite };
      await using first = await openQueue(target);
      await using worker = work(first, { handle: (_job, signal) => once(signal), drainMs: 1 });
      await first.add([{ id: 'a', kind: 'import-dicomdir', batchId: 'b' }]);
      await vi.waitFor(async () => expect(await first.counts()).toMatchObject({ active: 1 }), PATIENT);
      await using second = await openQueue(target);
      expect(await second.counts()).toEqual({ waiting: 0, active: 1, failed: 0 });
      await worker.stop();
    } finally {
      await pglite.close();
    }
  });

  test('a job under which too many of them died is exhausted without being run again', {
    timeout: TIMEOUT,
  }, async () => {
    const pglite = await PGlite.create();
    try {
      await using queue = await openQueue({ kind: 'pglite', pglite });
      await queue.add([{ id: 'deadly', kind: 'import-dicomdir', batchId: 'b' }]);
      await pglite.query(`update bullmq.job set stalled_count = 11 where id = 'deadly'`);
      const exhausted: string[] = [];
      const handled: string[] = [];
      await using _worker = work(queue, {
        handle: async (job) => void handled.push(job.outboxId),
        exhausted: async (job) => void exhausted.push(job.outboxId),
      });
      await vi.waitFor(async () => expect(await queue.counts()).toMatchObject({ failed: 1 }), PATIENT);
      expect({ exhausted, handled }).toEqual({ exhausted: ['deadly'], handled: [] });
    } finally {
      await pglite.close();
    }
  });

  test('on PGlite it exits by itself once the queue is disposed', { timeout: TIMEOUT }, async () => {
    await using directory = await openTempDir();
    await expectExit({ kind: 'pglite', dataDir: join(directory.path, 'db') });
  });
});

describeWith(['postgres'], 'a worker process on PostgreSQL', () => {
  test('has its job run again elsewhere after kill -9, and exits by itself after dispose', {
    timeout: TIMEOUT,
  }, async () => {
    await using server = await sharedPostgres();
    const target = { kind: 'postgres', url: await server.createDatabase() } as const;
    const options = { name: randomUUID(), lockMs: 1_000 };
    await killInTheMiddle({ ...options, target });
    await expectItRunsAgain(target, options);
    await expectExit(target);
  });
});

describeWith(['redis'], 'a worker process on Redis', () => {
  test('has its job run again elsewhere after kill -9, and exits by itself after dispose', {
    timeout: TIMEOUT,
  }, async () => {
    await using server = await startRedis();
    const target = { kind: 'redis', url: server.url } as const;
    const options = { name: randomUUID(), lockMs: 1_000 };
    await killInTheMiddle({ ...options, target });
    await expectItRunsAgain(target, options);
    await expectExit(target);
  });
});

/** Rejects when the signal aborts. */
function once(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('interrupted')));
  });
}
