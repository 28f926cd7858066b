import { spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SenditError } from '@sendit/model';
import { exited, openTempDir, waitUntil } from '@sendit/testing';
import { expect, test } from 'vitest';
import { isAlive, startDetached, stopProcess } from '../src/index.ts';
import type { StartOptions } from '../src/start-detached.ts';
import { runChild, toChildPath } from './children.ts';

function toOptions(dir: string, temper: string, more: Partial<StartOptions> = {}): StartOptions {
  return {
    modulePath: toChildPath('daemon'),
    args: [temper, join(dir, 'pid')],
    env: process.env,
    cwd: dir,
    outFile: join(dir, 'watcher.out'),
    errFile: join(dir, 'watcher.err'),
    timeoutMs: 20_000,
    ...more,
  };
}

async function readPid(dir: string): Promise<number> {
  return waitUntil('the child’s pid', async () => Number(await readFile(join(dir, 'pid'), 'utf8')));
}

const failureOf = (options: StartOptions): Promise<unknown> =>
  startDetached(options).catch((thrown: unknown) => thrown);

test('a ready child is left running, its lines before that reach the starter, its own output the log file', async () => {
  await using dir = await openTempDir();
  const lines: string[] = [];
  const started = await startDetached(
    toOptions(dir.path, 'ready', { onLine: (line, stream) => lines.push(`${stream}: ${line}`) }),
  );
  try {
    expect(started.info).toEqual({ socketPath: '/run/x.sock' });
    expect(started.pid).toBe(await readPid(dir.path));
    expect(lines).toEqual(['out: DEBUG Adding watch on /data', 'err: WARNING something small']);
    expect(await readFile(join(dir.path, 'watcher.out'), 'utf8')).toBe('printed on stdout\n');
    expect((await stat(join(dir.path, 'watcher.out'))).mode & 0o027).toBe(0);
    expect(await isAlive(started.pid)).toBe(true);
  } finally {
    expect(await stopProcess({ pid: started.pid, startTime: null }, { timeoutMs: 10_000 })).toBe('stopped');
  }
});

test('the daemon leads a session of its own and outlives its starter, which ends by itself', async () => {
  await using dir = await openTempDir();
  await using starter = runChild('starter', toChildPath('daemon'), dir.path);
  const pid = Number(await starter.nextLine());
  await exited(starter.process);
  expect(starter.process.exitCode).toBe(0);
  try {
    expect(await isAlive(pid)).toBe(true);
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
    expect(Number(fields[3])).toBe(pid);
  } finally {
    await stopProcess({ pid, startTime: null }, { timeoutMs: 10_000 });
  }
});

test('the child’s own failure arrives whole: code, retry, hint and problems', async () => {
  await using dir = await openTempDir();
  const error = await failureOf(toOptions(dir.path, 'failing'));
  expect(error).toBeInstanceOf(SenditError);
  expect(error).toMatchObject({
    message: 'no watch',
    code: 'watch-failed',
    retry: 'safe',
    hint: 'Mount it.',
    problems: ['a', 'b'],
  });
  expect(await isAlive(await readPid(dir.path))).toBe(false);
});

test('any other failure of the child is start-failed with its message', async () => {
  await using dir = await openTempDir();
  expect(await failureOf(toOptions(dir.path, 'broken'))).toMatchObject({ code: 'start-failed', message: 'a mistake' });
});

test('a child that dies before it is ready leaves its last words in the error, and not those of earlier runs', async () => {
  await using dir = await openTempDir();
  await failureOf(toOptions(dir.path, 'dying'));
  const error = await failureOf(toOptions(dir.path, 'dying'));
  expect(error).toMatchObject({ code: 'start-failed', message: expect.stringContaining('exit code 1') });
  const problems = error instanceof SenditError ? error.problems : [];
  expect(problems.filter((line) => line === 'one')).toHaveLength(1);
  expect(problems.join('\n')).toContain('the reason');
});

test('a native crash is told by its signal', async () => {
  await using dir = await openTempDir();
  expect(await failureOf(toOptions(dir.path, 'aborting'))).toMatchObject({
    message: expect.stringContaining('SIGABRT'),
  });
});

test('a program that cannot be run is start-failed, not an uncaught error', async () => {
  await using dir = await openTempDir();
  const error = await failureOf(toOptions(dir.path, 'ready', { cwd: join(dir.path, 'missing') }));
  expect(error).toMatchObject({ code: 'start-failed', message: expect.stringContaining('could not be run') });
});

test.each(['silent', 'deaf'])('a %s child is stopped when the time is up', async (temper) => {
  await using dir = await openTempDir();
  const error = await failureOf(toOptions(dir.path, temper, { timeoutMs: 1_000 }));
  expect(error).toMatchObject({ code: 'start-failed', message: expect.stringContaining('1000 ms') });
  expect(await isAlive(await readPid(dir.path))).toBe(false);
});

test('an abort while the log files are opened, before the child runs, stops it too', async () => {
  await using dir = await openTempDir();
  const abort = new AbortController();
  const starting = failureOf(toOptions(dir.path, 'silent', { signal: abort.signal, timeoutMs: 20_000 }));
  abort.abort(new Error('Ctrl-C'));
  expect(await starting).toMatchObject({ message: 'Ctrl-C' });
});

test('an abort during the wait stops the child', async () => {
  await using dir = await openTempDir();
  const abort = new AbortController();
  const starting = failureOf(toOptions(dir.path, 'silent', { signal: abort.signal }));
  const pid = await readPid(dir.path);
  abort.abort(new Error('Ctrl-C'));
  expect(await starting).toMatchObject({ message: 'Ctrl-C' });
  expect(await isAlive(pid)).toBe(false);
});

test('reports are nothing in a process started without a channel', async () => {
  const child = spawn(process.execPath, [toChildPath('daemon'), 'failing'], { stdio: 'ignore' });
  await exited(child);
  expect(child.exitCode).toBe(3);
});

test('the input reaches the child and stands in no command line', async () => {
  await using dir = await openTempDir();
  const input = { databaseUrl: 'postgres://u:geheim@db/x' };
  const { info, pid } = await startDetached(toOptions(dir.path, 'given', { input }));
  try {
    expect(info).toEqual({ input });
    expect(await readFile(`/proc/${pid}/cmdline`, 'utf8')).not.toContain('geheim');
  } finally {
    await stopProcess({ pid, startTime: null }, { timeoutMs: 10_000 });
  }
});
