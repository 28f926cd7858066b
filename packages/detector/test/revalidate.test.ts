import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lookAtFolder, readTree } from '../src/node.ts';

const { signal } = new AbortController();

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sendit-revalidate-'));
  await mkdir(join(root, 'deep'));
  await writeFile(join(root, 'deep/old'), 'x');
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

/** A mount that shows what came last only to who asks: the file in its size, the directory with what is new in it. */
async function show(path: string | Uint8Array): Promise<void> {
  const at = Buffer.from(path).toString();
  if (at === join(root, 'deep')) await writeFile(join(root, 'deep/new'), 'y');
  if (at === join(root, 'deep/old')) await appendFile(at, 'xx');
}

test('a look sees each directory and file as it is once the mount was asked for it', async () => {
  const { files, listing } = await lookAtFolder(root, signal, { revalidate: show });
  expect([...files].map(({ path, bytes }) => [path, bytes])).toEqual([
    ['deep/new', 1],
    ['deep/old', 3],
  ]);
  expect(listing).toMatchObject({ files: 2, bytes: 4 });
});

test('so does the listing of a tree', async () => {
  const paths: string[] = [];
  const tree = readTree(root, { below: '', skips: () => false, revalidate: show }, signal);
  for await (const portion of tree) paths.push(...portion.map(({ path }) => path));
  expect(paths.toSorted()).toEqual(['deep/new', 'deep/old']);
});
