import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Settings } from '@sendit/config';
import { describeWith, openTempDir } from '@sendit/testing';
import { afterEach, expect, test, vi } from 'vitest';
import { installUnit, removeUnit, SERVICE_ROLES, toUnit, toUnitName } from '../src/service.ts';

const run = promisify(execFile);

const SETTINGS = {
  configFile: '/etc/sendit/my config.yaml',
  stateDir: '/var/lib/sendit',
  stopTimeoutMs: 30_000,
  watchPaths: [
    { folder: '/data/100% $HOME', actions: [{ kind: 'move', to: '/archive "a"' }], failedActions: [{ kind: 'exec' }] },
    { folder: '/plain', actions: [{ kind: 'copy', to: '/copies' }], failedActions: [] },
  ],
} as unknown as Settings;

const REQUEST = {
  node: process.execPath,
  command: process.execPath,
  user: userInfo().username,
  environmentFile: '/etc/sendit/environment',
};

afterEach(() => void vi.unstubAllEnvs());

test('what is in names stays what it is: spaces, quotes, percent and dollar signs', () => {
  const unit = toUnit({ ...REQUEST, role: 'watcher' }, SETTINGS);
  expect(unit).toContain('--config "/etc/sendit/my config.yaml"');
  expect(unit).toContain('RequiresMountsFor="/data/100%% $$HOME"\n');
  expect(unit).toContain(String.raw`ReadWritePaths="/archive \"a\""`);
});

test('a process may write to its state, and the watcher where its actions take and put files; nowhere else', () => {
  const writable = (unit: string): string[] =>
    [...unit.matchAll(/^(?:ReadWritePaths|StateDirectory)=(.*)$/gm)].map(([, path = '']) => path);
  const watcher = toUnit({ ...REQUEST, role: 'watcher' }, SETTINGS);
  expect(writable(watcher)).toEqual(['sendit', '"/data/100%% $$HOME"', String.raw`"/archive \"a\""`, '/copies']);
  const worker = toUnit({ ...REQUEST, role: 'worker' }, { ...SETTINGS, stateDir: '/srv/sendit' });
  expect(writable(worker)).toEqual(['/srv/sendit']);
});

test('systemd gives a drain its whole time', () => {
  expect(toUnit({ ...REQUEST, role: 'worker' }, SETTINGS)).toContain('TimeoutStopSec=40\n');
});

describeWith(['systemd'], 'systemd', () => {
  test.each(SERVICE_ROLES)('takes the unit of the %s, and finds it little exposed', async (role) => {
    await using dir = await openTempDir();
    const file = join(dir.path, toUnitName(role));
    await writeFile(file, toUnit({ ...REQUEST, role }, SETTINGS));
    const { stderr } = await run('systemd-analyze', ['verify', '--man=no', file]);
    expect(stderr.split('\n').filter((line) => line.includes(dir.path))).toEqual([]);
    // 2.5 of 10; rejects above it.
    await run('systemd-analyze', ['security', '--offline=yes', '--threshold=25', file]);
  });
});

test('install writes the unit and lets systemd read it; uninstall stops it first', async () => {
  await using dir = await openTempDir();
  const bin = join(dir.path, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'systemctl'), `#!/bin/sh\necho "$*" >> ${dir.path}/asked\n`);
  await chmod(join(bin, 'systemctl'), 0o755);
  vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
  const place = { name: 'sendit-watcher.service', folder: dir.path };
  const file = await installUnit(place, '[Unit]\n', { now: true });
  expect(await readFile(file, 'utf8')).toBe('[Unit]\n');
  await removeUnit(place);
  await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await readFile(join(dir.path, 'asked'), 'utf8')).toBe(
    'daemon-reload\nenable --now sendit-watcher.service\ndisable --now sendit-watcher.service\ndaemon-reload\n',
  );
});

test('where it cannot be written, or there is no systemd, the word says what else to do', async () => {
  await using dir = await openTempDir();
  vi.stubEnv('PATH', dir.path);
  const missing = { name: 'a.service', folder: join(dir.path, 'none') };
  await expect(installUnit(missing, '', { now: false })).rejects.toMatchObject({
    code: 'refused',
    hint: expect.stringContaining('service print'),
  });
  await expect(installUnit({ ...missing, folder: dir.path }, '', { now: false })).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('daemon-reload'),
  });
});
