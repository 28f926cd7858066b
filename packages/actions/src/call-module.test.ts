import { type ActionAttempt, type ManifestFile, type ModuleAction, SenditError, silentLogger } from '@sendit/model';
import { expect, test } from 'vitest';
import { callModule } from './call-module.ts';
import { type ActionFunction, defineAction } from './define-action.ts';

const NEVER = new AbortController().signal;

const ATTEMPT = {
  id: 'key-1',
  name: 'mine',
  kind: 'module',
  attempt: 2,
  status: 'DONE',
  batch: { id: '7', root: 'data', path: '/data/L1', studyList: [] },
} as unknown as ActionAttempt;

const file = (path: string, rawPath?: Buffer): ManifestFile => ({
  path,
  bytes: 1,
  mtimeNs: 0n,
  inode: 1n,
  ...(rawPath === undefined ? {} : { rawPath }),
});

async function* sealed(): AsyncGenerator<readonly ManifestFile[]> {
  yield [file('a.dcm'), file('sub/b.dcm')];
  yield [file('c�', Buffer.from([0x63, 0xff]))];
}

function call(run: ActionFunction | undefined, { signal = NEVER, timeoutMs = 60_000, logger = silentLogger } = {}) {
  const action: ModuleAction = {
    kind: 'module',
    name: 'mine',
    module: './a.ts',
    run,
    timeoutMs,
    attempts: 3,
    backoffMs: 1,
  };
  return callModule(action, { attempt: ATTEMPT, files: sealed(), logger }, signal);
}

test('a function gets the notice, the same key for each attempt, and the paths of the sealed files', async () => {
  const got: unknown[] = [];
  const action = defineAction(async ({ batch, idempotencyKey, type }, { attempt, files }) => {
    got.push(type, idempotencyKey, batch.path, attempt);
    for await (const path of files) got.push(path);
  });
  expect(await call(action)).toEqual({ kind: 'done', code: null });
  const bytes = Buffer.from([...Buffer.from('/data/L1/c'), 0xff]);
  expect(got).toEqual(['batch.done', 'key-1', '/data/L1', 2, '/data/L1/a.dcm', '/data/L1/sub/b.dcm', bytes]);
});

test.each([
  ['an error', new TypeError('of PATIENT^A'), 'it threw TypeError', 'later'],
  ['an error of the system', Object.assign(new Error('x'), { code: 'ENOSPC' }), 'it threw ENOSPC', 'later'],
  ['no error at all', 'PATIENT^A', 'it threw string', 'later'],
  ['one that no attempt mends', new SenditError('x', { code: 'refused', retry: 'never' }), 'it threw refused', 'never'],
] as const)('%s that it throws fails the attempt, without its message', async (_, thrown, reason, again) => {
  const throwing = (): never => {
    // oxlint-disable-next-line typescript/only-throw-error
    throw thrown;
  };
  expect(await call(throwing)).toEqual({ kind: 'failed', code: null, reason, again });
  expect(await call(async () => throwing())).toEqual({ kind: 'failed', code: null, reason, again });
});

test('its message and its line are in the transcript', async () => {
  const lines: string[] = [];
  const logger = { ...silentLogger, info: (message: string) => void lines.push(message) };
  await call(() => Promise.reject(new Error('no room')), { logger });
  expect(lines).toEqual([expect.stringMatching(/^The action said: no room \(.*call-module\.test\.ts:\d+:\d+\)$/)]);
});

test('at its timeout its signal aborts, and it is waited for no longer', async () => {
  let heard = false;
  const outcome = await call(
    (_, { signal }) => {
      signal.addEventListener('abort', () => (heard = true));
      return new Promise(() => undefined);
    },
    { timeoutMs: 5 },
  );
  expect([outcome, heard]).toEqual([
    { kind: 'failed', code: null, reason: 'it took longer than 5 ms', again: 'later' },
    true,
  ]);
});

test('a stop rejects with its reason, so that the attempt does not count', async () => {
  const stop = new AbortController();
  const running = call(() => new Promise(() => stop.abort(new Error('stop'))), { signal: stop.signal });
  await expect(running).rejects.toThrow('stop');
});

test('a module that was not loaded is never called', async () => {
  expect(await call(undefined)).toMatchObject({ kind: 'failed', again: 'never' });
});
