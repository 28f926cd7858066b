import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ChokidarTree } from './chokidar-tree.ts';

const eventually = { timeout: 10_000, interval: 1 };

describe('what chokidar does not tell', () => {
  let root: string;
  /** The directories that chokidar watches. */
  let watched: Record<string, string[]>;
  const added: string[] = [];
  const found: string[] = [];
  const at = (name: string): string => join(root, name);
  const open = (rescanMs = 0): ChokidarTree => {
    const watcher = { getWatched: () => watched, add: (path: string) => void added.push(path) };
    const onFound = (word: string, path: string): void => void found.push(`${word} ${path.slice(root.length + 1)}`);
    return new ChokidarTree({ root, watcher, onFound, recheckMs: 5, rescanMs });
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sendit-chokidar-tree-'));
    watched = { [root]: ['old'], [dirname(root)]: ['root'], [at('old')]: [] };
    mkdirSync(at('old'));
    added.length = 0;
    found.length = 0;
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test('of a new directory is listed at once, to any depth, and watching what is not watched is asked for', async () => {
    using tree = open();
    mkdirSync(at('new/a/b'), { recursive: true });
    writeFileSync(at('new/a/b/early'), '');
    expect(tree.note('addDir', at('new'))).toBe(true);
    await vi.waitFor(() => expect(found).toEqual(['addDir new/a', 'addDir new/a/b', 'add new/a/b/early']), eventually);
    await vi.waitFor(() => expect(added.toSorted()).toEqual(['new', 'new/a', 'new/a/b'].map(at)), eventually);
    expect(tree.note('addDir', at('new/a'))).toBe(false);
    expect(tree.note('add', at('new/a/b/early'))).toBe(false);
    expect(tree.foundByRescan).toBe(0);
  });

  test('is found by the comparison with the disk, counted, and told once', async () => {
    using tree = open(10);
    mkdirSync(at('old/missed'));
    await vi.waitFor(() => expect(found).toEqual(['addDir old/missed']), eventually);
    rmSync(at('old'), { recursive: true });
    await vi.waitFor(() => expect(found.at(-1)).toBe('unlinkDir old'), eventually);
    expect(tree.note('unlinkDir', at('old'))).toBe(false);
    expect(tree.note('unlinkDir', at('old/missed'))).toBe(false);
    expect(found).toEqual(['addDir old/missed', 'unlinkDir old']);
    expect(tree.foundByRescan).toBe(2);
  });

  test('of a directory that is not told yet waits for it, and is told behind it', async () => {
    using tree = open();
    expect(tree.note('unlinkDir', at('old'))).toBe(true);
    writeFileSync(at('old/early'), '');
    // chokidar still watches the old directory's path, and tells of what lies there now.
    expect(tree.note('add', at('old/early'))).toBe(false);
    expect(tree.note('addDir', at('old'))).toBe(true);
    await vi.waitFor(() => expect(found).toEqual(['add old/early']), eventually);
  });

  test('of a directory that went away while it was listed is not told', async () => {
    using tree = open();
    writeFileSync(at('old/late'), '');
    const comparing = tree.rescan();
    expect(tree.note('unlinkDir', at('old'))).toBe(true);
    await comparing;
    expect(found).toEqual([]);
  });

  test('a name that is used again is told again', () => {
    using tree = open();
    expect(tree.note('unlinkDir', at('old'))).toBe(true);
    expect(tree.note('add', at('old'))).toBe(true);
    expect(tree.note('change', at('old'))).toBe(true);
    expect(tree.note('unlink', at('old'))).toBe(true);
  });
});
