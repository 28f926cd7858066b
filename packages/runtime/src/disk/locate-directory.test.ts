import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openTempDir } from '@sendit/testing';
import { expect, test } from 'vitest';
import { locateDirectory } from './locate-directory.ts';

test('a directory that the system does not show is not gone: nothing is decided about it', async () => {
  await using dir = await openTempDir();
  const folder = join(dir.path, 'data');
  await mkdir(join(folder, 'SCAN'), { recursive: true });
  await chmod(dir.path, 0o755);
  await chmod(folder, 0o755);
  const watchPath = {
    folder,
    testPrefix: 'test',
    ignore: [],
    arrivingNames: [],
    rootId: async () => '1',
  } as const;
  const locate = (ref: string) => locateDirectory(ref, [watchPath], { isOwnHost: true });
  expect(await locate(join(folder, 'SCAN'))).toMatchObject({ relativePath: 'SCAN', exists: true });
  expect(await locate(join(folder, 'NONE'))).toMatchObject({ relativePath: 'NONE', exists: false, identity: null });
  const uid = process.geteuid?.();
  await chmod(folder, 0);
  if (uid === 0) process.seteuid?.(65_534);
  try {
    for (const ref of [join(folder, 'SCAN'), 'SCAN']) {
      await expect(locate(ref)).rejects.toMatchObject({ code: 'unreadable', problems: ['EACCES'] });
    }
  } finally {
    if (uid === 0) process.seteuid?.(0);
    await chmod(folder, 0o755);
  }
});
