import { copyFile, mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRecordingLogger, openMemoryDir, waitUntil, writeSyntheticStudy } from '@sendit/testing';
import { expect, test } from 'vitest';
import { loadSettings, openWatcher } from '../src/index.ts';

const CHECK = join(import.meta.dirname, '../../importer/examples/few-slices.ts');
const EXAMPLE = join(import.meta.dirname, '../../actions/examples/thumbnails.ts');
const FAILING = `import { SenditError } from '@sendit/model';
import { existsSync } from 'node:fs';
import { defineStep } from '@sendit/actions';
export const failing = defineStep('failing', (batch) => {
  if (!existsSync(new URL('mended', import.meta.url))) throw new SenditError('no room', { code: 'refused', retry: 'never' });
});
`;

test('the examples of a check and of a step run: the step runs after an import, before the actions; one that fails stops nothing else, and is run again', async () => {
  await using at = await openMemoryDir();
  const data = join(at.path, 'data');
  for (const name of ['data', 'archive']) await mkdir(join(at.path, name));
  await copyFile(EXAMPLE, join(at.path, 'thumbnails.ts'));
  await copyFile(CHECK, join(at.path, 'few-slices.ts'));
  await writeFile(join(at.path, 'failing.ts'), FAILING);
  const settings = await loadSettings({
    cwd: at.path,
    config: {
      portal: { enabled: false },
      findings: { 'own-few-slices': 'info' },
      worker: {
        checks: ['./few-slices.ts#fewSlices'],
        steps: ['./thumbnails.ts#thumbnails', { module: './failing.ts#failing' }],
      },
      watchPaths: [
        {
          folder: 'data',
          events: 'IN_ALL_EVENTS',
          processor: 'DicomQueue',
          actions: [{ kind: 'copy', to: './archive' }],
        },
      ],
    },
  });
  const logger = createRecordingLogger();
  const watcher = await openWatcher(settings, { logger });
  await writeSyntheticStudy(join(data, 'L1.tmp'), { series: [{ instances: 2 }] });
  await rename(join(data, 'L1.tmp'), join(data, 'L1'));
  const failed = await waitUntil('the second step to fail', async () => {
    const { results } = await watcher.api.listActions({ state: 'failed', limit: 1 });
    return results[0];
  });
  expect(failed).toMatchObject({ name: 'failing', kind: 'step', attempts: 1, reason: 'it threw refused' });
  expect((await watcher.api.status()).problems).toEqual([expect.stringMatching(/^1 hand-on action has failed/)]);
  const batch = await watcher.api.showBatch({ ref: 'L1' });
  expect(batch).toMatchObject({
    status: 'DONE',
    findingList: [{ code: 'own-few-slices', severity: 'info' }],
    actionList: [
      { name: 'thumbnails', kind: 'step', state: 'done', progress: { done: 2, total: 2 } },
      { name: 'failing' },
      { kind: 'copy', state: 'pending', attempts: 0 },
    ],
  });
  const [first] = batch?.actionList ?? [];
  expect(await readdir(join(at.path, 'thumbnails', first?.id ?? ''))).toHaveLength(2);
  expect(logger.lines.some(({ message }) => /The step said: no room \(.*failing\.ts:5:/.test(message))).toBe(true);
  await writeFile(join(at.path, 'mended'), '');
  await watcher.api.retryActions({ batch: 'L1' });
  await waitUntil('the copy', async () => (await readdir(join(at.path, 'archive'))).includes('L1') || undefined);
  await watcher.close();
});
