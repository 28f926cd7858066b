import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { IN, IN_ALL_EVENTS, silentLogger } from '@sendit/model';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openWatchSource, type WatchSource } from '../src/index.ts';
import { adoptFd } from '../src/inotify/adopt-fd.ts';
import { type InotifyBinding, loadInotifyBinding } from '../src/inotify/binding.ts';
import { openInotifySource } from '../src/inotify/inotify-source.ts';
import { openSandbox, record, recordFrom, type Sandbox } from './sandbox.ts';

const run = promisify(execFile);
const eventually = { timeout: 15_000, interval: 5 };

describe.runIf(process.platform === 'linux')('inotify through koffi', () => {
  let sandbox: Sandbox;
  let binding: InotifyBinding;
  const at = (name: string): string => join(sandbox.root, name);
  const open = (mask = IN_ALL_EVENTS): Promise<WatchSource> =>
    openWatchSource({ path: sandbox.root, mask, backend: 'inotify' });

  beforeEach(async () => {
    sandbox = await openSandbox();
    const loaded = await loadInotifyBinding();
    if (loaded.kind === 'unavailable') throw new Error(loaded.reason);
    binding = loaded.binding;
  });
  afterEach(() => sandbox[Symbol.asyncDispose]());

  test('is chosen by itself on a local file system', async () => {
    await using source = await openWatchSource({ path: sandbox.root, mask: IN_ALL_EVENTS });
    expect(source).toMatchObject({ backend: 'inotify', reason: expect.stringMatching(/^Linux, /) });
  });

  describe('the records', () => {
    test('are those of pyinotify: a directory that was listed', async () => {
      await mkdir(at('hello'));
      await using seen = recordFrom(await open(IN.IN_CLOSE_NOWRITE));
      await readdir(at('hello'));
      await vi.waitFor(() => expect(seen.events).toHaveLength(1), eventually);
      expect(seen.events[0]).toStrictEqual({
        name: 'hello',
        maskname: 'IN_CLOSE_NOWRITE|IN_ISDIR',
        wd: 1,
        dir: true,
        path: sandbox.root,
        pathname: `${sandbox.root}/hello`,
        mask: 1073741840,
      });
    });

    test('tell of a directory that was renamed when that was heard of', async () => {
      await mkdir(at('scan.tmp'));
      await using seen = recordFrom(await open(IN.IN_MOVED_TO));
      const before = Date.now();
      await rename(at('scan.tmp'), at('scan'));
      await vi.waitFor(() => expect(seen.events).toHaveLength(1), eventually);
      const heardAt = seen.events[0]?.heardAt ?? 0;
      expect(heardAt >= before && heardAt <= Date.now()).toBe(true);
    });

    test('follow a file in order: create, open, modify, close', async () => {
      await using seen = recordFrom(await open());
      await writeFile(at('a'), 'data');
      await vi.waitFor(
        () => expect(seen.lines()).toEqual(['IN_CREATE a', 'IN_OPEN a', 'IN_MODIFY a', 'IN_CLOSE_WRITE a']),
        eventually,
      );
    });

    test('pair the halves of a rename by cookie and say where the entry was', async () => {
      await mkdir(at('x.tmp'));
      await mkdir(join(sandbox.outside, 'y'));
      await using seen = recordFrom(await open(IN.IN_MOVED_FROM | IN.IN_MOVED_TO));
      await rename(at('x.tmp'), at('x'));
      await rename(join(sandbox.outside, 'y'), at('y'));
      await vi.waitFor(() => expect(seen.events).toHaveLength(3), eventually);
      const [from, to, fromOutside] = seen.events;
      expect(from?.cookie).toBeGreaterThan(0);
      expect(to).toMatchObject({ pathname: at('x'), cookie: from?.cookie, srcPathname: at('x.tmp') });
      expect(fromOutside).toMatchObject({ pathname: at('y') });
      expect(fromOutside).not.toHaveProperty('srcPathname');
    });

    test('have no srcPathname when only IN_MOVED_TO was asked for', async () => {
      await mkdir(at('x.tmp'));
      await using seen = recordFrom(await open(IN.IN_MOVED_TO));
      await rename(at('x.tmp'), at('x'));
      await vi.waitFor(() => expect(seen.lines()).toEqual(['IN_MOVED_TO|IN_ISDIR x']), eventually);
      expect(seen.events[0]).not.toHaveProperty('srcPathname');
    });

    test('end with the self events, asked for or not', async () => {
      const seen = recordFrom(await open(IN.IN_CREATE));
      await rm(sandbox.root, { recursive: true });
      await seen.ended;
      expect(seen.lines()).toEqual(['IN_DELETE_SELF', 'IN_IGNORED']);
    });

    test('stop at the move of the root, since later ones would carry a wrong path', async () => {
      const seen = recordFrom(await open(IN.IN_CREATE));
      renameSync(sandbox.root, join(sandbox.outside, 'moved'));
      mkdirSync(join(sandbox.outside, 'moved', 'x'));
      await seen.ended;
      expect(seen.lines()).toEqual(['IN_MOVE_SELF', 'IN_IGNORED']);
    });
  });

  describe('a burst', () => {
    test('of 5,000 directories made and renamed by another process is seen completely', async () => {
      await using seen = recordFrom(await open(IN.IN_CREATE | IN.IN_MOVED_FROM | IN.IN_MOVED_TO));
      await run(process.execPath, ['-e', BURST, sandbox.root, '5000']);
      await vi.waitFor(() => expect(seen.events).toHaveLength(15_000), eventually);
      const arrived = seen.events.filter(({ mask }) => mask & IN.IN_MOVED_TO);
      expect(arrived.map(({ name }) => name)).toEqual(Array.from({ length: 5000 }, (_, i) => `d${i}`));
      expect(arrived.every(({ srcPathname, pathname }) => srcPathname === `${pathname}.tmp`)).toBe(true);
    });

    test('is handled in slices, so that the event loop turns in between', async () => {
      const source = await open(IN.IN_CREATE);
      for (let i = 0; i < 100; i++) mkdirSync(at(`d${i}`));
      let turns = 0;
      let counting = true;
      const count = (): void => {
        turns += 1;
        if (counting) setImmediate(count);
      };
      setImmediate(count);
      let handled = 0;
      for await (const _ of source.events()) {
        const start = performance.now();
        while (performance.now() - start < 1);
        handled += 1;
        if (handled === 100) break;
      }
      counting = false;
      // At most 4 or 5 of these events fit a slice, however slow the machine is.
      expect(turns).toBeGreaterThanOrEqual(15);
    });
  });

  describe('an overflow', () => {
    const limit = Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8'));
    /** More events than the kernel keeps, without letting the event loop read any. */
    const flood = (): void => {
      mkdirSync(at('a'));
      for (let i = 0; i <= limit / 4; i++) {
        renameSync(at('a'), at('b'));
        renameSync(at('b'), at('a'));
      }
    };

    test('of the kernel queue is reported, and the watch goes on', async () => {
      await using seen = recordFrom(await open());
      flood();
      await vi.waitFor(() => expect(seen.events.at(-1)?.wd).toBe(-1), eventually);
      expect(seen.events.at(-1)).toStrictEqual({
        name: '',
        maskname: 'IN_Q_OVERFLOW',
        wd: -1,
        dir: false,
        path: sandbox.root,
        pathname: sandbox.root,
        mask: 0x4000,
      });
      await mkdir(at('after'));
      await vi.waitFor(() => expect(seen.lines()).toContain('IN_CREATE|IN_ISDIR after'), eventually);
    });

    test('comes when nobody consumes: reading stops at the bound, and goes on later', async () => {
      const options = { path: sandbox.root, mask: IN.IN_MOVED_TO, reason: 'test', logger: silentLogger, binding };
      const source = openInotifySource({ ...options, maxQueuedBytes: 4096 });
      await run(process.execPath, ['-e', BURST, sandbox.root, String(limit + 1000)]);
      await using seen = recordFrom(source);
      await vi.waitFor(() => expect(seen.lines()).toContain('IN_Q_OVERFLOW'), eventually);
      await rename(at('d0'), at('after'));
      await vi.waitFor(() => expect(seen.lines()).toContain('IN_MOVED_TO|IN_ISDIR after'), eventually);
    });

    test.each([
      ['deleted', () => rmSync(sandbox.root, { recursive: true })],
      ['moved', () => renameSync(sandbox.root, join(sandbox.outside, 'moved'))],
      [
        'replaced',
        () => {
          renameSync(sandbox.root, join(sandbox.outside, 'moved'));
          mkdirSync(sandbox.root);
        },
      ],
    ])('that hides the end of the root does not hide it for ever: %s', async (_, end) => {
      const seen = recordFrom(await open());
      flood();
      end();
      await seen.ended;
      expect(seen.lines().slice(-2)).toEqual(['IN_Q_OVERFLOW', 'IN_IGNORED']);
    });
  });

  describe('the instance', () => {
    test('takes the place of a pipe in the event loop, without a thread', async () => {
      const threads = readdirSync('/proc/self/task').length;
      const instance = binding.init();
      const bytes: number[] = [];
      const adopted = adoptFd(binding, instance, (read) => bytes.push(read.length) > 0);
      if (typeof adopted === 'number') throw new Error(`refused: ${adopted}`);
      expect(readlinkSync(`/proc/self/fd/${adopted.fd}`)).toBe('anon_inode:inotify');
      expect(openInstances()).toBe(instancesAtStart + 1);
      binding.addWatch(adopted.fd, Buffer.from(`${sandbox.root}\0`), IN.IN_CREATE);
      mkdirSync(at('x'));
      await vi.waitFor(() => expect(bytes).toEqual([32]), eventually);
      mkdirSync(at('y'));
      await vi.waitFor(() => expect(bytes).toEqual([32, 32]), eventually);
      expect(readdirSync('/proc/self/task').length).toBe(threads);
      adopted.socket.destroy();
      expect(openInstances()).toBe(instancesAtStart);
    });

    test('is freed by disposing, with all its descriptors', async () => {
      const descriptors = readdirSync('/proc/self/fd').length;
      const source = await open();
      expect(openInstances()).toBe(instancesAtStart + 1);
      await source[Symbol.asyncDispose]();
      expect(openInstances()).toBe(instancesAtStart);
      expect(readdirSync('/proc/self/fd').length).toBe(descriptors);
    });

    test('is freed when the loop is left', async () => {
      const source = await open();
      mkdirSync(at('x'));
      for await (const _ of source.events()) break;
      expect(openInstances()).toBe(instancesAtStart);
    });

    test('is freed when the signal aborts', async () => {
      const stop = new AbortController();
      const seen = await record(sandbox.root, { backend: 'inotify' }, { signal: stop.signal });
      stop.abort();
      await seen.ended;
      expect(openInstances()).toBe(instancesAtStart);
    });

    test('is freed when the path cannot be watched', async () => {
      const descriptors = readdirSync('/proc/self/fd').length;
      await expect(openWatchSource({ path: at('none'), mask: 1, backend: 'inotify' })).rejects.toThrow('ENOENT');
      expect(readdirSync('/proc/self/fd').length).toBe(descriptors);
    });

    let instancesAtStart = 0;
    beforeEach(() => {
      instancesAtStart = openInstances();
    });
  });
});

/** inotify instances that this process holds. */
function openInstances(): number {
  return readdirSync('/proc/self/fd').filter((fd) => readLink(fd) === 'anon_inode:inotify').length;
}

function readLink(fd: string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    // The descriptor of the listing itself is gone by now.
    return undefined;
  }
}

const BURST = `
  const { mkdirSync, renameSync } = require('node:fs');
  const [root, count] = process.argv.slice(1);
  for (let i = 0; i < Number(count); i++) {
    mkdirSync(root + '/d' + i + '.tmp');
    renameSync(root + '/d' + i + '.tmp', root + '/d' + i);
  }
`;
