import { copyFile, mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { openMemoryDir, waitUntil, writeSyntheticStudy } from '@sendit/testing';
import { expect, test } from 'vitest';
import { loadSettings, openWatcher } from '../src/index.ts';

const EXAMPLE = join(import.meta.dirname, '../../actions/examples/keep-list.ts');

test('the example of an action of one’s own runs after an import, where no package is installed beside it', async () => {
  await using at = await openMemoryDir();
  const data = join(at.path, 'data');
  await mkdir(data);
  await copyFile(EXAMPLE, join(at.path, 'keep-list.ts'));
  const settings = await loadSettings({
    cwd: at.path,
    config: {
      portal: { enabled: false },
      watchPaths: [
        {
          folder: 'data',
          events: 'IN_ALL_EVENTS',
          processor: 'DicomQueue',
          actions: [{ kind: 'module', module: './keep-list.ts#keepList' }],
        },
      ],
    },
  });
  const watcher = await openWatcher(settings);
  await writeSyntheticStudy(join(data, 'L1.tmp'), { series: [{ instances: 2 }] });
  await rename(join(data, 'L1.tmp'), join(data, 'L1'));
  const [action] = await waitUntil('the action to be done', async () => {
    const { results: done } = await watcher.api.listActions({ state: 'done', limit: 1 });
    return done.length === 0 ? undefined : done;
  });
  expect(action).toMatchObject({ kind: 'module', name: 'module', attempts: 1 });
  const batchId = (await watcher.api.listBatches({})).results[0]?.id ?? '';
  const list = (await readFile(join(at.path, 'lists', `${batchId}.txt`), 'utf8')).trim().split('\n');
  expect(list).toHaveLength(2);
  expect(list.every((path) => path.startsWith(join(data, 'L1/')))).toBe(true);
  await watcher.close();
});
