import type { HeaderSighting } from '@sendit/detector';
import type { ManifestFile } from '@sendit/model';
import { expect, test } from 'vitest';
import { HeaderFacts } from './header-facts.ts';

const { signal } = new AbortController();

function setUp() {
  const asked: string[] = [];
  const none = new Set<string>();
  const facts = new HeaderFacts(async (_folder, paths) => {
    asked.push(...paths);
    return paths.map((path): HeaderSighting => {
      if (none.has(path)) return { kind: 'none', reason: 'it is not a DICOM file' };
      const nothing = { instanceNumber: null, imagesInAcquisition: null, numberOfSlices: null, position: [] };
      const uids = { studyInstanceUid: '1', seriesInstanceUid: '1.1', sopInstanceUid: path };
      return { kind: 'header', header: { ...nothing, ...uids, orientation: '', isWhole: true } };
    });
  });
  const read = async (files: readonly ManifestFile[]): Promise<number> =>
    (await facts.read('/data/scan', { files }, signal)).instances;
  return { asked, none, read };
}

const file = (path: string, mtimeNs = 1n): ManifestFile => ({ path, bytes: 10, mtimeNs, inode: 1n });

test('a header is read once, until its file changes', async () => {
  const { asked, read } = setUp();
  expect(await read([file('a'), file('b')])).toBe(2);
  expect(await read([file('a'), file('b', 2n), file('c')])).toBe(3);
  expect(await read([file('c')])).toBe(1);
  expect(asked).toEqual(['a', 'b', 'b', 'c']);
});

test('a file without a header is asked again: it may be on its way, or have been refused', async () => {
  const { asked, none, read } = setUp();
  none.add('a');
  expect(await read([file('a')])).toBe(0);
  none.clear();
  expect(await read([file('a')])).toBe(1);
  expect(asked).toEqual(['a', 'a']);
});

test('a name that is not UTF-8 is not asked for', async () => {
  const { asked, read } = setUp();
  expect(await read([{ ...file('\ufffd'), rawPath: Buffer.from([0xff]) }])).toBe(0);
  expect(asked).toEqual([]);
});
