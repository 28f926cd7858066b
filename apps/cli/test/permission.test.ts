import { spawnSync } from 'node:child_process';
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil, writeSyntheticStudy } from '@sendit/testing';
import { expect, test } from 'vitest';
import { Installation } from './harness.ts';

const isRoot = process.getuid?.() === 0;

test.skipIf(!isRoot)(
  'permission is lost under a running watcher: it says so, goes on when it is back, and loses nothing (needs root, to be another user)',
  async () => {
    await using at = await Installation.open();
    const watchPath = { folder: at.data, events: 'IN_ALL_EVENTS', processor: 'DicomQueue', rescanMs: 1000 };
    await writeFile(join(at.directory, 'sendit.config.json'), JSON.stringify({ watchPaths: [watchPath] }));
    await chmod(at.directory, 0o777);
    const nobody = Number(spawnSync('id', ['-u', 'nobody']).stdout);
    const started = await at.runAs(nobody, 'watcher', 'start', '--config', 'sendit.config.json');
    expect([started.code, started.stdout]).toEqual([0, expect.stringContaining('The watcher runs')]);
    const { api } = at;
    const done = (name: string) =>
      waitUntil(`${name} to be imported`, async () => (await api.showBatch(name))?.status === 'DONE', 120_000);
    const problem = async () => (await api.status()).roots[0]?.problem ?? null;
    await send(at, 'BEFORE');
    await done('BEFORE');

    await chmod(at.data, 0o000);
    await send(at, 'DURING');
    await waitUntil('status to name the problem', async () => /EACCES|permission/i.test((await problem()) ?? ''));
    await chmod(at.data, 0o755);
    await done('DURING');
    await waitUntil('the problem to be over', async () => (await problem()) === null);

    // One directory alone is no problem of the watch path: it waits, with the reason.
    await mkdir(join(at.data, 'CLOSED.tmp'));
    await writeSyntheticStudy(join(at.data, 'CLOSED.tmp'), { seed: 'C', series: [{ instances: 1, rows: 4 }] });
    await chmod(join(at.data, 'CLOSED.tmp'), 0o700);
    await rename(join(at.data, 'CLOSED.tmp'), join(at.data, 'CLOSED'));
    await waitUntil('it to wait for its permission', async () =>
      (await api.listPending()).some(({ name, reason }) => name === 'CLOSED' && reason.includes('EACCES')),
    );
    await chmod(join(at.data, 'CLOSED'), 0o755);
    await done('CLOSED');
    const batches = await api.listBatches({});
    expect(batches.map(({ name, generation }) => `${name} ${generation}`).toSorted()).toEqual(
      ['BEFORE', 'CLOSED', 'DURING'].map((name) => `${name} 1`),
    );
  },
  300_000,
);

async function send(at: Installation, name: string): Promise<void> {
  const arriving = join(at.directory, name);
  await writeSyntheticStudy(arriving, { seed: name, series: [{ instances: 1, rows: 4 }] });
  await rename(arriving, join(at.data, name));
}
