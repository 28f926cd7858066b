import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SenditApi } from '@sendit/api';
import { openMemoryDir, waitUntil, writeSyntheticStudy } from '@sendit/testing';
import { expect, test } from 'vitest';
import { loadSettings, openWatcher } from '../src/index.ts';

/** An installation whose database can be put back to what it was. */
async function openPlace() {
  const temp = await openMemoryDir();
  const at = (name: string): string => join(temp.path, name);
  await mkdir(at('data'));
  const config = {
    watchPaths: [['data', 'IN_ALL_EVENTS', 'DicomQueue']] as [string, string, string][],
    portal: { enabled: false },
    stateDir: at('state'),
  };
  const settings = await loadSettings({ config, cwd: temp.path });
  return {
    watch: () => openWatcher(settings),
    /** Each has a study of its own. */
    deliver: async (...names: readonly string[]) => {
      for (const name of names) {
        await writeSyntheticStudy(at(`data/${name}.tmp`), { seed: name.charCodeAt(0), series: [{ instances: 2 }] });
        await rename(at(`data/${name}.tmp`), at(`data/${name}`));
      }
    },
    backUp: () => cp(at('state'), at('backup'), { recursive: true }),
    restore: async () => {
      await rm(at('state'), { recursive: true });
      await rename(at('backup'), at('state'));
    },
    [Symbol.asyncDispose]: () => temp[Symbol.asyncDispose](),
  };
}

async function done(api: SenditApi, ...names: readonly string[]): Promise<void> {
  await waitUntil(`${names.join(', ')} to be DONE`, async () => {
    const { results } = await api.listBatches({ status: ['DONE'] });
    return names.every((name) => results.some((batch) => batch.name === name));
  });
}

test('with the database of yesterday and the folder of today nothing is imported twice, and nothing missed', async () => {
  await using place = await openPlace();
  const first = await place.watch();
  await place.deliver('a', 'b');
  await done(first.api, 'a', 'b');
  const pruned = await first.api.pruneBatches({ endedBefore: '2999-01-01T00:00:00.000Z', limit: 1, dryRun: false });
  expect(pruned).toMatchObject({ batches: 1, files: 2 });
  await first.close();
  await place.backUp();
  const second = await place.watch();
  await place.deliver('c');
  await done(second.api, 'c');
  await second.close();
  await place.restore();
  await place.deliver('d');
  const third = await place.watch();
  await done(third.api, 'c', 'd');
  const { results } = await third.api.listBatches({});
  const told = results.map(({ generation, instances, name, status }) => `${name} ${status} ${generation} ${instances}`);
  expect(told.toSorted()).toEqual(['a DONE 1 2', 'b DONE 1 2', 'c DONE 1 2', 'd DONE 1 2']);
  expect(await third.api.listImages({ limit: 20 })).toMatchObject({ count: 8 });
  await third.close();
});
