import { join } from 'node:path';
import { toBytePath } from '@sendit/files';
import { openTempDir, writeSyntheticStudy } from '@sendit/testing';
import { expect, test } from 'vitest';
import type { Hasher } from '../src/digest-file.ts';
import { readChunk } from '../src/read-chunk.ts';

const read = async (code: string) => {
  await using dir = await openTempDir();
  await writeSyntheticStudy(join(dir.path, 'a'), { series: [{ instances: 1 }] });
  const begin = () => ({
    update: () => {
      throw Object.assign(new Error('refused'), { code, syscall: 'read' });
    },
    digest: () => '',
  });
  const hasher: Hasher = { scope: 'file', begin, beginFile: begin };
  return readChunk(
    { directory: toBytePath(join(dir.path, 'a')), mayBeLink: false, paths: ['IM-0001-0001.dcm'] },
    hasher,
  );
};

test.each(['EIO', 'EACCES', 'ESTALE', 'EPERM'])(
  'a file whose bytes end in %s after its header is unreadable',
  async (code) => {
    expect(await read(code)).toMatchObject([{ header: { kind: 'unreadable', code }, digest: null }]);
  },
);

test('a file that is gone after its header was read keeps its record, without a digest', async () => {
  expect(await read('ENOENT')).toMatchObject([{ header: { kind: 'dicom' }, digest: null }]);
});
