import { join } from 'node:path';
import { toBytePath, OwnFolders } from '@sendit/files';
import { toHandle } from '@sendit/model';
import { openTempDir, writeSyntheticStudy } from '@sendit/testing';
import { expect, test, vi } from 'vitest';
import { openAdaptiveHeaders } from '../src/adaptive-headers.ts';
import type { HeaderPool, HeaderRequest } from '../src/header-readers.ts';
import { openInlineHeaders } from '../src/inline-headers.ts';
import { listFiles } from '../src/list-files.ts';

const never = new AbortController().signal;

/** Threads that note what they were asked for. */
function newThreads(): HeaderPool & { readonly asked: HeaderRequest[] } {
  const asked: HeaderRequest[] = [];
  const inline = openInlineHeaders();
  return {
    asked,
    readHeaders: (request, signal) => {
      asked.push(request);
      return inline.readHeaders(request, signal);
    },
    ...toHandle(() => inline.close()),
  };
}

async function read(msPerFile: number, isNetwork = false) {
  await using dir = await openTempDir();
  await writeSyntheticStudy(dir.path, { series: [{ instances: 60, rows: 2 }] });
  const { files } = await listFiles({ id: '1', path: dir.path }, never);
  const threads = newThreads();
  const networkThreads = newThreads();
  let time = 0;
  const now = () => (time += msPerFile);
  await using readers = openAdaptiveHeaders({ threads, networkThreads, now, isNetwork: async () => isNetwork });
  const paths: string[] = [];
  for await (const records of readers.readHeaders({ directory: toBytePath(dir.path), paths: files }, never)) {
    paths.push(...records.map((record) => record.path));
  }
  return {
    inOrder: paths.join() === files.join(),
    inThreads: threads.asked.flatMap((request) => request.paths).length,
    inNetworkThreads: networkThreads.asked.flatMap((request) => request.paths).length,
  };
}

test('files that come fast are read in this thread', async () => {
  expect(await read(0.01)).toEqual({ inOrder: true, inThreads: 0, inNetworkThreads: 0 });
});

test('of many files in one turn each directory on the way is opened once', async () => {
  await using dir = await openTempDir();
  await writeSyntheticStudy(join(dir.path, 'study'), { layout: 'by-series', series: [{ instances: 60, rows: 2 }] });
  const { files } = await listFiles({ id: '1', path: dir.path }, never);
  const threads = newThreads();
  await using readers = openAdaptiveHeaders({
    threads,
    networkThreads: threads,
    now: () => 0,
    isNetwork: async () => false,
  });
  const opened = vi.spyOn(OwnFolders.prototype, Symbol.dispose);
  let read = 0;
  for await (const records of readers.readHeaders({ directory: toBytePath(dir.path), paths: files }, never)) {
    read += records.filter(({ header }) => header.kind === 'dicom').length;
  }
  expect({ read, caches: opened.mock.calls.length }).toEqual({ read: 60, caches: 1 });
  opened.mockRestore();
});

test('when files come slowly the rest is read in threads', async () => {
  expect(await read(1)).toEqual({ inOrder: true, inThreads: 52, inNetworkThreads: 0 });
});

test('what lies on a network is read in the threads for it from the first file on', async () => {
  expect(await read(0.01, true)).toEqual({ inOrder: true, inThreads: 0, inNetworkThreads: 60 });
});

test('an abort ends the reading between two turns', async () => {
  const controller = new AbortController();
  controller.abort(new Error('stopping'));
  await using readers = openAdaptiveHeaders({
    threads: newThreads(),
    networkThreads: newThreads(),
    isNetwork: async () => false,
  });
  const reading = async () => {
    for await (const records of readers.readHeaders({ directory: '/nowhere', paths: ['a'] }, controller.signal)) {
      expect(records).toEqual([]);
    }
  };
  await expect(reading()).rejects.toThrow('stopping');
});
