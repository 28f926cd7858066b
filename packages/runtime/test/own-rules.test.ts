import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openMemoryDir, waitUntil, writeSyntheticStudy } from '@sendit/testing';
import { expect, test } from 'vitest';
import { explainDirectory } from '../src/explain/explain-directory.ts';
import { loadSettings, openWatcher } from '../src/index.ts';

const EXAMPLE = join(import.meta.dirname, '../../detector/examples/own-rule.ts');
const REASON = 'it lacks a series of the protocol';

test('the example of a rule of one’s own decides in a running watcher, and explain says the same', async () => {
  await using at = await openMemoryDir();
  const data = join(at.path, 'data');
  await mkdir(data);
  await copyFile(EXAMPLE, join(at.path, 'own-rule.ts'));
  const profile = './own-rule.ts#rules' as const;
  const settings = await loadSettings({
    cwd: at.path,
    config: {
      portal: { enabled: false },
      quietMs: 200,
      watchPaths: [{ folder: 'data', events: 'IN_ALL_EVENTS', processor: 'DicomQueue', profile }],
    },
  });
  const watcher = await openWatcher(settings);
  const scan = join(data, 'L1');
  await writeSyntheticStudy(scan, { series: [{ instances: 1 }, { instances: 1 }] });
  await waitUntil('it to wait for a series', async () =>
    (await watcher.api.listPending({})).results.some(({ name, reason }) => name === 'L1' && reason === REASON),
  );
  const told = await explainDirectory(settings, scan);
  expect(told).toMatchObject({ finished: false, reason: REASON });
  expect(told.findings.map(({ rule }) => rule)).toContain('leastSeries');

  await writeSyntheticStudy(scan, { series: [{ instances: 1 }, { instances: 1 }, { instances: 1 }] });
  const batch = await waitUntil('it to be sealed', async () => (await watcher.api.listBatches({})).results[0]);
  expect(batch).toMatchObject({ name: 'L1' });
  await watcher.close();
});
