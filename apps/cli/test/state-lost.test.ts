import type { ChildProcess } from 'node:child_process';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exited, waitUntil, writeSyntheticStudy } from '@sendit/testing';
import { expect, test } from 'vitest';
import { Installation } from './harness.ts';

/** A watcher as a service manager runs it, and what it says. */
async function startInForeground(
  at: Installation,
): Promise<{ readonly child: ChildProcess; readonly said: () => string }> {
  const child = at.spawn('watcher', 'start', '--foreground', '--data', at.data);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  await waitUntil('the watcher to run', () => at.api.ping());
  return { child, said: () => said };
}

async function drop(at: Installation, name: string): Promise<void> {
  const arriving = join(at.data, `${name}.tmp`);
  await mkdir(arriving);
  await writeSyntheticStudy(arriving, { seed: name, series: [{ instances: 2, rows: 4 }] });
  await rename(arriving, join(at.data, name));
}

test('a watcher whose state directory is replaced ends, and the one that takes its place is alone and whole', async () => {
  await using at = await Installation.open();
  const first = await startInForeground(at);
  await drop(at, 'BEFORE');
  await at.settled('BEFORE', 'DONE');
  await rename(at.stateDir, `${at.stateDir}-away`);
  const second = await startInForeground(at);
  await exited(first.child);
  expect(first.child.exitCode).toBe(1);
  await waitUntil('the reason', () => first.said().includes('it was deleted or replaced'));
  expect(first.said()).toContain(join(at.stateDir, 'watcher.lock'));
  await drop(at, 'AFTER');
  await at.settled('AFTER', 'DONE');
  expect((await at.status()).active).toBe(true);
  second.child.kill('SIGTERM');
  await exited(second.child);
  expect(second.child.exitCode).toBe(0);
}, 240_000);

test('a watcher whose state directory is deleted ends with an error, and makes none anew', async () => {
  await using at = await Installation.open();
  const { child, said } = await startInForeground(at);
  await rm(at.stateDir, { recursive: true });
  await exited(child);
  expect(child.exitCode).toBe(1);
  await waitUntil('the reason', () => said().includes('it was deleted or replaced'));
  await expect(rename(at.stateDir, `${at.stateDir}-again`)).rejects.toMatchObject({ code: 'ENOENT' });
}, 240_000);

/** Makes fsync fail once a file is there. */
const FAILING_DISK = `
const fs = require('node:fs');
const { fsyncSync } = fs;
fs.fsyncSync = (fd) => {
  if (fs.existsSync(process.env.TEST_DISK_BROKEN)) throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' });
  fsyncSync(fd);
};
require('node:module').syncBuiltinESMExports();
`;

test('a watcher whose database engine stops at an I/O error ends, and started again it goes on', async () => {
  await using at = await Installation.open();
  const [preload, broken] = [join(at.directory, 'failing-disk.cjs'), join(at.directory, 'broken')];
  await writeFile(preload, FAILING_DISK);
  Object.assign(at.env, { NODE_OPTIONS: `--require ${preload}`, TEST_DISK_BROKEN: broken });
  const first = await startInForeground(at);
  await drop(at, 'BEFORE');
  await at.settled('BEFORE', 'DONE');
  await writeFile(broken, '');
  await drop(at, 'DURING');
  await exited(first.child);
  expect(first.child.exitCode).toBe(1);
  await waitUntil('the reason', () => first.said().includes('its engine has stopped'));
  await rm(broken);
  await startInForeground(at);
  expect(await at.settled('DURING', 'DONE')).toMatchObject({ generation: 1 });
  expect(await at.batches()).toHaveLength(2);
}, 240_000);
