import type { BatchDetail } from '@sendit/api';
import { spawn } from 'node:child_process';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LATE_POLICIES, type LatePolicy } from '@sendit/model';
import { describeWith, type SharedPostgres, sharedPostgres, waitUntil, writeSyntheticStudy } from '@sendit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Installation } from './harness.ts';

const WORKER = fileURLToPath(new URL('../bin/worker.js', import.meta.url));
const TIMEOUT_MS = 180_000;

// One watcher for all, with a watch path for each policy; on PostgreSQL, since there nothing is imported before a worker is started.
describeWith(['postgres'], 'a directory that changes after its seal, by the policy of its watch path', () => {
  let postgres: SharedPostgres;
  let at: Installation;

  beforeAll(async () => {
    postgres = await sharedPostgres();
    at = await Installation.open({
      DATABASE_URL: await postgres.createDatabase(),
      SENDIT_QUIET_MS: '300',
      SENDIT_WORKER_ATTEMPTS: '2',
      SENDIT_WORKER_BACKOFF_MS: '10',
    });
    for (const late of LATE_POLICIES) await mkdir(join(at.directory, late));
    const watchPaths = LATE_POLICIES.map((late) => ({
      folder: `./${late}`,
      events: 'IN_ALL_EVENTS',
      processor: 'DicomQueue',
      name: late,
      rescanMs: 1_000,
      late,
    }));
    await writeFile(join(at.directory, 'sendit.config.json'), JSON.stringify({ watchPaths }));
    await at.start('--config', 'sendit.config.json');
  }, TIMEOUT_MS);
  afterAll(async () => {
    await at[Symbol.asyncDispose]();
    await postgres[Symbol.asyncDispose]();
  });

  test(
    'files that vanish before the import hold the batch; when they are back it is reopened by itself and done',
    async () => {
      const path = await drop('ignore', 'GONE');
      await at.settled('GONE', 'QUEUE');
      await rename(path, join(at.directory, 'GONE'));
      // For this case, and those after it.
      const env = { ...process.env, ...at.env };
      at.adopt(spawn(process.execPath, [WORKER], { cwd: at.directory, env, stdio: 'ignore' }));
      const { id } = await at.settled('GONE', 'HELD');
      expect(await at.api.showBatch({ ref: id })).toMatchObject({ attempts: 2, instances: 0 });

      await rename(join(at.directory, 'GONE'), path);
      await at.logged(`LOG 3|REOPENED: ${path}`);
      expect(await at.settled('GONE', 'DONE')).toMatchObject({ id, generation: 1, instances: 2 });
      expect(await generations('GONE')).toHaveLength(1);
    },
    TIMEOUT_MS,
  );

  test(
    'ignore: it is told and counted, and nothing is imported',
    async () => {
      const path = await dropAndAdd('ignore', 'IGNORED');
      await at.logged(`LOG 3|LATE: ${path}`);
      // Its quiet time begins after the one of the late file.
      await writeStudy(join(at.directory, 'ignore', 'AFTER'), 'AFTER');
      expect(await at.settled('AFTER', 'DONE')).toMatchObject({ instances: 2 });
      expect(await generations('IGNORED')).toMatchObject([
        { generation: 1, status: 'DONE', files: 2, instances: 2, lateChanges: 1 },
      ]);
      expect((await at.api.status()).roots.find(({ name }) => name === 'ignore')).toMatchObject({ lateChanges: 1 });
    },
    TIMEOUT_MS,
  );

  test(
    'amend: what came late alone is the next generation',
    async () => {
      await dropAndAdd('amend', 'AMENDED');
      await nextGeneration('AMENDED', 'DONE');
      expect(await generations('AMENDED')).toMatchObject([
        { generation: 1, status: 'DONE', files: 2, instances: 2, isDelta: false, lateChanges: 1 },
        { generation: 2, status: 'DONE', files: 1, instances: 1, isDelta: true, duplicates: 0 },
      ]);
    },
    TIMEOUT_MS,
  );

  test(
    'whole: everything is imported again as the next generation, and counts once',
    async () => {
      await dropAndAdd('whole', 'WHOLE');
      await nextGeneration('WHOLE', 'DONE');
      expect(await generations('WHOLE')).toMatchObject([
        { generation: 1, status: 'DONE', files: 2, instances: 2, lateChanges: 1 },
        { generation: 2, status: 'DONE', files: 3, instances: 3, isDelta: false, duplicates: 2 },
      ]);
    },
    TIMEOUT_MS,
  );

  test(
    'hold: the next generation waits for a person, and is imported when it is released',
    async () => {
      await dropAndAdd('hold', 'KEPT');
      const { id, reason } = await nextGeneration('KEPT', 'HELD');
      expect(reason).toContain('after the seal');
      const released = await at.run('batch', 'release', id, '--reason', 'They belong to it.');
      expect(released).toMatchObject({ code: 0, stderr: '' });
      await nextGeneration('KEPT', 'DONE');
      expect(await generations('KEPT')).toMatchObject([
        { generation: 1, status: 'DONE', instances: 2, lateChanges: 1 },
        { id, generation: 2, status: 'DONE', files: 3, instances: 3 },
      ]);
    },
    TIMEOUT_MS,
  );

  /** Two images of one study, renamed into place; its path. */
  async function drop(policy: LatePolicy, name: string): Promise<string> {
    const path = join(at.directory, policy, name);
    await writeStudy(`${path}.tmp`, name);
    await rename(`${path}.tmp`, path);
    return path;
  }

  /** The same, imported, and then a third image of another series beside them. */
  async function dropAndAdd(policy: LatePolicy, name: string): Promise<string> {
    const path = await drop(policy, name);
    await at.settled(name, 'DONE');
    const { files } = await writeSyntheticStudy(join(at.directory, `${name}-late`), {
      seed: `${name} late`,
      series: [{ instances: 1, rows: 4 }],
    });
    await rename(String(files[0]), join(path, 'late.dcm'));
    return path;
  }

  function writeStudy(path: string, seed: string) {
    return writeSyntheticStudy(path, { seed, series: [{ instances: 2, rows: 4 }] });
  }

  function nextGeneration(name: string, status: string): Promise<BatchDetail> {
    return waitUntil(
      `generation 2 of ${name} to be ${status}`,
      async () => {
        const batch = await at.api.showBatch({ ref: name });
        return batch?.generation === 2 && batch.status === status ? batch : undefined;
      },
      60_000,
    );
  }

  /** Every batch of a directory, the oldest first. */
  async function generations(name: string): Promise<readonly (BatchDetail | undefined)[]> {
    const own = (await at.api.listBatches({})).results.filter((batch) => batch.name === name);
    return await Promise.all(own.toReversed().map(({ id }) => at.api.showBatch({ ref: id })));
  }
});
