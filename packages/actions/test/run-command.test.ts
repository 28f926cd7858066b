import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTempDir, waitUntil } from '@sendit/testing';
import { expect, test } from 'vitest';
import type { ExecAction, ManifestFile } from '@sendit/model';
import { toPathList } from '../src/path-list.ts';
import { toNotice } from '../src/notice.ts';
import { runCommand } from '../src/run-command.ts';
import { attemptOf, inParts, KEY } from './fixtures.ts';

const NEVER = new AbortController().signal;
const notice = toNotice(attemptOf('/data/L1'), { withPath: true });

function script(cwd: string, code: string, changes: Partial<ExecAction> = {}): ExecAction {
  const command = [process.execPath, '-e', code];
  return {
    kind: 'exec',
    name: 'run',
    command,
    cwd,
    environment: {},
    timeoutMs: 60_000,
    files: 'auto',
    keepOutput: false,
    attempts: 1,
    backoffMs: 0,
    ...changes,
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a command gets the notice on its standard input, and no more environment than is configured', async () => {
  await using at = await openTempDir();
  const code = `const fs = require('fs'); fs.writeFileSync('got.json', JSON.stringify({ in: fs.readFileSync(0, 'utf8'), env: process.env }))`;
  expect(await runCommand(script(at.path, code, { environment: { MINE: '1' } }), { notice }, NEVER)).toEqual({
    kind: 'done',
    code: 0,
  });
  const got = JSON.parse(await readFile(join(at.path, 'got.json'), 'utf8'));
  expect(JSON.parse(got.in)).toEqual(notice);
  expect(notice.batch.path).toBe('/data/L1');
  expect(got.env).toEqual({
    MINE: '1',
    SENDIT_ACTION: 'hand-on',
    SENDIT_BATCH: '7',
    SENDIT_BATCH_ID: '7',
    SENDIT_PATH: '/data/L1',
    SENDIT_ROOT: 'data',
    SENDIT_IDEMPOTENCY_KEY: KEY,
  });
});

test('a command gets the absolute paths of the sealed files after the notice, byte by byte', async () => {
  await using at = await openTempDir();
  const raw = Buffer.from([0x64, 0xff, 0x0a]);
  const files = [
    { path: 'L1/a b.dcm', bytes: 1, mtimeNs: 0n, inode: 0n },
    { path: 'd\uFFFD\n', rawPath: raw, bytes: 1, mtimeNs: 0n, inode: 0n },
  ];
  const many = Array.from({ length: 50_000 }, (_, index) => ({ ...files[0], path: `L2/${index}` }) as ManifestFile);
  const code = `const fs = require('fs'); fs.writeFileSync('got', fs.readFileSync(0))`;
  const list = toPathList('/data', inParts([...files, ...many]));
  expect(await runCommand(script(at.path, code), { notice, list }, NEVER)).toEqual({ kind: 'done', code: 0 });
  const got = await readFile(join(at.path, 'got'), 'latin1');
  const end = got.indexOf('\n');
  expect(JSON.parse(got.slice(0, end))).toEqual(notice);
  const paths = got.slice(end + 1).split('\0');
  expect(paths.slice(0, 2)).toEqual(['/data/L1/a b.dcm', `/data/${raw.toString('latin1')}`]);
  expect([paths.length, paths.at(-1)]).toEqual([50_003, '']);
});

test('a command that does not read its list ends as it likes', async () => {
  await using at = await openTempDir();
  const many = Array.from({ length: 50_000 }, (_, index) => ({ path: `${index}` }) as ManifestFile);
  const list = toPathList('/data', inParts(many));
  expect(await runCommand(script(at.path, ''), { notice, list }, NEVER)).toEqual({ kind: 'done', code: 0 });
});

test('a command whose list cannot be read to its end is ended, and never sees the end of its input', async () => {
  await using at = await openTempDir();
  const list = (async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('/data/a\0');
    throw new Error('the database is away');
  })();
  const code = `process.stdin.on('end', () => require('fs').writeFileSync('whole', '')).resume(); setInterval(() => undefined, 1e6)`;
  await expect(runCommand(script(at.path, code), { notice, list }, NEVER)).rejects.toThrow('the database is away');
  expect(await readdir(at.path)).toEqual([]);
});

test('arguments are not read by a shell', async () => {
  await using at = await openTempDir();
  const dangerous = '$(touch x); `touch y` && z > "w"';
  const action = script(at.path, '', {
    command: [process.execPath, '-e', `require('fs').writeFileSync('args', process.argv[1])`, dangerous],
  });
  expect(await runCommand(action, { notice }, NEVER)).toMatchObject({ kind: 'done' });
  expect(await readFile(join(at.path, 'args'), 'utf8')).toBe(dangerous);
});

test.each([
  ['process.exit(3)', { code: 3, reason: 'exit code 3' }],
  [`process.kill(process.pid, 'SIGKILL')`, { code: null, reason: 'ended by SIGKILL' }],
  [`console.error('Doe^Jane'); process.exit(1)`, { code: 1, reason: 'exit code 1' }],
])('%s may be tried again', async (code, expected) => {
  await using at = await openTempDir();
  expect(await runCommand(script(at.path, code), { notice }, NEVER)).toEqual({
    kind: 'failed',
    again: 'later',
    ...expected,
  });
});

test('the end of the output is kept only where that is asked for, and bounded', async () => {
  await using at = await openTempDir();
  const code = `process.stderr.write('x'.repeat(1_000_000) + 'the end', () => process.exit(1))`;
  const outcome = await runCommand(script(at.path, code, { keepOutput: true }), { notice }, NEVER);
  if (outcome.kind !== 'failed') throw new Error('expected a failure');
  expect(outcome.reason).toMatch(/^exit code 1: x+the end$/);
  expect(outcome.reason.length).toBeLessThan(2_100);
});

test('a command that is not there may be tried again: it may be on its way', async () => {
  await using at = await openTempDir();
  const outcome = await runCommand(script(at.path, '', { command: ['/nowhere/command'] }), { notice }, NEVER);
  expect(outcome).toMatchObject({ again: 'later', reason: 'the command cannot be started (ENOENT)' });
});

test('at its timeout, and when the process must go, a command is ended with all that it started', async () => {
  const stubborn = `
    process.on('SIGTERM', () => undefined);
    const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1e6)'], { stdio: 'ignore' });
    require('fs').writeFileSync('pids.tmp', JSON.stringify([process.pid, child.pid]));
    require('fs').renameSync('pids.tmp', 'pids');
    setInterval(() => undefined, 1e6);`;
  await using at = await openTempDir();
  const stop = new AbortController();
  const running = runCommand(script(at.path, stubborn), { notice }, stop.signal);
  // Its rejection must have a listener while the test waits for something else.
  const ended = running.then(
    () => 'went on',
    (error: Error) => error.message,
  );
  const pids: number[] = JSON.parse(
    await waitUntil('the command to run', () => readFile(join(at.path, 'pids'), 'utf8').catch(() => undefined)),
  );
  stop.abort(new Error('drained'));
  expect(await ended).toBe('drained');
  await waitUntil('its processes to be gone', () => pids.every((pid) => !isAlive(pid)));
  const late = await runCommand(
    script(at.path, 'setInterval(() => undefined, 1e6)', { timeoutMs: 300 }),
    { notice },
    NEVER,
  );
  expect(late).toMatchObject({ again: 'later', reason: 'no end within 300 ms' });
});
