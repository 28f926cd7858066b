import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ManifestFile } from '@sendit/model';
import { expect, onTestFinished, test } from 'vitest';
import { findRefusal } from '../src/node.ts';
import { asNobody } from './nobody.ts';

const file = (path: string): ManifestFile => ({ path, bytes: 1, mtimeNs: 0n, inode: 1n });

async function* parts(...paths: readonly string[]): AsyncGenerator<readonly ManifestFile[]> {
  for (const path of paths) yield [file(path)];
}

test('what is there can be read, what is gone or a link is answered by the import, and a refusal is told by its code', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'sendit-refusal-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  await chmod(dir, 0o755);
  await mkdir(join(dir, 'deep'));
  await writeFile(join(dir, 'deep', 'a'), 'x');
  await writeFile(join(dir, 'empty'), '');
  await writeFile(join(dir, 'closed'), 'x');
  await symlink('closed', join(dir, 'link'));
  await chmod(join(dir, 'closed'), 0);
  const find = (...paths: readonly string[]) =>
    asNobody(() => findRefusal(dir, parts(...paths), new AbortController().signal));
  expect(await find('deep/a', 'empty', 'link', 'gone', 'gone/too', 'deep')).toBeUndefined();
  expect(await find('deep/a', 'closed', 'empty')).toBe('EACCES');
  await chmod(join(dir, 'deep'), 0);
  expect(await find('empty', 'deep/a')).toBe('EACCES');
  await expect(findRefusal(dir, parts('empty'), AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
});
