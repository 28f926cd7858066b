import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { IN, type LogFields, silentLogger } from '@sendit/model';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openWatchSource, type WatchSource } from '../src/index.ts';
import { type InotifyBinding, loadInotifyBinding } from '../src/inotify/binding.ts';
import type { TreeOptions } from '../src/tree/tree-parts.ts';
import { openTreeSource } from '../src/tree/tree-source.ts';
import { openSandbox, recordFrom, type Sandbox } from './sandbox.ts';

const run = promisify(execFile);
const eventually = { timeout: 15_000, interval: 5 };
const MASK = IN.IN_CREATE | IN.IN_DELETE | IN.IN_MOVED_FROM | IN.IN_MOVED_TO;
const { ENOSPC, EMFILE } = constants.errno;

describe.runIf(process.platform === 'linux')('a watched tree in trouble', () => {
  let sandbox: Sandbox;
  let binding: InotifyBinding;
  const warnings: (LogFields | undefined)[] = [];
  const logger = { ...silentLogger, warning: (_: string, fields?: LogFields) => void warnings.push(fields) };
  const at = (name: string): string => join(sandbox.root, name);
  const openWith = (calls: Partial<InotifyBinding>, options: Partial<TreeOptions> = {}): Promise<WatchSource> =>
    openTreeSource({
      path: sandbox.root,
      mask: MASK,
      reason: 'test',
      logger,
      binding: { ...binding, ...calls },
      countsLinks: false,
      polled: false,
      pollMs: 5,
      rescanMs: 0,
      awaitRoot: false,
      ...options,
    });

  beforeEach(async () => {
    sandbox = await openSandbox();
    warnings.length = 0;
    const loaded = await loadInotifyBinding();
    if (loaded.kind === 'unavailable') throw new Error(loaded.reason);
    binding = loaded.binding;
  });
  afterEach(() => sandbox[Symbol.asyncDispose]());

  test('an overflow is reported, and every directory that was missed is found, once', async () => {
    const limit = Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8'));
    mkdirSync(at('gone'));
    mkdirSync(at('stays'));
    const source = await openWith({}, { maxQueuedBytes: 4096 });
    await run(process.execPath, ['-e', BURST, sandbox.root, String(Math.ceil(limit / 2))]);
    rmSync(at('gone'), { recursive: true });
    const known = new Set(['gone', 'stays']);
    const twice: string[] = [];
    let overflows = 0;
    const running = source.run(({ mask, name }) => {
      if (mask & IN.IN_Q_OVERFLOW) overflows += 1;
      else if (mask & (IN.IN_DELETE | IN.IN_MOVED_FROM)) known.delete(name);
      else if (known.has(name)) twice.push(name);
      else known.add(name);
    });
    const onDisk = readdirSync(sandbox.root).toSorted();
    await vi.waitFor(() => expect([...known].toSorted().join()).toBe(onDisk.join()), eventually);
    expect(twice).toEqual([]);
    expect(overflows).toBeGreaterThan(0);
    expect(source.status().overflows).toBe(overflows);
    expect(source.status().foundByRescan).toBeGreaterThan(0);
    await source[Symbol.asyncDispose]();
    await running;
  });

  test('at the limit of watches a subtree is scanned instead, the sysctl is named, and watching comes back', async () => {
    let watchesLeft = 2;
    const addWatch: InotifyBinding['addWatch'] = (fd, path, mask) => {
      // A barrier needs a free watch, and gives it back.
      const needed = isBarrier(path) ? 0 : 1;
      if (watchesLeft <= 0) return -ENOSPC;
      watchesLeft -= needed;
      return binding.addWatch(fd, path, mask);
    };
    mkdirSync(at('a/b'), { recursive: true });
    await using seen = recordFrom(await openWith({ addWatch }));
    expect(seen.source.status().problems).toMatchObject([
      { code: 'ENOSPC', directories: 1, hint: expect.stringContaining('fs.inotify.max_user_watches') },
    ]);
    expect(warnings).toMatchObject([{ code: 'ENOSPC', hint: expect.stringContaining('sysctl') }]);
    writeFileSync(at('a/b/file'), '');
    mkdirSync(at('a/b/c'));
    await vi.waitFor(() => expect(seen.lines()).toEqual(expect.arrayContaining(['IN_CREATE file'])), eventually);
    await vi.waitFor(() => expect(seen.lines()).toContain('IN_CREATE|IN_ISDIR c'), eventually);
    watchesLeft = 1_000;
    await vi.waitFor(() => expect(seen.source.status().problems).toEqual([]), eventually);
    writeFileSync(at('a/b/c/watched'), '');
    await vi.waitFor(() => expect(seen.lines()).toContain('IN_CREATE watched'), eventually);
    expect(seen.lines().toSorted()).toEqual(['IN_CREATE file', 'IN_CREATE watched', 'IN_CREATE|IN_ISDIR c']);
  });

  test('at the limit of instances the whole tree is scanned, and status says so', async () => {
    await using seen = recordFrom(await openWith({ init: () => -EMFILE }));
    expect(seen.source.status()).toMatchObject({
      backend: 'polling',
      problems: [{ code: 'EMFILE', hint: expect.stringContaining('fs.inotify.max_user_instances') }],
    });
    mkdirSync(at('a/b'), { recursive: true });
    await vi.waitFor(() => expect(seen.lines()).toEqual(['IN_CREATE|IN_ISDIR a', 'IN_CREATE|IN_ISDIR b']), eventually);
  });

  test('a timed rescan finds what no event told, and counts it', async () => {
    mkdirSync(at('deaf'));
    // At first refused as if the directory were gone: nothing in it is heard of until the rescan.
    let refused = false;
    const addWatch: InotifyBinding['addWatch'] = (fd, path, mask) => {
      if (refused || !toText(path).endsWith('/deaf')) return binding.addWatch(fd, path, mask);
      refused = true;
      return -constants.errno.ENOENT;
    };
    await using seen = recordFrom(await openWith({ addWatch }, { rescanMs: 30 }));
    mkdirSync(at('deaf/missed'));
    await vi.waitFor(() => expect(seen.lines()).toContain('IN_CREATE|IN_ISDIR missed'), eventually);
    expect(seen.source.status().rescans).toBeGreaterThan(0);
  });

  test('a root that goes away and comes back is reported, waited for and read again', async () => {
    const open = openWatchSource({ path: sandbox.root, mask: MASK, recursive: true, awaitRoot: true, pollMs: 5 });
    await using seen = recordFrom(await open);
    renameSync(sandbox.root, join(sandbox.outside, 'away'));
    await vi.waitFor(() => expect(seen.lines()).toEqual(['IN_MOVE_SELF', 'IN_IGNORED']), eventually);
    expect(seen.source.status().state).toBe('absent');
    mkdirSync(at('study/series'), { recursive: true });
    await vi.waitFor(() => expect(seen.lines()).toContain('IN_CREATE|IN_ISDIR series'), eventually);
    expect(seen.lines().slice(2)).toEqual([
      'IN_CREATE|IN_ISDIR',
      'IN_CREATE|IN_ISDIR study',
      'IN_CREATE|IN_ISDIR series',
    ]);
    rmSync(sandbox.root, { recursive: true });
    await vi.waitFor(() => expect(seen.source.status().state).toBe('absent'), eventually);
  });

  test('a root that does not exist yet can be waited for', async () => {
    const path = at('later/root');
    await using seen = recordFrom(
      await openWatchSource({ path, mask: MASK, recursive: true, awaitRoot: true, pollMs: 5 }),
    );
    expect(seen.source.status().state).toBe('absent');
    mkdirSync(join(path, 'x'), { recursive: true });
    await vi.waitFor(() => expect(seen.lines()).toEqual(['IN_CREATE|IN_ISDIR', 'IN_CREATE|IN_ISDIR x']), eventually);
  });

  test.runIf(process.geteuid?.() === 0)('a permission that is lost and given back is noticed by event', async () => {
    mkdirSync(at('closed/inner'), { recursive: true });
    chmodSync(at('closed'), 0);
    chmodSync(sandbox.root, 0o755);
    process.seteuid?.(65_534);
    try {
      await using seen = recordFrom(await openWith({}, { pollMs: 600_000 }));
      expect(seen.source.status().problems).toMatchObject([{ code: 'EACCES', path: at('closed') }]);
      process.seteuid?.(0);
      chmodSync(at('closed'), 0o755);
      process.seteuid?.(65_534);
      await vi.waitFor(() => expect(seen.source.status().problems).toEqual([]), eventually);
      expect(seen.lines()).toEqual(['IN_CREATE|IN_ISDIR inner']);
    } finally {
      process.seteuid?.(0);
    }
  });
});

const toText = (path: Uint8Array): string => Buffer.from(path.subarray(0, path.indexOf(0))).toString();
const isBarrier = (path: Uint8Array): boolean => toText(path) === '/dev/null';

const BURST = `
  const { mkdirSync, renameSync } = require('node:fs');
  const [root, count] = process.argv.slice(1);
  for (let i = 0; i < Number(count); i++) {
    mkdirSync(root + '/d' + i + '.tmp');
    renameSync(root + '/d' + i + '.tmp', root + '/d' + i);
  }
`;
