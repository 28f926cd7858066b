import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { SenditApi } from '@sendit/api';
import type { SenditConfig } from '@sendit/config';
import { defineProcessor } from '@sendit/processors';
import { describeWith, openMemoryDir, sharedPostgres, waitUntil, writeSyntheticStudy } from '@sendit/testing';
import { expect, test } from 'vitest';
import { loadSettings, openApi, openPortal, openWatcher, openWorker, runWatcher, runWorker } from '../src/index.ts';

/** A working directory with `data/`, and settings of what is to run in it. */
async function openPlace() {
  const temp = await openMemoryDir();
  const data = join(temp.path, 'data');
  await mkdir(data);
  const own: SenditConfig = { watchPaths: [['data', 'IN_ALL_EVENTS', 'DicomQueue']], portal: { port: 0 } };
  return {
    settings: (config: SenditConfig = {}) => loadSettings({ config: { ...own, ...config }, cwd: temp.path }),
    deliver: async (name: string) => {
      await writeSyntheticStudy(join(data, `${name}.tmp`), { series: [{ instances: 2 }] });
      await rename(join(data, `${name}.tmp`), join(data, name));
    },
    [Symbol.asyncDispose]: () => temp[Symbol.asyncDispose](),
  };
}

function done(api: SenditApi, name: string) {
  return waitUntil(`${name} to be DONE`, async () =>
    (await api.listBatches({ status: ['DONE'] })).results.find((batch) => batch.name === name),
  );
}

test('a watcher of a configuration that is a value imports what arrives, and its database answers after it', async () => {
  await using place = await openPlace();
  const settings = await place.settings();
  const watcher = await openWatcher(settings);
  await place.deliver('L1');
  expect(await done(watcher.api, 'L1')).toMatchObject({ instances: 2 });
  expect(await (await fetch(new URL('/healthz', watcher.portalUrl ?? ''))).json()).toEqual({ ok: true });
  const asked = await openApi(settings);
  expect([asked.from, (await asked.status()).active]).toEqual(['daemon', true]);
  await asked.close();

  await expect(openWatcher(settings)).rejects.toMatchObject({ code: 'database-locked' });
  await watcher.close();
  await expect(watcher.ended).resolves.toBeUndefined();
  const after = await openApi(settings);
  expect(after.from).toBe('database');
  expect((await after.listBatches({})).results.map(({ name }) => name)).toEqual(['L1']);
  await after.close();
});

test('a watcher takes processors of the caller, and runs until the signal aborts', async () => {
  await using place = await openPlace();
  const stop = new AbortController();
  const heard: string[] = [];
  const processor = defineProcessor('Mine', {
    IN_MOVED_TO: ({ name }) => {
      heard.push(name);
      stop.abort();
    },
  });
  const settings = await place.settings({ portal: { enabled: false } });
  const onReady = () => place.deliver('L1');
  await runWatcher(settings, { signal: stop.signal, processors: [processor], onReady });
  expect(heard).toEqual(['L1']);
});

test('a configuration that is a value is checked as strictly as a file, every problem at once', async () => {
  await using place = await openPlace();
  const config = { quietMS: 3, watchPaths: () => [['elsewhere', 'IN_CREAT', 'DicomQueue']] } as unknown as SenditConfig;
  const failed = await place.settings(config).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 'bad-configuration' });
  expect((failed as { problems: readonly string[] }).problems.map((one) => one.slice(0, 24))).toEqual([
    'watchPaths[0][1]: expect',
    'quietMS: unknown setting',
    'watchPaths[0][0]: expect',
  ]);
});

test('a worker or portal of the embedded database is refused', async () => {
  await using place = await openPlace();
  const settings = await place.settings();
  const { signal } = new AbortController();
  await expect(runWorker(settings, { signal })).rejects.toMatchObject({ code: 'needs-server' });
  await expect(openPortal(settings)).rejects.toMatchObject({ code: 'needs-server' });
});

describeWith(['postgres'], 'on a server', () => {
  test('watcher, worker and portal are handles of their own', async () => {
    await using postgres = await sharedPostgres();
    await using place = await openPlace();
    const settings = await place.settings({ databaseUrl: await postgres.createDatabase() });
    await using watcher = await openWatcher(settings);
    await using portal = await openPortal(settings);
    expect(watcher.portalUrl).toBeNull();
    await waitUntil('the portal to see the watcher', async () => {
      const status = (await (await fetch(new URL('/api/health', portal.url))).json()) as { active: boolean };
      return status.active;
    });
    await using _worker = await openWorker(settings);
    await place.deliver('L1');
    await done(watcher.api, 'L1');
  });
});
