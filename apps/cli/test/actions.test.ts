import type { ActionSummary } from '@sendit/api';
import { createHash, createHmac } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openMemoryDir, waitUntil, writeSyntheticStudy } from '@sendit/testing';
import { expect, test } from 'vitest';
import { Installation } from './harness.ts';

const SECRET = 'sixteen characters and more';

/** An installation whose one watch path has actions; folders `archive` and `failed` stand ready. */
async function openAt(fields: object, folder = 'data'): Promise<Installation> {
  const at = await Installation.open({ HOOK_SECRET: SECRET });
  for (const name of ['archive', 'failed']) await mkdir(join(at.directory, name));
  const watchPath = {
    folder,
    events: 'IN_ALL_EVENTS',
    processor: 'DicomQueue',
    name: 'data',
    rescanMs: 1_000,
    ...fields,
  };
  await writeFile(join(at.directory, 'sendit.config.json'), JSON.stringify({ watchPaths: [watchPath] }));
  return at;
}

/** Gives the digests of what it drops. */
async function drop(data: string, name: string, instances: number): Promise<Map<string, string>> {
  await mkdir(join(data, `${name}.tmp`));
  await writeSyntheticStudy(join(data, `${name}.tmp`), { seed: name, series: [{ instances, rows: 8, columns: 8 }] });
  const sent = await digests(join(data, `${name}.tmp`));
  await rename(join(data, `${name}.tmp`), join(data, name));
  return sent;
}

const start = (at: Installation) => at.start('--config', join(at.directory, 'sendit.config.json'));
const actionsOf = (at: Installation, name: string) => at.json<ActionSummary[]>('batch', 'actions', name);

async function acted(at: Installation, name: string): Promise<readonly ActionSummary[]> {
  return await waitUntil(
    `all actions of ${name} to be done`,
    async () => {
      const { results: actions } = await at.api.listActions({ batch: name });
      return actions.length > 0 && actions.every(({ state }) => state === 'done') ? actions : undefined;
    },
    120_000,
  );
}

/** Every file below a directory with the digest of its content. */
async function digests(directory: string): Promise<Map<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const found = new Map<string, string>();
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    found.set(
      path.slice(directory.length + 1),
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    );
  }
  return found;
}

test('a batch that is DONE is handed on in order: a webhook that fails twice, a command, a move', async () => {
  const seen: { key: string; signed: boolean; body: string }[] = [];
  const receiver = createServer((request, response) => {
    const { 'webhook-id': key, 'webhook-timestamp': time, 'webhook-signature': signature } = request.headers;
    void text(request).then((body) => {
      const expected = createHmac('sha256', SECRET)
        .update(`${String(key)}.${String(time)}.${body}`)
        .digest('base64');
      seen.push({ key: String(key), signed: signature === `v1,${expected}`, body });
      response.writeHead(seen.length <= 2 ? 503 : 204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  const code = `require('fs').writeFileSync('notice.json', require('fs').readFileSync(0))`;
  await using at = await openAt({
    actions: [
      { kind: 'webhook', url: `http://127.0.0.1:${port}/hook`, secretEnv: 'HOOK_SECRET', backoffMs: 100 },
      { kind: 'exec', command: [process.execPath, '-e', code] },
      { kind: 'move', to: 'archive' },
    ],
  });
  try {
    await start(at);
    const sent = await drop(at.data, 'L1', 5);
    expect(sent.size).toBe(5);
    const actions = await acted(at, 'L1');
    expect(actions).toMatchObject([
      { name: 'webhook', attempts: 3, code: 204, reason: null },
      { name: 'exec', attempts: 1, code: 0 },
      { name: 'move', attempts: 1 },
    ]);
    expect(seen.map(({ key, signed }) => [key, signed])).toEqual(
      Array.from({ length: 3 }, () => [actions[0]?.id, true]),
    );
    expect(seen.map(({ body }) => body).join()).not.toContain('L1');
    const notice = JSON.parse(await readFile(join(at.directory, 'notice.json'), 'utf8'));
    expect(notice).toMatchObject({
      idempotencyKey: actions[1]?.id,
      batch: { path: join(at.data, 'L1'), instances: 5 },
    });
    expect(await digests(join(at.directory, 'archive', 'L1'))).toEqual(sent);
    expect(await readdir(at.data)).toEqual([]);

    expect(await at.batches()).toMatchObject([{ name: 'L1', status: 'DONE', generation: 1 }]);
    expect((await at.run('batch', 'show', 'L1')).stdout).toMatch(/webhook\s+webhook\s+done\s+3\s+204/);
    const config = await at.run('config', 'show', '--config', join(at.directory, 'sendit.config.json'));
    for (const shown of [config.stdout, await at.out(), await readFile(at.errFile, 'utf8')]) {
      expect(shown).not.toContain(SECRET);
    }
    await drop(at.data, 'L1', 6);
    await waitUntil('the next generation', async () =>
      (await at.api.listBatches({})).results.some(({ generation, status }) => generation === 2 && status === 'DONE'),
    );
    await waitUntil('it to be moved', async () => (await readdir(join(at.directory, 'archive'))).length === 2);
  } finally {
    receiver.closeAllConnections();
    receiver.close();
  }
}, 400_000);

test('an action that fails leaves the batch DONE, is told of, holds up the next, and runs again when asked', async () => {
  await using at = await openAt({
    actions: [
      {
        kind: 'exec',
        command: [process.execPath, '-e', `require('fs').readFileSync('needed')`],
        attempts: 2,
        backoffMs: 10,
      },
      { kind: 'copy', to: 'archive' },
    ],
  });
  await start(at);
  await drop(at.data, 'L2', 2);
  await waitUntil('the action to fail', async () => (await at.api.status()).actions?.failed === 1);
  expect(await actionsOf(at, 'L2')).toMatchObject([
    { state: 'failed', attempts: 2, code: 1, reason: 'exit code 1' },
    { state: 'pending', attempts: 0 },
  ]);
  expect((await at.status()).problems.join()).toContain('sendit batch actions --state failed');
  expect(await at.batches()).toMatchObject([{ status: 'DONE' }]);
  expect(await readdir(join(at.directory, 'archive'))).toEqual([]);

  await writeFile(join(at.directory, 'needed'), '');
  expect(await at.json('batch', 'actions', 'L2', '--retry')).toEqual({ queued: 1 });
  await acted(at, 'L2');
  expect((await digests(join(at.directory, 'archive', 'L2'))).size).toBe(2);
  expect(await at.status()).toMatchObject({ problems: [], actions: { pending: 0, running: 0, failed: 0 } });
}, 400_000);

test('what ends in ERROR is moved aside where that is asked for', async () => {
  await using at = await openAt({ moveFailed: 'failed', oneStudyDate: true });
  await start(at);
  const arriving = join(at.data, 'MIXED.tmp');
  for (const [index, studyDate] of ['20240101', '20250101'].entries()) {
    await mkdir(join(arriving, String(index)), { recursive: true });
    await writeSyntheticStudy(join(arriving, String(index)), {
      seed: studyDate,
      series: [{ instances: 2 }],
      studyDate,
    });
  }
  await rename(arriving, join(at.data, 'MIXED'));
  await acted(at, 'MIXED');
  expect(await at.batches()).toMatchObject([{ name: 'MIXED', status: 'ERROR' }]);
  expect((await digests(join(at.directory, 'failed', 'MIXED'))).size).toBe(4);
  expect(await readdir(at.data)).toEqual([]);
}, 400_000);

test('kill -9 in the middle of a move across devices: after the next start every file is at the target, once, and none is lost', async () => {
  // To memory where that is possible: on a busy disk thousands of files are not soon synced.
  await using archive = await openMemoryDir();
  await using at = await openAt({ actions: [{ kind: 'move', to: archive.path }] });
  const { data } = at;
  const target = join(archive.path, 'MANY');
  await start(at);
  const sent = await drop(data, 'MANY', 2_000);
  const isUnderWay = async () => (await readdir(target, { recursive: true }).catch(() => [])).length > 300;
  await waitUntil('the move to be under way', isUnderWay, 120_000);
  await at.kill();
  const [here, there] = [await digests(join(data, 'MANY')), await digests(target)];
  expect(here.size).toBeGreaterThan(0);
  for (const [path, digest] of sent) expect([here.get(path), there.get(path)]).toContain(digest);

  await start(at);
  const [action] = await acted(at, 'MANY');
  expect(action).toMatchObject({ kind: 'move', attempts: 2 });
  expect(await digests(target)).toEqual(sent);
  expect(await readdir(data)).toEqual([]);
  expect(await at.batches()).toMatchObject([{ name: 'MANY', status: 'DONE', generation: 1, instances: 2_000 }]);
  expect((await stat(target)).isDirectory()).toBe(true);
}, 600_000);

test('a file that is quarantined, since its instance is known with other bytes, is not copied with its batch', async () => {
  await using at = await openAt({ actions: [{ kind: 'copy', to: 'archive' }] });
  await start(at);
  const first = await drop(at.data, 'FIRST', 1);
  await acted(at, 'FIRST');
  const arriving = join(at.data, 'LATER.tmp');
  const patient = { name: 'SYNTHETIC^OTHER', id: 'SYN-0002' };
  await writeSyntheticStudy(arriving, { seed: 'FIRST', series: [{ instances: 1, rows: 8 }], patient });
  await writeSyntheticStudy(join(arriving, 'own'), { seed: 'LATER', series: [{ instances: 2, rows: 8 }], patient });
  const later = await digests(arriving);
  await rename(arriving, join(at.data, 'LATER'));
  await acted(at, 'LATER');

  const conflict = [...first.keys()].join();
  expect(await at.batch('LATER')).toMatchObject({ status: 'DONE', files: 3, instances: 2, quarantined: 1 });
  expect((await at.batch('LATER')).findingList).toContainEqual(
    expect.objectContaining({ code: 'instance-conflict', path: conflict }),
  );
  expect(await digests(join(at.data, 'LATER'))).toEqual(later);
  expect(later.delete(conflict)).toBe(true);
  expect(await digests(join(at.directory, 'archive', 'LATER'))).toEqual(later);
  expect(await digests(join(at.directory, 'archive', 'FIRST'))).toEqual(first);
}, 400_000);
