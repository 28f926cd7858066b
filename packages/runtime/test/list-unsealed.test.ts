import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTempDir } from '@sendit/testing';
import { expect, test } from 'vitest';
import { listUnsealed } from '../src/explain/list-unsealed.ts';
import { loadSettings } from '../src/index.ts';

/** Nothing is recorded, and nothing was decided. */
const NOTHING = {
  listPending: async () => ({ count: 0, results: [], next: null, previous: null }),
  showBatch: async () => undefined,
};

test.each(['directory', 'series', 'study'] as const)(
  'without a watcher a watch path of unit %s that cannot be read is told, and the others are listed all the same',
  async (unit) => {
    await using temp = await openTempDir();
    const [gone, data] = [join(temp.path, 'gone'), join(temp.path, 'data')];
    await mkdir(gone);
    await mkdir(join(data, 'scan.tmp'), { recursive: true });
    await writeFile(join(data, 'scan.tmp', 'a.dcm'), 'x');
    const watchPaths = [gone, data].map((folder) => ({
      folder,
      events: 'IN_ALL_EVENTS',
      processor: 'DicomQueue',
      unit,
    }));
    const settings = await loadSettings({ config: { watchPaths }, cwd: temp.path });
    await rm(gone, { recursive: true });
    const listed = await listUnsealed(settings, NOTHING);
    expect(listed.map(({ path, reason }) => [path, reason])).toEqual([
      [gone, 'the watch path cannot be read (ENOENT): what lies in it is not listed'],
      [join(data, 'scan.tmp'), unit === 'directory' ? 'its name ends in .tmp*' : 'its name is not final'],
    ]);
  },
);
