import { randomUUID } from 'node:crypto';
import {
  describeWith,
  makeAuthority,
  openTempDir,
  startPostgres,
  startRedis,
  type TempDir,
  type TestAuthority,
} from '@sendit/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openQueue } from '../src/index.ts';
import { row, work } from './queue-fixture.ts';

describeWith(['postgres', 'redis'], 'a queue over encrypted connections', () => {
  let temp: TempDir;
  let authority: TestAuthority;
  let strangeRoot: string;
  beforeAll(async () => {
    temp = await openTempDir();
    authority = await makeAuthority(temp.path, 'IP:127.0.0.1');
    strangeRoot = (await makeAuthority((await openTempDir(temp.path)).path, 'IP:127.0.0.1')).root;
  });
  afterAll(() => temp[Symbol.asyncDispose]());

  test.each([
    ['redis' as const, () => startRedis({ tls: authority.server })],
    ['postgres' as const, () => startPostgres({ tls: authority.server })],
  ])('%s carries jobs, and is refused with another authority', async (kind, start) => {
    await using server = await start();
    const url = (root: string): string => `${server.url}?sslmode=verify-full&sslrootcert=${root}`;
    await using queue = await openQueue({ kind, url: url(authority.root) }, { name: randomUUID() });
    const handled: string[] = [];
    await using _worker = work(queue, {
      concurrency: 1,
      handle: (job) => Promise.resolve(void handled.push(job.outboxId)),
    });
    const sent = row();
    await queue.add([sent]);
    await vi.waitFor(() => expect(handled).toEqual([sent.id]), { timeout: 30_000, interval: 20 });
    await expect(openQueue({ kind, url: url(strangeRoot) })).rejects.toMatchObject({ code: 'queue-unavailable' });
  });
});
