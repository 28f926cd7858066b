import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '@sendit/model';
import { silentLogger } from '@sendit/model';
import { exited, openTempDir, waitUntil } from '@sendit/testing';
import { expect, test } from 'vitest';
import { claimPidFile, isAlive, readPidFile } from '../src/index.ts';
import { readStartTime } from '../src/process-identity.ts';
import { toRecordFile } from '../src/pid-file.ts';
import { runChild } from './children.ts';

async function writePidFile(dir: string, pid: number | string, record?: object): Promise<string> {
  const pidFile = join(dir, 'watcher.pid');
  await writeFile(pidFile, `${pid}\n`);
  if (record !== undefined) await writeFile(toRecordFile(pidFile), JSON.stringify(record));
  return pidFile;
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await exited(child);
  if (child.pid === undefined) throw new Error('node did not start');
  return child.pid;
}

test('a claimed pid file holds the number and a newline, its record lies beside it, and both go with the owner', async () => {
  await using dir = await openTempDir();
  const pidFile = join(dir.path, 'watcher.pid');
  {
    await using held = await claimPidFile(pidFile, { socketPath: '/run/x.sock', version: '1' });
    expect(await readFile(pidFile, 'utf8')).toBe(`${process.pid}\n`);
    expect(JSON.parse(await readFile(join(dir.path, 'watcher.json'), 'utf8'))).toEqual({
      pid: process.pid,
      startTime: await readStartTime(process.pid),
      startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      socketPath: '/run/x.sock',
      version: '1',
      owned: false,
      host: hostname(),
    });
    expect(held.replaced).toBeNull();
    expect(await readPidFile(pidFile)).toEqual({ kind: 'running', pid: process.pid, record: held.record, doubt: null });
  }
  expect(await readdir(dir.path)).toEqual([]);
});

test('with its lock in hand a pid file is stale although its process is alive, unless that one claimed it without a lock', async () => {
  await using dir = await openTempDir();
  const pidFile = join(dir.path, 'watcher.pid');
  await using _first = await claimPidFile(pidFile, { socketPath: null }, { owned: true });
  await expect(claimPidFile(pidFile, { socketPath: null })).rejects.toMatchObject({ code: 'already-running' });
  await using second = await claimPidFile(pidFile, { socketPath: null }, { owned: true });
  expect(second.replaced).toMatchObject({ kind: 'stale', pid: process.pid });
  await second.update({ socketPath: '/run/x.sock' });
  await using old = await openTempDir();
  await using _unlocked = await claimPidFile(join(old.path, 'watcher.pid'), { socketPath: null });
  await expect(
    claimPidFile(join(old.path, 'watcher.pid'), { socketPath: null }, { owned: true }),
  ).rejects.toMatchObject({
    code: 'already-running',
  });
});

test('update adds to the record and keeps the identity', async () => {
  await using dir = await openTempDir();
  const pidFile = join(dir.path, 'watcher.pid');
  await using held = await claimPidFile(pidFile, { socketPath: null });
  await held.update({ socketPath: '/s', portalUrl: 'http://localhost:1' });
  expect(await readPidFile(pidFile)).toMatchObject({
    kind: 'running',
    record: { pid: process.pid, socketPath: '/s', portalUrl: 'http://localhost:1' },
  });
});

test('there is no pid file before the first start, nor below a regular file', async () => {
  await using dir = await openTempDir();
  await writeFile(join(dir.path, 'file'), '');
  expect(await readPidFile(join(dir.path, 'watcher.pid'))).toEqual({ kind: 'none' });
  expect(await readPidFile(join(dir.path, 'file', 'watcher.pid'))).toEqual({ kind: 'none' });
});

test('the file of a process that ended is stale, and the next start replaces it with a warning', async () => {
  await using dir = await openTempDir();
  const pid = await deadPid();
  const pidFile = await writePidFile(dir.path, pid, { pid, startTime: 'x:1', startedAt: '', socketPath: null });
  expect(await readPidFile(pidFile)).toEqual({ kind: 'stale', pid, reason: `process ${pid} has ended` });

  const warnings: string[] = [];
  const logger: Logger = { ...silentLogger, warning: (message) => warnings.push(message) };
  await using held = await claimPidFile(pidFile, { socketPath: null }, { logger });
  expect(held.replaced).toMatchObject({ kind: 'stale', pid });
  expect(warnings).toEqual([`Removed the stale pid file ${pidFile}: process ${pid} has ended`]);
  expect(await readFile(pidFile, 'utf8')).toBe(`${process.pid}\n`);
});

test('a live program that merely got the number again makes the file stale', async () => {
  await using dir = await openTempDir();
  await using other = runChild('sleeper');
  const pidFile = await writePidFile(dir.path, other.pid, {
    pid: other.pid,
    startTime: 'another-boot:1',
    startedAt: '',
    socketPath: null,
  });
  expect(await readPidFile(pidFile)).toMatchObject({ kind: 'stale', pid: other.pid });
  await using _held = await claimPidFile(pidFile, { socketPath: null });
  expect(await isAlive(other.pid)).toBe(true);
});

test('a live process without a record is another program: left alone, and its pid file is stale', async () => {
  await using dir = await openTempDir();
  await using other = runChild('sleeper');
  const pidFile = await writePidFile(dir.path, other.pid);
  const state = await readPidFile(pidFile);
  expect(state).toMatchObject({ kind: 'stale', pid: other.pid });
  expect(state.kind === 'stale' && state.reason).toContain('watcher.json cannot be read');

  await using held = await claimPidFile(pidFile, { socketPath: null });
  expect(held.replaced).toMatchObject({ pid: other.pid });
  expect(await isAlive(other.pid)).toBe(true);
});

test('a record of another process is not believed', async () => {
  await using dir = await openTempDir();
  await using other = runChild('sleeper');
  const pidFile = await writePidFile(dir.path, other.pid, {
    pid: 1,
    startTime: 'x:1',
    startedAt: '',
    socketPath: null,
  });
  expect(await readPidFile(pidFile)).toMatchObject({
    kind: 'stale',
    pid: other.pid,
    reason: expect.stringContaining('is about process 1'),
  });
});

test.each(['', 'garbage', '-1', '0', '12 34', '99999999999', '1e3'])(
  'content %j is stale with a reason',
  async (content) => {
    await using dir = await openTempDir();
    const pidFile = await writePidFile(dir.path, content);
    expect(await readPidFile(pidFile)).toEqual({
      kind: 'stale',
      pid: undefined,
      reason: expect.stringContaining('a decimal number was expected'),
    });
  },
);

test('a zombie is dead', async () => {
  await using dir = await openTempDir();
  // A shell that starts a child and then becomes a program that never reaps it; the child ends with our end of the pipe.
  const parent = spawn('sh', ['-c', 'exec 3<&0; cat <&3 >/dev/null & echo $!; exec sleep 60'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const pid = Number(String(await new Promise((resolve) => parent.stdout.once('data', resolve))).trim());
    await waitUntil('the new program', async () => (await readFile(`/proc/${parent.pid}/comm`, 'utf8')) === 'sleep\n');
    parent.stdin.end();
    await waitUntil('the zombie', async () => (await readFile(`/proc/${pid}/stat`, 'utf8')).includes(') Z '));
    expect(() => process.kill(pid, 0)).not.toThrow();
    expect(await isAlive(pid)).toBe(false);
    expect(await readPidFile(await writePidFile(dir.path, pid))).toMatchObject({ kind: 'stale', pid });
  } finally {
    parent.kill('SIGKILL');
    await exited(parent);
  }
});

test('a pid file of this very number without a record is a predecessor of an earlier container run', async () => {
  await using dir = await openTempDir();
  const pidFile = await writePidFile(dir.path, process.pid);
  await using held = await claimPidFile(pidFile, { socketPath: null });
  expect(held.replaced).toMatchObject({ pid: process.pid });
  await expect(claimPidFile(pidFile, { socketPath: null })).rejects.toMatchObject({ code: 'already-running' });
});

test('disposing leaves a pid file alone that is no longer ours', async () => {
  await using dir = await openTempDir();
  const pidFile = join(dir.path, 'watcher.pid');
  const held = await claimPidFile(pidFile, { socketPath: null });
  await writeFile(pidFile, '1\n');
  await held[Symbol.asyncDispose]();
  expect(await readFile(pidFile, 'utf8')).toBe('1\n');
  await held[Symbol.asyncDispose]();
});

test.each([false, true])('of six starters racing exactly one wins (over a stale file: %s)', async (stale) => {
  await using dir = await openTempDir();
  const pidFile = join(dir.path, 'watcher.pid');
  await using starters = disposeAll(Array.from({ length: 6 }, () => runChild('claimer', pidFile)));
  await Promise.all(starters.list.map((starter) => starter.nextLine()));
  if (stale) {
    const pid = await deadPid();
    await writePidFile(dir.path, pid, { pid, startTime: 'x:1', startedAt: '', socketPath: null });
    // A starter killed in the middle of its claim has left its lock, too.
    await writeFile(`${pidFile}.claim`, `${pid} x:1\n`);
  }
  for (const starter of starters.list) starter.say('go');
  const outcomes = await Promise.all(starters.list.map((starter) => starter.nextLine()));
  expect(outcomes.filter((outcome) => outcome === 'won')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'already-running')).toHaveLength(5);
  const winner = starters.list[outcomes.indexOf('won')];
  expect(await readFile(pidFile, 'utf8')).toBe(`${winner?.pid}\n`);
  winner?.process.stdin?.end();
  await waitUntil('a clean folder', async () => (await readdir(dir.path)).length === 0);
});

test('the pid file can be read by everybody, as a service manager needs', async () => {
  await using dir = await openTempDir();
  await using held = await claimPidFile(join(dir.path, 'watcher.pid'), { socketPath: null });
  expect((await stat(held.path)).mode & 0o444).toBe(0o444);
});

function disposeAll<T extends AsyncDisposable>(list: readonly T[]): { list: readonly T[] } & AsyncDisposable {
  return {
    list,
    async [Symbol.asyncDispose]() {
      await Promise.all(list.map((one) => one[Symbol.asyncDispose]()));
    },
  };
}
