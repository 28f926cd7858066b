import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IN, IN_ALL_EVENTS } from '@sendit/model';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BACKEND_NAMES } from '../src/index.ts';
import { openSandbox, record, type Sandbox } from './sandbox.ts';

const eventually = { timeout: 10_000, interval: 10 };
const ARRIVALS = IN.IN_CREATE | IN.IN_MOVED_TO;

describe.each(BACKEND_NAMES)('the %s backend', (backend) => {
  let sandbox: Sandbox;
  const at = (name: string): string => join(sandbox.root, name);

  beforeEach(async () => {
    sandbox = await openSandbox();
  });
  afterEach(() => sandbox[Symbol.asyncDispose]());

  test('flat, leaves subdirectories alone', async () => {
    await mkdir(at('series'));
    await using seen = await record(sandbox.root, { backend, mask: IN_ALL_EVENTS });
    await writeFile(at('series/deep.dcm'), '');
    await mkdir(at('last'));
    await vi.waitFor(() => expect(seen.lines()).toContain('IN_CREATE|IN_ISDIR last'), eventually);
    expect(seen.lines().filter((line) => line.includes('deep'))).toEqual([]);
  });

  test('recursive, reports what happens in subdirectories, old and new, at any depth, once', async () => {
    await mkdir(at('old/deep'), { recursive: true });
    await using seen = await record(sandbox.root, { backend, recursive: true, mask: ARRIVALS | IN.IN_DELETE });
    await mkdir(at('new/a/b'), { recursive: true });
    await writeFile(at('new/a/b/early'), '');
    await writeFile(at('old/deep/f'), '');
    const arrived = ['new', 'new/a', 'new/a/b', 'new/a/b/early', 'old/deep/f'].map(at);
    await vi.waitFor(() => expect(seen.events.map(({ pathname }) => pathname).toSorted()).toEqual(arrived), eventually);
    expect(seen.events.find(({ name }) => name === 'early')).toMatchObject({ path: at('new/a/b') });
    await rm(at('old/deep/f'));
    await vi.waitFor(() => expect(seen.lines()).toContain('IN_DELETE f'), eventually);
  });

  test('recursive, reports the content of a tree that is moved in, and what is written there later', async () => {
    await mkdir(join(sandbox.outside, 'tree/series'), { recursive: true });
    await writeFile(join(sandbox.outside, 'tree/series/1.dcm'), '');
    await using seen = await record(sandbox.root, { backend, recursive: true, mask: ARRIVALS });
    await rename(join(sandbox.outside, 'tree'), at('tree'));
    await vi.waitFor(() => expect(seen.lines()).toContain('IN_CREATE 1.dcm'), eventually);
    await writeFile(at('tree/series/2.dcm'), '');
    await vi.waitFor(() => expect(seen.lines()).toContain('IN_CREATE 2.dcm'), eventually);
    expect(seen.events.map(({ name }) => name).toSorted()).toEqual(['1.dcm', '2.dcm', 'series', 'tree']);
  });
});

test.runIf(process.platform === 'linux')(
  'asked for moves alone, still follows new directories, at any depth',
  async () => {
    await using sandbox = await openSandbox();
    await using seen = await record(sandbox.root, { backend: 'inotify', recursive: true, mask: IN.IN_MOVED_TO });
    await mkdir(join(sandbox.root, 'a/b/c'), { recursive: true });
    let moves = 0;
    await vi.waitFor(async () => {
      // The first ones may come before the watch.
      moves += 1;
      await mkdir(join(sandbox.root, `a/b/c/x${moves}.tmp`));
      await rename(join(sandbox.root, `a/b/c/x${moves}.tmp`), join(sandbox.root, `a/b/c/x${moves}`));
      expect(seen.events.map(({ path, maskname }) => `${maskname} ${path}`)).toContain(
        `IN_MOVED_TO|IN_ISDIR ${join(sandbox.root, 'a/b/c')}`,
      );
    }, eventually);
  },
);
