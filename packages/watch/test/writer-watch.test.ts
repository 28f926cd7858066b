import { link, mkdir, open, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openWriterWatch, type WriterWatch } from '../src/index.ts';
import { openSandbox, type Sandbox } from './sandbox.ts';

const eventually = { timeout: 15_000, interval: 5 };

describe.runIf(process.platform === 'linux')('who writes, by the events of the kernel', () => {
  let sandbox: Sandbox;
  let watch: WriterWatch;
  const at = (...names: readonly string[]): string => join(sandbox.root, ...names);
  const isSeen = (directory: string, sighting: unknown): Promise<void> =>
    vi.waitFor(() => expect(watch.sighting(directory)).toEqual(sighting), eventually);

  beforeEach(async () => {
    sandbox = await openSandbox();
    const opened = await openWriterWatch();
    if (opened === undefined) throw new Error('no inotify');
    watch = opened;
    await mkdir(at('x'));
  });
  afterEach(async () => {
    await watch.close();
    await sandbox[Symbol.asyncDispose]();
  });

  test('a file is seen from its creation until it is closed, also one in a directory that came later', async () => {
    watch.follow(at('x'));
    {
      await using _one = await open(at('x', 'a'), 'w');
      await isSeen(at('x'), { files: 1, example: 'a' });
    }
    await isSeen(at('x'), undefined);
    await mkdir(at('x', 'y', 'z'), { recursive: true });
    // Heard of once its directory is followed.
    await vi.waitFor(async () => {
      await using _deep = await open(at('x', 'y', 'z', `b${Math.random()}`), 'w');
      await vi.waitFor(() => expect(watch.sighting(at('x'))?.example).toMatch(/^y\/z\/b/), { timeout: 200 });
    }, eventually);
    await isSeen(at('x'), undefined);
  });

  test('a file that was there before is seen once it is written', async () => {
    await writeFile(at('x', 'a'), '1');
    await mkdir(at('x', 'y'));
    await writeFile(at('x', 'y', 'b'), '1');
    watch.follow(at('x'));
    await vi.waitFor(async () => {
      await using late = await open(at('x', 'y', 'b'), 'a');
      await late.write('2');
      await vi.waitFor(() => expect(watch.sighting(at('x'))).toEqual({ files: 1, example: 'y/b' }), { timeout: 200 });
    }, eventually);
  });

  test('link(2) and truncate(2) leave nothing open', async () => {
    watch.follow(at('x'));
    await writeFile(at('x', 'a'), 'data');
    await link(at('x', 'a'), at('x', 'b'));
    await truncate(at('x', 'a'), 1);
    await truncate(at('x', 'b'), 2);
    await using _last = await open(at('x', 'c'), 'w');
    await vi.waitFor(() => expect(watch.sighting(at('x'))).toEqual({ files: 1, example: 'c' }), eventually);
  });

  test('what is moved away or deleted is not followed any more, nor what is left; the same path may come again', async () => {
    for (const name of ['x', 'y', 'z']) {
      await mkdir(at(name), { recursive: true });
      watch.follow(at(name));
    }
    expect(watch.size).toBe(3);
    watch.leave(at('z'));
    await rename(at('x'), join(sandbox.outside, 'x'));
    await rm(at('y'), { recursive: true });
    await vi.waitFor(() => {
      watch.sighting(at('x'));
      expect(watch.size).toBe(0);
    }, eventually);
    await mkdir(at('x'));
    watch.follow(at('x'));
    await using _again = await open(at('x', 'a'), 'w');
    await isSeen(at('x'), { files: 1, example: 'a' });
    watch.follow(at('nothing here'));
    expect([watch.size, watch.problem]).toEqual([1, undefined]);
  });
});
