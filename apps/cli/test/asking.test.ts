import type { SenditApi, WatcherStatus } from '@sendit/api';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { claimPidFile } from '@sendit/daemon';
import { silentLogger } from '@sendit/model';
import { createPortal, serveSocket } from '@sendit/portal';
import { openTempDir } from '@sendit/testing';
import { describe, expect, test } from 'vitest';
import { findAsked, openAsked } from '@sendit/runtime/installation';

const STATUS = { active: true, pid: process.pid, roots: [] } as unknown as WatcherStatus;

/** A watcher as a command sees one: its pid file, and an API on its socket once it answers. */
async function openWatcher(stateDir: string, configFile: string | null = null) {
  await mkdir(stateDir, { recursive: true });
  const socketPath = join(stateDir, 'api.sock');
  const claim = { socketPath, configFile, outFile: join(stateDir, 'out'), errFile: join(stateDir, 'err') };
  const pid = await claimPidFile(join(stateDir, 'watcher.pid'), claim);
  return {
    answer: () =>
      serveSocket(
        createPortal({ status: () => Promise.resolve(STATUS) } as SenditApi, { access: 'full', logger: silentLogger }),
        {
          socketPath,
          logger: silentLogger,
        },
      ),
    [Symbol.asyncDispose]: () => pid[Symbol.asyncDispose](),
  };
}

const at = (cwd: string, env: Record<string, string> = {}) => ({ cwd, env });

describe('a command that asks', () => {
  test('finds the running watcher from a folder below, whatever has become of the configuration there', async () => {
    await using temp = await openTempDir();
    const file = join(temp.path, 'sendit.config.json');
    await writeFile(file, '{ "watchPaths": [], "portl": {} }');
    await using watcher = await openWatcher(join(temp.path, '.sendit'), file);
    await using _socket = await watcher.answer();
    await mkdir(join(temp.path, 'below'));
    const asked = await findAsked({}, at(join(temp.path, 'below')));
    expect(asked).toMatchObject({
      running: { pid: process.pid },
      paths: { outFile: join(temp.path, '.sendit', 'out') },
    });
    await using api = await openAsked({}, { place: at(join(temp.path, 'below')), onWarning: () => undefined });
    expect(api.from).toBe('daemon');
    expect((await api.status()).pid).toBe(process.pid);
  });

  test('reads a configuration with its state elsewhere, and warns of what is wrong in it', async () => {
    await using temp = await openTempDir();
    const stateDir = join(temp.path, 'elsewhere');
    const file = join(temp.path, 'sendit.config.json');
    await writeFile(file, JSON.stringify({ stateDir, portl: {} }));
    const place = at(temp.path);
    await expect(openAsked({}, { place, onWarning: () => undefined })).rejects.toMatchObject({
      code: 'bad-configuration',
    });
    await using watcher = await openWatcher(stateDir, file);
    await using _socket = await watcher.answer();
    const warnings: string[] = [];
    await using api = await openAsked({}, { place, onWarning: (message) => warnings.push(message) });
    expect(api.from).toBe('daemon');
    expect(warnings).toEqual([expect.stringContaining(file)]);
    // Also where there are two, of which neither counts.
    await writeFile(join(temp.path, 'sendit.config.yaml'), '');
    await expect(openAsked({}, { place, onWarning: () => undefined })).rejects.toThrow('1 problem');
  });

  test('waits for a watcher that is starting, and says so when that ends', async () => {
    await using temp = await openTempDir();
    await using watcher = await openWatcher(temp.path);
    const place = at('/', { SENDIT_STATE_DIR: temp.path });
    let looks = 0;
    let socket: AsyncDisposable | undefined;
    const clock = {
      now: () => 0,
      sleep: async () => {
        looks += 1;
        if (looks === 3) socket = await watcher.answer();
      },
    };
    await using api = await openAsked({}, { place, clock, onWarning: () => undefined });
    expect([api.from, looks]).toEqual(['daemon', 3]);
    await socket?.[Symbol.asyncDispose]();
    const ending = { now: () => 0, sleep: () => rm(join(temp.path, 'watcher.pid')) };
    await expect(openAsked({}, { place, clock: ending, onWarning: () => undefined })).rejects.toThrow(
      'ended while it was starting',
    );
  });

  test('says where it looked, and what was never started', async () => {
    await using temp = await openTempDir();
    const nothing = findAsked({}, at(temp.path));
    await expect(nothing).rejects.toMatchObject({ code: 'not-found' });
    await expect(nothing).rejects.toHaveProperty(
      'problems',
      expect.arrayContaining([expect.stringContaining(temp.path)]),
    );
    const stateDir = join(temp.path, 'absent');
    const place = at(temp.path, { SENDIT_STATE_DIR: stateDir });
    await expect(openAsked({}, { place, onWarning: () => undefined })).rejects.toThrow(stateDir);
    await using api = await openAsked({}, { place, beforeFirstStart: true, onWarning: () => undefined });
    expect(api.from).toBe('nothing');
  });
});
