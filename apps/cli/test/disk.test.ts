import { execFile } from 'node:child_process';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { canMount, openSmallDisk, openTempDir, type SmallDisk, waitUntil, writeSyntheticStudy } from '@sendit/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { Installation } from './harness.ts';

const MIB = 96;
const MOST = 40;
const temp = await openTempDir();
const mayMount = await canMount(temp.path);
const why = mayMount ? '' : ' (needs root, to mount a small disk)';
let disks = 0;

describe.skipIf(!mayMount)(`the disk of a running watcher fails${why}`, () => {
  afterAll(() => temp[Symbol.asyncDispose]());

  test('the disk of the database is full: it says so, and nothing is lost when there is room again', async () => {
    await using disk = await openDisk();
    await using at = await Installation.open({ SENDIT_DATABASE_DIR: join(disk.path, 'database') });
    await at.start();
    await drop(at, 'BEFORE');
    await at.settled('BEFORE', 'DONE');
    await disk.fill();
    const names: string[] = [];
    // What the database has set aside for its log and tables is used up first.
    const dropUntilSaid = async (): Promise<boolean> => {
      if (names.length < MOST) {
        const name = `DURING${names.length}`;
        names.push(name);
        await drop(at, name, 200);
      }
      return saysSo(at);
    };
    await waitUntil('the failure to be said', dropUntilSaid, 240_000);
    await disk.free();
    await at.run('watcher', 'start', '--data', at.data);
    for (const name of ['BEFORE', ...names]) {
      expect(await at.settled(name, 'DONE', 120_000)).toMatchObject({ generation: 1 });
    }
    expect(await at.batches()).toHaveLength(1 + names.length);
  }, 400_000);

  test('the state directory lies on a read-only disk: the start says which and ends, and works when it can be written', async () => {
    await using disk = await openDisk();
    await using at = await Installation.open({ SENDIT_STATE_DIR: join(disk.path, 'state') });
    Object.assign(at.env, { TMPDIR: at.directory });
    const remount = (how: string) => promisify(execFile)('mount', ['-o', `remount,${how}`, disk.path]);
    await remount('ro');
    const refused = await at.run('watcher', 'start', '--data', at.data);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(join(disk.path, 'state'));
    expect(refused.stderr).toMatch(/read-only|EROFS/i);
    await remount('rw');
    const started = await at.run('watcher', 'start', '--data', at.data);
    expect([started.code, started.stderr]).toEqual([0, '']);
    expect((await at.run('watcher', 'stop')).stdout).toContain('Dicom watching has been stopped.');
  }, 300_000);

  test('the disk of the logs is full: imports go on, and the logs when there is room', async () => {
    await using disk = await openDisk();
    await using at = await Installation.open({
      SENDIT_OUT_FILE: join(disk.path, 'watcher.out'),
      SENDIT_ERR_FILE: join(disk.path, 'watcher.err'),
    });
    await at.start();
    await disk.fill();
    await drop(at, 'DURING');
    await at.settled('DURING', 'DONE');
    await disk.free();
    // The log is tried again a second after it last failed: until then lines are lost.
    let logged = '';
    for (let index = 0; index < 20 && !logged.includes(`LOG 3|SEALED: ${at.data}/AFTER`); index += 1) {
      await drop(at, `AFTER${index}`);
      await at.settled(`AFTER${index}`, 'DONE');
      logged = (await at.run('watcher', 'logs')).stdout;
    }
    expect(logged).toContain(`LOG 3|SEALED: ${at.data}/AFTER`);
  }, 200_000);
});

describe('the watched folder goes away under a running watcher', () => {
  test('status says so, and what came meanwhile is imported when it is back', async () => {
    await using at = await Installation.open();
    await at.start();
    await drop(at, 'BEFORE');
    await at.settled('BEFORE', 'DONE');
    const away = `${at.data}-away`;
    await rename(at.data, away);
    await waitUntil('status to name the problem', async () => (await at.status()).roots[0]?.problem);
    await writeSyntheticStudy(join(away, 'DURING'), { seed: 'DURING', series: [{ instances: 2, rows: 4 }] });
    await rename(away, at.data);
    expect(await at.settled('DURING', 'DONE', 120_000)).toMatchObject({ generation: 1, instances: 2 });
    await waitUntil('the problem to be over', async () => (await at.status()).roots[0]?.problem === null);
    expect(await at.batches()).toHaveLength(2);
  }, 300_000);
});

async function openDisk(): Promise<SmallDisk> {
  disks += 1;
  return openSmallDisk(join(temp.path, `disk-${disks}`), MIB);
}

/** By `status` while it runs, by its last words when it has ended. */
async function saysSo(at: Installation): Promise<boolean> {
  const { active, problems, roots } = await at.status();
  if (active) return [...problems, ...roots.map((root) => root.problem ?? '')].some((one) => /database/i.test(one));
  const { stdout } = await at.run('watcher', 'logs', '--err');
  return /ABRT .*database/i.test(stdout);
}

async function drop(at: Installation, name: string, instances = 2): Promise<void> {
  const arriving = join(at.data, `${name}.tmp`);
  await mkdir(arriving);
  await writeSyntheticStudy(arriving, { seed: name, series: [{ instances, rows: 4 }] });
  await rename(arriving, join(at.data, name));
}
