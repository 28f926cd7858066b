import type * as fsPromises from 'node:fs/promises';
import { mkdir, open, readdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { openTempDir } from '@sendit/testing';
import { expect, test, vi } from 'vitest';
import { placeBatch } from '../src/place/place-batch.ts';
import { attemptOf, inParts, readTree, seal } from './fixtures.ts';

vi.mock('node:fs/promises', async (original) => ({
  ...(await original<typeof fsPromises>()),
  link: refuse,
}));

/** As CIFS, exFAT and some FUSE mounts answer to chmod, utimes and link. */
async function refuse(): Promise<never> {
  throw Object.assign(new Error('EPERM'), { code: 'EPERM', syscall: 'link' });
}

async function openRefusingPlace() {
  const temp = await openTempDir();
  const [folder, target] = [join(temp.path, 'data'), join(temp.path, 'smb')];
  await mkdir(target);
  const sealed = await seal(join(folder, 'L1'), { 'a.dcm': 'first', 'deep/b.dcm': 'second' });
  const handle = await open(target);
  const prototype = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  const spies = [vi.spyOn(prototype, 'chmod'), vi.spyOn(prototype, 'utimes')].map((spy) =>
    spy.mockImplementation(refuse),
  );
  return {
    folder,
    target,
    place: (kind: 'copy' | 'move', afterStep?: (step: string) => void) =>
      placeBatch(
        { kind, name: 'away', to: target, attempts: 1, backoffMs: 0 },
        attemptOf(join(folder, 'L1'), { files: 2 }),
        { folder, files: () => inParts(sealed), notePlaced: async () => true, ...(afterStep && { afterStep }) },
        new AbortController().signal,
      ),
    spies,
    [Symbol.asyncDispose]: async () => {
      for (const spy of spies) spy.mockRestore();
      await temp[Symbol.asyncDispose]();
    },
  };
}

test.each(['copy', 'move'] as const)(
  'a target that keeps neither times nor modes nor links gets the files of a %s, and nothing unfinished stays there',
  async (kind) => {
    await using at = await openRefusingPlace();
    expect(await at.place(kind)).toEqual({ kind: 'done', code: null });
    for (const spy of at.spies) expect(spy).toHaveBeenCalled();
    expect(await readdir(at.target)).toEqual(['L1']);
    expect(await readTree(join(at.target, 'L1'))).toEqual({ 'a.dcm': 'first', 'deep/b.dcm': 'second' });
    expect(await readdir(at.folder)).toEqual(kind === 'move' ? [] : ['L1']);
  },
);

test('a copy that fails leaves nothing unfinished', async () => {
  await using at = await openRefusingPlace();
  const original = join(at.folder, 'L1', 'a.dcm');
  const { mtimeMs } = await stat(original);
  let done: Promise<void> | undefined;
  const outcome = await at.place('copy', (step) => {
    if (step === 'create a copy') done ??= utimes(original, 0, mtimeMs / 1_000 + 60);
  });
  await done;
  expect([outcome.kind, await readdir(join(at.target, 'L1'))]).toEqual(['failed', []]);
  expect(await readdir(at.target)).toEqual(['L1']);
});
