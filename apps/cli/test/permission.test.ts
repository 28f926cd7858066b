import { spawnSync } from 'node:child_process';
import { chmod, mkdir, open, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BatchStatus } from '@sendit/model';
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
      waitUntil(`${name} to be imported`, async () => (await api.showBatch({ ref: name }))?.status === 'DONE', 120_000);
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
      (await api.listPending({})).results.some(({ name, reason }) => name === 'CLOSED' && reason.includes('EACCES')),
    );
    await chmod(join(at.data, 'CLOSED'), 0o755);
    await done('CLOSED');
    const { results: batches } = await api.listBatches({});
    expect(batches.map(({ name, generation }) => `${name} ${generation}`).toSorted()).toEqual(
      ['BEFORE', 'CLOSED', 'DURING'].map((name) => `${name} 1`),
    );
  },
  300_000,
);

test.skipIf(!isRoot)(
  'a batch in ERROR goes through once it is accepted; one whose file cannot be read does too, or by itself when it can be (needs root, to be another user)',
  async () => {
    await using at = await Installation.open();
    const archive = join(at.directory, 'archive');
    await mkdir(archive);
    const watchPath = {
      folder: at.data,
      events: 'IN_ALL_EVENTS',
      processor: 'DicomQueue',
      rescanMs: 1000,
      oneStudyDate: true,
      actions: [{ kind: 'copy', to: archive }],
    };
    const config = { watchPaths: [watchPath], worker: { attempts: 1 } };
    await writeFile(join(at.directory, 'sendit.config.json'), JSON.stringify(config));
    await chmod(at.directory, 0o777);
    await chmod(archive, 0o777);
    const nobody = Number(spawnSync('id', ['-u', 'nobody']).stdout);
    await at.runAs(nobody, 'watcher', 'start', '--config', 'sendit.config.json');
    const { api } = at;
    const reach = (name: string, status: BatchStatus) =>
      waitUntil(
        `${name} to be ${status}`,
        async () => {
          const shown = await api.showBatch({ ref: name });
          return shown?.status === status ? shown : undefined;
        },
        120_000,
      );
    const copied = (name: string, files: readonly string[]) =>
      waitUntil(`the copy of ${name}`, async () => {
        const { results: actions } = await api.listActions({ batch: name });
        const names = await readdir(join(archive, name)).catch((): string[] => []);
        return actions.every(({ state }) => state === 'done') && names.sort().join() === files.join();
      });

    const mixed = join(at.directory, 'MIXED');
    for (const [seed, studyDate] of ['20240101', '20240102'].entries()) {
      await writeSyntheticStudy(join(mixed, String(seed)), { seed, studyDate, series: [{ instances: 1, rows: 4 }] });
    }
    await rename(mixed, join(at.data, 'MIXED'));
    expect((await reach('MIXED', 'ERROR')).reason).toBe('The batch has 2 different StudyDates.');
    const accepted = await at.run('batch', 'accept', 'MIXED', '--reason', 'scanned over midnight');
    expect([accepted.code, accepted.stdout]).toEqual([0, expect.stringContaining('is DONE, it was ERROR.')]);
    expect((await reach('MIXED', 'DONE')).auditList).toMatchObject([{ decision: 'accept', to: 'DONE' }]);
    await copied('MIXED', ['0', '1']);
    const refused = await at.run('batch', 'accept', 'MIXED', '--reason', 'again');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Only batches in ERROR')]);

    for (const name of ['MENDED', 'BROKEN']) await send(at, name, { instances: 2, closed: 'IM-0001-0002.dcm' });
    await reach('MENDED', 'HELD');
    const { reason } = await reach('BROKEN', 'HELD');
    expect(reason).toContain('EACCES');
    expect((await at.status()).problems).toContainEqual(
      expect.stringMatching(/^2 batches are held, .* cannot be read/),
    );
    await chmod(join(at.data, 'MENDED', 'IM-0001-0002.dcm'), 0o644);
    expect(await reach('MENDED', 'DONE')).toMatchObject({
      instances: 2,
      findingList: [{ code: 'touched-since-seal', severity: 'info' }],
    });
    expect(await at.json('batch', 'accept', 'BROKEN', '--reason', 'the disk lost it')).toMatchObject({ to: 'NEW' });
    expect(await reach('BROKEN', 'DONE')).toMatchObject({
      instances: 1,
      findingList: [{ code: 'not-read', severity: 'error', path: 'IM-0001-0002.dcm' }],
    });
    await copied('BROKEN', ['IM-0001-0001.dcm']);
    expect((await at.status()).problems).toEqual([]);
  },
  300_000,
);

test.skipIf(!isRoot)(
  'an ordinary user hears who still writes, where /proc hides it: the directory is held at its deadline, and sealed once the file is closed (needs root, to be another user)',
  async () => {
    await using at = await Installation.open();
    const watchPath = { folder: at.data, events: 'IN_ALL_EVENTS', processor: 'DicomQueue', maxWaitMs: 2_000 };
    await writeFile(join(at.directory, 'sendit.config.json'), JSON.stringify({ watchPaths: [watchPath] }));
    await chmod(at.directory, 0o777);
    const nobody = Number(spawnSync('id', ['-u', 'nobody']).stdout);
    const started = await at.runAs(nobody, 'watcher', 'start', '--config', 'sendit.config.json');
    expect([started.code, started.stdout]).toEqual([0, expect.not.stringContaining('It cannot be seen')]);
    const { api } = at;
    const pending = async () => (await api.listPending({})).results.find(({ name }) => name === 'STALLED');
    await mkdir(join(at.data, 'STALLED'));
    await waitUntil('it to be seen', pending);
    await writeSyntheticStudy(join(at.data, 'STALLED'), { seed: 'S', series: [{ instances: 2, rows: 4 }] });
    {
      await using stalled = await open(join(at.data, 'STALLED', 'IM-0001-0002.dcm'), 'r+');
      await stalled.write('x', 0);
      const isHeld = async () => {
        const { outcome, reason } = (await pending()) ?? {};
        return outcome === 'hold' && reason === 'a file in it was written and not closed since';
      };
      await waitUntil('it to be held, as its file is open', isHeld, 60_000);
      expect(await pending()).toMatchObject({ writing: { files: 1, example: 'IM-0001-0002.dcm' } });
      const explained = await at.runAs(nobody, 'explain', join(at.data, 'STALLED'), '--config', 'sendit.config.json');
      expect(explained.stdout).toMatch(/noOpenWriter +veto +no +a file in it was written and not closed since/);
    }
    await waitUntil(
      'it to be sealed',
      async () => (await api.showBatch({ ref: 'STALLED' }))?.status === 'DONE',
      60_000,
    );
    expect((await api.status()).roots[0]?.notes).toEqual([]);
  },
  300_000,
);

async function send(
  at: Installation,
  name: string,
  { closed, instances = 1 }: { readonly instances?: number; readonly closed?: string } = {},
): Promise<void> {
  const arriving = join(at.directory, name);
  await writeSyntheticStudy(arriving, { seed: name, series: [{ instances, rows: 4 }] });
  if (closed !== undefined) await chmod(join(arriving, closed), 0);
  await rename(arriving, join(at.data, name));
}
