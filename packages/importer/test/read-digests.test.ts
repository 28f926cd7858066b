import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { silentLogger } from '@sendit/model';
import { openTempDir, writeSyntheticStudy } from '@sendit/testing';
import { expect, test } from 'vitest';
import { importBatch, openInlineHeaders, readDigests } from '../src/index.ts';
import { never } from './import-directory.ts';
import { MemoryStore } from './memory-store.ts';

test.each(['file', 'header'] as const)(
  'digests that are made anew are those of the import, with `worker.hash: %s`',
  async (scope) => {
    await using dir = await openTempDir();
    const study = await writeSyntheticStudy(dir.path, { series: [{ instances: 3 }] });
    const store = new MemoryStore(dir.path);
    await store.seal();
    const readers = openInlineHeaders();
    const policy = { hash: { scope, algorithm: 'xxh128' } } as const;
    await importBatch(store.job, { store, readers, policy, logger: silentLogger }, never);
    const kept = store.results.flatMap(({ instances }) => instances);
    const place = { directory: dir.path, mayBeLink: true };
    const files = kept.flatMap(({ digestAlgorithm, path }) =>
      digestAlgorithm === null ? [] : { path, algorithm: digestAlgorithm },
    );
    const again = await readDigests(place, files, readers, never);
    expect(again).toEqual(new Map(kept.map(({ digest, path }) => [path, digest])));
    expect(again.size).toBe(3);
    const [first = ''] = study.files;
    await writeFile(first, 'no image any more');
    const gone = { path: 'gone.dcm', algorithm: 'xxh128-dataset' } as const;
    const later = await readDigests(place, [...files, gone], readers, never);
    expect(later.get('gone.dcm')).toBeNull();
    expect(later.get(basename(first))).not.toBe(again.get(basename(first)));
    expect(later.get(basename(first))).not.toBeNull();
    expect(join(dir.path, basename(first))).toBe(first);
  },
);
