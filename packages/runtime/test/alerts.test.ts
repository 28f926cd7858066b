import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { SenditConfig } from '@sendit/config';
import { describeWith, openMemoryDir, sharedPostgres, waitUntil } from '@sendit/testing';
import { expect, test } from 'vitest';
import { loadSettings, openWatcher, openWorker } from '../src/index.ts';

interface Told {
  readonly path: string;
  readonly raised: readonly { readonly code: string }[];
  readonly resolved: readonly { readonly code: string }[];
}

/** Takes what webhooks bring. */
async function openReceiver() {
  const told: Told[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      told.push({ ...(JSON.parse(body) as Omit<Told, 'path'>), path: request.url ?? '' });
      response.end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    codes: (path: string, kind: 'raised' | 'resolved') =>
      told.filter((one) => one.path === path).flatMap((one) => one[kind].map(({ code }) => code)),
    channel: (name: string) =>
      ({ kind: 'webhook', name, url: `${url}/${name}`, secret: 'sixteen characters or more' }) as const,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

async function openPlace() {
  const temp = await openMemoryDir();
  await mkdir(join(temp.path, 'data'));
  const own: SenditConfig = { watchPaths: [['data', 'IN_ALL_EVENTS', 'DicomQueue']], portal: { enabled: false } };
  return {
    settings: (config: SenditConfig) => loadSettings({ config: { ...own, ...config }, cwd: temp.path }),
    [Symbol.asyncDispose]: () => temp[Symbol.asyncDispose](),
  };
}

test('a problem is told once, a restart does not repeat it, and a channel that is new hears of it', async () => {
  await using receiver = await openReceiver();
  await using place = await openPlace();
  // No disk has as much left.
  const alerts = { diskBelow: '900000T', afterMs: 0, againMs: false } as const;
  const first = await openWatcher(await place.settings({ alerts: { ...alerts, channels: [receiver.channel('ops')] } }));
  await waitUntil('the alert', () => receiver.codes('/ops', 'raised').length > 0);
  expect((await first.api.status()).health?.problems.map(({ code }) => code)).toContain('disk-low');
  await first.close();

  const channels = [receiver.channel('ops'), receiver.channel('night')];
  const second = await openWatcher(await place.settings({ alerts: { ...alerts, channels } }));
  await waitUntil('the new channel to hear of it', () => receiver.codes('/night', 'raised').length > 0);
  expect(new Set(receiver.codes('/ops', 'raised'))).toEqual(new Set(['disk-low']));
  expect(receiver.codes('/ops', 'raised').length).toBe(receiver.codes('/night', 'raised').length);
  await second.close();

  const third = await openWatcher(await place.settings({ alerts: { ...alerts, diskBelow: false, channels } }));
  await waitUntil('the end to be told', () => receiver.codes('/ops', 'resolved').length > 0);
  expect(receiver.codes('/ops', 'resolved')).toContain('disk-low');
  await third.close();
});

describeWith(['postgres'], 'on a server', () => {
  test('a worker tells that the watcher stopped', async () => {
    await using receiver = await openReceiver();
    await using postgres = await sharedPostgres();
    await using place = await openPlace();
    const settings = await place.settings({
      databaseUrl: await postgres.createDatabase(),
      alerts: { afterMs: 0, channels: [receiver.channel('ops')] },
    });
    const watcher = await openWatcher(settings);
    await using _worker = await openWorker(settings);
    await watcher.close();
    await waitUntil('the alert', () => receiver.codes('/ops', 'raised').includes('not-running'), 80_000);
    const again = await openWatcher(settings);
    await waitUntil('its end', () => receiver.codes('/ops', 'resolved').includes('not-running'), 80_000);
    await again.close();
    expect(receiver.codes('/ops', 'raised').filter((code) => code === 'not-running')).toHaveLength(1);
  }, 180_000);
});
