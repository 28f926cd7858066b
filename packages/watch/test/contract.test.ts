import { appendFile, chmod, mkdir, open, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EventName, IN, IN_ALL_EVENTS, toEventName } from '@sendit/model';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { BACKEND_NAMES, CAPABILITIES, openWatchSource } from '../src/index.ts';
import { type CompiledPackage, openCompiledPackage } from './compiled-package.ts';
import { type Open, openSandbox, type Recording, record, recordFrom, type Sandbox } from './sandbox.ts';

/** Events of a backend without moves, instead of moves. */
const WITHOUT_MOVES: Partial<Record<EventName, EventName>> = { IN_MOVED_FROM: 'IN_DELETE', IN_MOVED_TO: 'IN_CREATE' };

const eventually = { timeout: 10_000, interval: 10 };

const KINDS = [
  ...BACKEND_NAMES.flatMap((backend) => [[backend, 'flat'] as const, [backend, 'recursive'] as const]),
  ['inotify', 'recursive, in a thread'] as const,
];

describe.each(KINDS)('the %s backend, %s', (backend, kind) => {
  const recursive = kind !== 'flat';
  const thread = kind === 'recursive, in a thread';
  const can = CAPABILITIES[backend];
  let sandbox: Sandbox;
  let seen: Recording;
  let compiled: CompiledPackage | undefined;
  const openSource: Open = (options) => (compiled?.openWatchSource ?? openWatchSource)(options);

  // From the sources there is no file that a thread could load.
  beforeAll(async () => {
    if (thread) compiled = await openCompiledPackage();
  });
  afterAll(() => compiled?.[Symbol.asyncDispose]());

  beforeEach(async () => {
    sandbox = await openSandbox();
  });

  afterEach(async () => {
    await seen[Symbol.asyncDispose]();
    await sandbox[Symbol.asyncDispose]();
    const strangers = seen.lines().filter((line) => !can.events.has(line.split(/[| ]/u, 1)[0] as EventName));
    if (strangers.length > 0) throw new Error(`Delivered what CAPABILITIES does not list: ${strangers.join(', ')}`);
  });

  const watch = async (mask = IN_ALL_EVENTS, signal?: AbortSignal): Promise<void> => {
    seen = await record(sandbox.root, { backend, mask, recursive, thread }, { signal, open: openSource });
  };
  const at = (name: string): string => join(sandbox.root, name);

  /** Waits for the events that this backend can deliver of those that happened. */
  const expectSeen = async (...happened: readonly (readonly [EventName, string, 'dir'?])[]): Promise<void> => {
    const expected = happened.flatMap(([event, name, dir]) => {
      const word = can.events.has(event) ? event : WITHOUT_MOVES[event];
      return word === undefined || !can.events.has(word) ? [] : [`${word}${dir ? '|IN_ISDIR' : ''} ${name}`.trim()];
    });
    await vi.waitFor(() => expect(seen.lines()).toEqual(expect.arrayContaining(expected)), eventually);
  };

  test('reports a new directory', async () => {
    await watch();
    await mkdir(at('hello'));
    await expectSeen(['IN_CREATE', 'hello', 'dir']);
    expect(seen.events[0]).toMatchObject({ path: sandbox.root, pathname: at('hello'), dir: true });
  });

  test('reports each step of a file: created, opened, written, closed', async () => {
    await watch();
    await writeFile(at('a.dcm'), '');
    await expectSeen(['IN_CREATE', 'a.dcm'], ['IN_OPEN', 'a.dcm'], ['IN_CLOSE_WRITE', 'a.dcm']);
    await appendFile(at('a.dcm'), 'data');
    await expectSeen(['IN_MODIFY', 'a.dcm']);
  });

  test('reports reading a file', async () => {
    await writeFile(at('a.dcm'), 'data');
    await watch();
    const file = await open(at('a.dcm'));
    await file.read(Buffer.alloc(4), 0, 4, 0);
    await file.close();
    await expectSeen(['IN_OPEN', 'a.dcm'], ['IN_ACCESS', 'a.dcm'], ['IN_CLOSE_NOWRITE', 'a.dcm']);
  });

  test('reports a rename within the root under both names', async () => {
    await mkdir(at('x.tmp'));
    await watch();
    await rename(at('x.tmp'), at('x'));
    await expectSeen(['IN_MOVED_FROM', 'x.tmp', 'dir'], ['IN_MOVED_TO', 'x', 'dir']);
  });

  test('reports what is moved in and out', async () => {
    await mkdir(join(sandbox.outside, 'in'));
    await mkdir(at('out'));
    await watch();
    await rename(join(sandbox.outside, 'in'), at('in'));
    await rename(at('out'), join(sandbox.outside, 'out'));
    await expectSeen(['IN_MOVED_TO', 'in', 'dir'], ['IN_MOVED_FROM', 'out', 'dir']);
  });

  test('reports deletions', async () => {
    await mkdir(at('dir'));
    await writeFile(at('file'), '');
    await watch();
    await rm(at('file'));
    await rm(at('dir'), { recursive: true });
    await expectSeen(['IN_DELETE', 'file'], ['IN_DELETE', 'dir', 'dir']);
  });

  test('reports a change of permissions', async () => {
    await mkdir(at('dir'));
    await watch();
    await chmod(at('dir'), 0o700);
    await expectSeen(['IN_ATTRIB', 'dir', 'dir']);
  });

  test('reports names with newlines, spaces and letters beyond ASCII as they are', async () => {
    await watch();
    const names = ['two\nlines', ' leading and trailing ', 'Müller^Jürgen', '脳 MRI', 'x.swp', '[a]*?'];
    for (const name of names) await mkdir(at(name));
    await vi.waitFor(() => expect(createdNames()).toEqual(names.toSorted()), eventually);
  });

  test('reports names that are not UTF-8 with their bytes, where CAPABILITIES says so', async () => {
    await watch();
    const bytes = Buffer.from([0x4d, 0xfc, 0x6c]);
    await mkdir(Buffer.concat([Buffer.from(`${sandbox.root}/`), bytes]));
    await mkdir(at('last'));
    await expectSeen(['IN_CREATE', 'last', 'dir']);
    const raw = seen.events.filter(({ mask, rawName }) => mask & IN.IN_CREATE && rawName !== undefined);
    expect(raw.map(({ name, rawName }) => ({ name, rawName }))).toEqual(
      can.rawNames ? [{ name: 'M\uFFFDl', rawName: Uint8Array.from(bytes) }] : [],
    );
  });

  test('reports a symlink as an entry that is not a directory', async () => {
    await watch(IN.IN_CREATE);
    await symlink(sandbox.outside, at('link'));
    await expectSeen(['IN_CREATE', 'link']);
  });

  test('watches a root that is itself a symlink, under the name it was given', async () => {
    const link = join(sandbox.outside, 'root-link');
    await symlink(sandbox.root, link);
    seen = await record(link, { backend, mask: IN.IN_CREATE, recursive, thread }, { open: openSource });
    await mkdir(at('x'));
    await expectSeen(['IN_CREATE', 'x', 'dir']);
    expect(seen.events[0]).toMatchObject({ path: link, pathname: join(link, 'x') });
  });

  test('says nothing about what was there before', async () => {
    await mkdir(at('old'));
    await watch(IN.IN_CREATE);
    await mkdir(at('new'));
    await expectSeen(['IN_CREATE', 'new', 'dir']);
    expect(createdNames()).toEqual(['new']);
  });

  test('delivers only what the mask asks for', async () => {
    await mkdir(at('x'));
    await mkdir(at('y'));
    await watch(IN.IN_DELETE);
    await mkdir(at('new'));
    await rm(at('x'), { recursive: true });
    await expectSeen(['IN_DELETE', 'x', 'dir']);
    await rm(at('y'), { recursive: true });
    await expectSeen(['IN_DELETE', 'y', 'dir']);
    expect(seen.events.map(({ mask }) => toEventName(mask))).toEqual(['IN_DELETE', 'IN_DELETE']);
  });

  test('keeps the events between opening and iterating', async () => {
    const source = await openSource({ path: sandbox.root, mask: IN.IN_CREATE, backend, recursive, thread, pollMs: 10 });
    await mkdir(at('early'));
    seen = recordFrom(source);
    await expectSeen(['IN_CREATE', 'early', 'dir']);
  });

  test('says which backend it is, and why', async () => {
    await watch();
    expect(seen.source).toMatchObject({ backend, reason: 'asked for' });
  });

  test('ends after IN_IGNORED when the root is deleted', async () => {
    await mkdir(at('x'));
    await watch();
    await rm(sandbox.root, { recursive: true });
    await seen.ended;
    expect(seen.lines().at(-1)).toBe('IN_IGNORED');
    expect(seen.lines().filter((line) => line === 'IN_IGNORED')).toHaveLength(1);
    await expectSeen(['IN_DELETE_SELF', '']);
  });

  test('ends after IN_IGNORED when an empty root is moved away', async () => {
    await watch();
    await rename(sandbox.root, join(sandbox.outside, 'moved'));
    await seen.ended;
    expect(seen.lines().at(-1)).toBe('IN_IGNORED');
    await expectSeen(['IN_MOVE_SELF', '']);
  });

  test('ends when the signal aborts', async () => {
    const stop = new AbortController();
    await watch(IN_ALL_EVENTS, stop.signal);
    await mkdir(at('x'));
    await expectSeen(['IN_CREATE', 'x', 'dir']);
    stop.abort();
    await expect(seen.ended).resolves.toBeUndefined();
  });

  test('ends at once when the signal is aborted already', async () => {
    await watch(IN_ALL_EVENTS, AbortSignal.abort());
    await seen.ended;
    expect(seen.events).toEqual([]);
  });

  test('ends when disposed, and may be disposed again', async () => {
    await watch();
    await seen.source[Symbol.asyncDispose]();
    await expect(seen.ended).resolves.toBeUndefined();
    await expect(seen.source[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });

  test('refuses a second iteration', async () => {
    await watch();
    expect(() => seen.source.events()).toThrow(TypeError);
  });

  test.each([
    ['ENOENT', 'missing'],
    ['ENOTDIR', 'file'],
  ])('refuses with watch-failed and a hint: %s', async (code, name) => {
    await watch();
    await writeFile(at('file'), '');
    await expect(openSource({ path: at(name), mask: IN_ALL_EVENTS, backend, recursive, thread })).rejects.toMatchObject(
      {
        code: 'watch-failed',
        message: expect.stringContaining(code),
        hint: expect.stringContaining('watch path'),
      },
    );
  });

  test('refuses a directory that this user may not read, naming the permission', async () => {
    await watch();
    await chmod(sandbox.root, 0);
    await withoutPrivileges(async () => {
      await expect(
        openSource({ path: sandbox.root, mask: IN_ALL_EVENTS, backend, recursive, thread }),
      ).rejects.toMatchObject({
        code: 'watch-failed',
        message: expect.stringContaining('EACCES'),
        hint: expect.stringContaining('permission'),
      });
    });
    await chmod(sandbox.root, 0o700);
  });

  const createdNames = (): string[] =>
    seen.events
      .filter(({ mask }) => mask & IN.IN_CREATE)
      .map(({ name }) => name)
      .toSorted();
});

/** Acts as nobody when the tests run as root, whom no permission stops. */
async function withoutPrivileges(action: () => Promise<void>): Promise<void> {
  const uid = process.geteuid?.();
  if (uid === 0) process.seteuid?.(65_534);
  try {
    await action();
  } finally {
    if (uid === 0) process.seteuid?.(0);
  }
}
