import { mkdir, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Action, SenditError, silentLogger } from '@sendit/model';
import { openTempDir } from '@sendit/testing';
import { expect, test, vi } from 'vitest';
import { attemptOf } from '../test/fixtures.ts';
import { writeListFile } from './list-file.ts';
import { toNotice } from './notice.ts';
import { type ActionStore, giveUpAction, runAction } from './run-action.ts';
import { toArguments } from './to-arguments.ts';

const JOB = { batchId: '7', outboxId: 'o' };
const NEVER = new AbortController().signal;
const away: Action = { kind: 'move', name: 'hand-on', to: '/nowhere/at/all', attempts: 3, backoffMs: 1_000 };

function storeOf(attempt: number | undefined): ActionStore & { readonly calls: unknown[] } {
  const calls: unknown[] = [];
  return {
    calls,
    begin: async () =>
      attempt === undefined
        ? { kind: 'settled' }
        : { kind: 'action', attempt: { ...attemptOf('/data/L1'), kind: 'move', attempt } },
    progress: async () => undefined,
    placed: async () => (calls.push(['placed']), true),
    done: async (_, end) => (calls.push(['done', end]), 'done'),
    postpone: async (_, end) => void calls.push(['postpone', end]),
    fail: async (_, end) => (calls.push(['fail', end]), 'failed'),
    release: async () => void calls.push(['release']),
  };
}

async function run(attempt: number | undefined, actions: readonly Action[], isInPlace?: () => Promise<boolean>) {
  const store = storeOf(attempt);
  const readFiles = async function* () {};
  const deps = { store, actions, folder: '/data', readFiles, isInPlace, logger: silentLogger, random: () => 0 };
  await runAction(JOB, deps, NEVER);
  return store.calls;
}

test('a failed attempt is postponed, each for twice as long, until there are no more', async () => {
  expect(await run(1, [away])).toMatchObject([['postpone', { afterMs: 1_000 }]]);
  expect(await run(2, [away])).toMatchObject([['postpone', { afterMs: 2_000 }]]);
  expect(await run(3, [away])).toMatchObject([['fail', { code: null }]]);
  expect(await run(60, [{ ...away, attempts: 100 }])).toMatchObject([['postpone', { afterMs: 3_600_000 }]]);
});

test('while the watch path is away no attempt is made, and one that failed then does not count', async () => {
  const putOff = [['release'], ['postpone', { reason: /watch path is away/, afterMs: 10_000 }]];
  expect(await run(3, [away], async () => false)).toMatchObject(putOff);
  const looks = [true, false];
  expect(await run(3, [away], async () => looks.shift() ?? true)).toMatchObject(putOff);
  expect(await run(3, [away], async () => true)).toMatchObject([['fail', { code: null }]]);
});

test('a move that saw no originals while the watch path was away is not done', async () => {
  await using place = await openTempDir();
  const store = storeOf(1);
  const begin = async () => {
    const attempt = { ...attemptOf(join(place.path, 'watched/L1')), kind: 'move' as const, isPlaced: true };
    return { kind: 'action' as const, attempt };
  };
  const readFiles = async function* () {
    yield [{ path: 'a', bytes: 1, mtimeNs: 0n, inode: 0n }];
  };
  const looks = [true, false];
  await mkdir(join(place.path, 'watched'));
  await mkdir(join(place.path, 'target'));
  const deps = {
    store: { ...store, begin },
    actions: [{ ...away, to: join(place.path, 'target') }],
    folder: join(place.path, 'watched'),
    readFiles,
    isInPlace: async () => looks.shift() ?? true,
    logger: silentLogger,
  };
  await runAction(JOB, deps, NEVER);
  expect(store.calls).toMatchObject([['release'], ['postpone', {}]]);
  await runAction(JOB, deps, NEVER);
  expect(store.calls.at(-1)).toMatchObject(['done', {}]);
});

test('what another run has done is left alone', async () => {
  expect(await run(undefined, [away])).toEqual([]);
});

test('a step that its worker does not know is tried again, since another worker may, and fails in the end', async () => {
  const unknown = async (attempt: number) => {
    const store = storeOf(attempt);
    const begin = async () => ({
      kind: 'action' as const,
      attempt: { ...attemptOf('/data/L1'), kind: 'step' as const, attempt },
    });
    const readFiles = async function* () {};
    const deps = { store: { ...store, begin }, actions: [], readFiles, logger: silentLogger, random: () => 0 };
    await runAction(JOB, deps, NEVER);
    return store.calls;
  };
  expect(await unknown(1)).toMatchObject([['postpone', { reason: /no such step/, afterMs: 1_000 }]]);
  expect(await unknown(10)).toMatchObject([['fail', { reason: /no such step/ }]]);
});

test('an action that is not configured any more has failed', async () => {
  expect(await run(1, [{ ...away, name: 'renamed' }])).toMatchObject([
    ['fail', { reason: /does not have such an action/ }],
  ]);
});

test('a job that its processes died under has failed; one that the database did not answer for waits', async () => {
  const died = storeOf(1);
  await giveUpAction(JOB, new Error('its process died 11 times'), { store: died });
  expect(died.calls).toEqual([['fail', { code: null, reason: 'its process died 11 times' }]]);
  const outage = storeOf(1);
  await giveUpAction(JOB, new SenditError('away', { code: 'database-unavailable', retry: 'safe' }), { store: outage });
  expect(outage.calls).toMatchObject([['postpone', { reason: 'database-unavailable' }]]);
});

test.each([
  ['auto', 'directory', ['NONE', '0', '{files} in L1 of data']],
  ['auto', 'series', ['NONE', '2', '{files} in L1 of data']],
  ['stdin', 'directory', ['NONE', '2', '{files} in L1 of data']],
  ['none', 'study', ['NONE', '0', '{files} in L1 of data']],
  ['file', 'directory', ['L1/a:L1/b 600', '0', 'FILE in L1 of data']],
  ['file', 'study', ['L1/a:L1/b 600', '0', 'FILE in L1 of data']],
] as const)('a command gets the files by %s of a %s', async (files, unit, expected) => {
  await using place = await openTempDir();
  const code = `
    const fs = require('fs');
    const [, ...onInput] = fs.readFileSync(0, 'utf8').split(/[\\n\\0]/).slice(0, -1);
    const named = process.env.SENDIT_FILES;
    const list = named === undefined ? 'NONE' : fs.readFileSync(named, 'utf8').split('\\0').slice(0, -1).map((path) => path.slice(6)).join(':') + ' ' + (fs.statSync(named).mode & 0o777).toString(8);
    const argument = named === undefined ? process.argv[1] : process.argv[1].replace(named, 'FILE');
    fs.writeFileSync('got', JSON.stringify([list, String(onInput.length), argument]));
`;
  const action: Action = {
    kind: 'exec',
    name: 'hand-on',
    command: [process.execPath, '-e', code, '{files} in L1 of {root}'],
    cwd: place.path,
    environment: { TMPDIR: place.path },
    timeoutMs: 60_000,
    files,
    keepOutput: false,
    attempts: 1,
    backoffMs: 0,
  };
  const store = storeOf(1);
  const begin = async () => ({
    kind: 'action' as const,
    attempt: { ...attemptOf('/data/'), kind: 'exec' as const, unit, attempt: 1 },
  });
  const readFiles = async function* () {
    yield ['L1/a', 'L1/b'].map((path) => ({ path, bytes: 1, mtimeNs: 0n, inode: 0n }));
  };
  const deps = { store: { ...store, begin }, actions: [action], folder: '/data', readFiles, logger: silentLogger };
  await runAction(JOB, deps, NEVER);
  expect(store.calls).toMatchObject([['done', { code: 0 }]]);
  expect(JSON.parse(await readFile(join(place.path, 'got'), 'utf8'))).toEqual(expected);
});

test('a list that cannot be written to its end runs no command, and leaves nothing', async () => {
  await using place = await openTempDir();
  const list = (async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('/data/a\0');
    throw new Error('the database is away');
  })();
  vi.stubEnv('TMPDIR', place.path);
  await expect(writeListFile(list)).rejects.toThrow('the database is away');
  vi.unstubAllEnvs();
  expect(await readdir(place.path)).toEqual([]);
});

test.each([
  ['onError', 'batch.failed'],
  ['onHeld', 'batch.held'],
  ['onLate', 'batch.late'],
  [undefined, 'batch.done'],
] as const)('what follows %s says %s, whatever became of its batch since', (on, type) => {
  expect(toNotice(attemptOf('/data/a'), { on, withPath: true }).type).toBe(type);
});

test('arguments are filled in, whatever is in the names; other braces stay', () => {
  const notice = toNotice(attemptOf('/data/a {root} $(x)'), { withPath: true });
  expect(
    toArguments(['--in={path}', '{batch}/{root}', '{key}', '{"json":"{other}"}', '{files}'], notice, undefined),
  ).toEqual(['--in=/data/a {root} $(x)', '7/data', notice.idempotencyKey, '{"json":"{other}"}', '{files}']);
});

test('an interrupted attempt is given back, and its interruption told on', async () => {
  const stop = new AbortController();
  const store = storeOf(1);
  const readFiles = async function* () {
    stop.abort(new Error('drained'));
    yield [{ path: 'a', bytes: 1, mtimeNs: 0n, inode: 0n }];
  };
  const action = { ...away, to: tmpdir() };
  const deps = { store, actions: [action], folder: '/', readFiles, logger: silentLogger };
  await expect(runAction(JOB, deps, stop.signal)).rejects.toThrow('drained');
  expect(store.calls).toEqual([['release']]);
});
