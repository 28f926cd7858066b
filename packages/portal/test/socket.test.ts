import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { SenditError, silentLogger } from '@sendit/model';
import { aBatch, createFakeApi, openTempDir } from '@sendit/testing';
import { describe, expect, test } from 'vitest';
import { connectApi, createPortal, serveSocket } from '../src/index.ts';

function open() {
  const api = createFakeApi(aBatch('2', { status: 'ERROR', reason: 'No.' }), aBatch('1', { name: 'Müller^Anna/ü' }));
  return { api, app: createPortal(api, { access: 'full', logger: silentLogger }) };
}

/** Leaves a socket file behind that nobody listens on, as kill -9 does. */
async function leaveStaleSocket(socketPath: string): Promise<void> {
  const script = `require('net').createServer().listen(${JSON.stringify(socketPath)}, () => process.kill(process.pid, 'SIGKILL'))`;
  await once(spawn(process.execPath, ['-e', script]), 'exit');
  expect((await stat(socketPath)).isSocket()).toBe(true);
}

describe('the API on a unix socket', () => {
  test('gives a client the same answers as the installation itself', async () => {
    await using dir = await openTempDir();
    const { api, app } = open();
    const socketPath = join(dir.path, 's');
    await using served = await serveSocket(app, { socketPath, logger: silentLogger });
    expect(served.url).toBe(`unix:${socketPath}`);
    const client = connectApi(socketPath);
    expect(await client.ping()).toBe(true);
    expect(await client.status()).toEqual(await api.status());
    expect(await client.listBatches({ status: ['ERROR'], limit: 5 })).toEqual(
      await api.listBatches({ status: ['ERROR'] }),
    );
    expect((await client.listBatches({})).results).toHaveLength(2);
    expect(await client.showBatch({ ref: 'Müller^Anna/ü' })).toEqual(api.batches[1]);
    expect(await client.showBatch({ ref: '/data/incoming/Müller^Anna/ü' })).toMatchObject({ id: '1' });
    expect(await client.showBatch({ ref: 'none' })).toBeUndefined();
    expect(await client.retryBatch({ id: '2' })).toEqual({ kind: 'queued', batchId: '2' });
    expect(await client.retryBatch({ id: '2', by: 'alice' })).toEqual({ kind: 'queued', batchId: '2' });
    expect(api.calls.retryBatch).toEqual(['2', '2 by alice']);
    expect(await client.retryBatch({ id: '1' })).toEqual({ kind: 'refused', status: 'DONE' });
    expect(await client.retryBatch({ id: '9' })).toEqual({ kind: 'not-found' });
    const query = {
      statuses: ['ERROR'],
      root: 'incoming',
      since: undefined,
      after: '1',
      limit: 2,
      dryRun: true,
      by: 'alice',
    } as const;
    expect(await client.retryBatches(query)).toEqual({ batchIds: ['2'], next: null });
    expect(api.calls.retryBatches).toEqual([
      { statuses: ['ERROR'], root: 'incoming', after: '1', limit: 2, dryRun: true, by: 'alice' },
    ]);
    const decision = { ref: '2', decision: 'hold', by: 'alice', reason: 'Wait.' } as const;
    expect(await client.decide(decision)).toMatchObject({ batchId: '2', by: 'alice', to: 'HELD', reason: 'Wait.' });
    await expect(client.decide({ ...decision, ref: '1' })).rejects.toMatchObject({
      code: 'refused',
      hint: 'Leave it.',
    });
    await expect(client.decide({ ...decision, ref: 'none' })).rejects.toMatchObject({ code: 'not-found' });
    const accepted = { ref: 'incoming', by: 'alice', reason: 'Moved.' };
    expect(await client.acceptMount(accepted)).toMatchObject({ root: 'incoming', by: 'alice', to: 'ACCEPTED' });
    expect((await client.listAudit({ ref: '/data/incoming/Müller^Anna/ü', limit: 5 })).results).toEqual(
      api.batches[1]?.auditList,
    );
  });

  test('brings an error of the installation back with its code, hint and problems', async () => {
    await using dir = await openTempDir();
    const { api, app } = open();
    const socketPath = join(dir.path, 's');
    await using _served = await serveSocket(app, { socketPath, logger: silentLogger });
    api.failure = new SenditError('No.', { code: 'queue-unavailable', retry: 'safe', hint: 'Wait.', problems: ['a'] });
    const client = connectApi(socketPath);
    const expected = { code: 'queue-unavailable', retry: 'safe', hint: 'Wait.', problems: ['a'], message: 'No.' };
    for (const call of [
      client.status(),
      client.listBatches({}),
      client.showBatch({ ref: 'x' }),
      client.retryBatch({ id: '7' }),
    ]) {
      await expect(call).rejects.toMatchObject(expected);
    }
    await expect(client.listBatches({ limit: 0 })).rejects.toMatchObject({ code: 'bad-arguments' });
  });

  test('is reachable by its owner alone, in a directory made for it', async () => {
    await using dir = await openTempDir();
    const socketPath = join(dir.path, 'state', 'deep', 's');
    const umask = process.umask();
    await using _served = await serveSocket(open().app, { socketPath, logger: silentLogger });
    expect(((await stat(socketPath)).mode & 0o777).toString(8)).toBe('600');
    expect(((await stat(join(dir.path, 'state', 'deep'))).mode & 0o777).toString(8)).toBe('700');
    expect(process.umask()).toBe(umask);
  });

  test('leaves the mode of a directory that was there alone', async () => {
    await using dir = await openTempDir();
    await mkdir(join(dir.path, 'open'), { mode: 0o755 });
    await using _served = await serveSocket(open().app, {
      socketPath: join(dir.path, 'open', 's'),
      logger: silentLogger,
    });
    expect(((await stat(join(dir.path, 'open'))).mode & 0o777).toString(8)).toBe('755');
  });

  test('replaces what a killed process left behind', async () => {
    await using dir = await openTempDir();
    const socketPath = join(dir.path, 's');
    await leaveStaleSocket(socketPath);
    await expect(connectApi(socketPath).status()).rejects.toMatchObject({ code: 'not-running' });
    await using _served = await serveSocket(open().app, { socketPath, logger: silentLogger });
    expect(await connectApi(socketPath).ping()).toBe(true);
  });

  test('does not take the socket of a process that lives', async () => {
    await using dir = await openTempDir();
    const socketPath = join(dir.path, 's');
    await using _first = await serveSocket(open().app, { socketPath, logger: silentLogger });
    await expect(serveSocket(open().app, { socketPath, logger: silentLogger })).rejects.toMatchObject({
      code: 'already-running',
    });
    expect(await connectApi(socketPath).ping()).toBe(true);
  });

  test('does not remove a file that is not a socket', async () => {
    await using dir = await openTempDir();
    const socketPath = join(dir.path, 's');
    await writeFile(socketPath, 'precious');
    await expect(serveSocket(open().app, { socketPath, logger: silentLogger })).rejects.toMatchObject({
      code: 'start-failed',
    });
    expect(await readFile(socketPath, 'utf8')).toBe('precious');
  });

  test('refuses a path that the kernel would cut', async () => {
    await using dir = await openTempDir();
    const socketPath = join(dir.path, 'x'.repeat(120));
    await expect(serveSocket(open().app, { socketPath, logger: silentLogger })).rejects.toMatchObject({
      code: 'start-failed',
      message: expect.stringContaining('107'),
    });
  });

  test('is gone after disposal, and a client then says how to start', async () => {
    await using dir = await openTempDir();
    const socketPath = join(dir.path, 's');
    const served = await serveSocket(open().app, { socketPath, logger: silentLogger });
    await served[Symbol.asyncDispose]();
    await expect(stat(socketPath)).rejects.toMatchObject({ code: 'ENOENT' });
    const client = connectApi(socketPath);
    expect(await client.ping()).toBe(false);
    await expect(client.showBatch({ ref: '1' })).rejects.toMatchObject({
      code: 'not-running',
      hint: expect.stringContaining('sendit watcher start'),
    });
  });

  test('a server that accepts and never answers is an error in time, not a hang', async () => {
    await using dir = await openTempDir();
    const socketPath = join(dir.path, 's');
    const mute = createServer((socket) => socket.resume());
    mute.listen(socketPath);
    await once(mute, 'listening');
    await expect(connectApi(socketPath, { timeoutMs: 50 }).status()).rejects.toMatchObject({
      code: 'internal',
      retry: 'safe',
    });
    mute.close();
    await once(mute, 'close');
  });

  test('answers a POST without a body, or with one of unknown length, with what it expects', async () => {
    await using dir = await openTempDir();
    const { api, app } = open();
    const socketPath = join(dir.path, 's');
    await using _served = await serveSocket(app, { socketPath, logger: silentLogger });
    const json = 'Content-Type: application/json\r\n';
    for (const path of ['/api/batches/lookup', '/api/batches/retry', '/api/actions/retry', '/api/decisions']) {
      for (const rest of ['\r\n', `${json}\r\n`, `${json}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`]) {
        const said = await talk(socketPath, `POST ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${rest}`);
        expect(said).toMatch(/^HTTP\/1\.1 400 /);
      }
    }
    expect(api.calls.retryBatches).toEqual([]);
  });
});

/** One raw request; all that comes back. */
async function talk(socketPath: string, request: string): Promise<string> {
  const socket = connect(socketPath);
  socket.write(request);
  let said = '';
  for await (const chunk of socket) said += String(chunk);
  return said;
}
