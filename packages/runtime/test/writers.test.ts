import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { WritersSighting } from '@sendit/detector';
import { type FileEvent, IN, toFileEvent } from '@sendit/model';
import { openTempDir, waitUntil } from '@sendit/testing';
import { describe, expect, test } from 'vitest';
import { openWriters } from '../src/watch-paths/writers.ts';

const NEVER = new AbortController().signal;
const UNSEEN = [expect.stringContaining('It cannot be seen')];

/** /proc as an ordinary user finds it, or as root does. */
const procOf = (complete: boolean) => ({
  seesEveryWriter: async () => complete,
  readWriters: async (): Promise<WritersSighting> => ({ kind: 'none', complete }),
});
const hidden = { proc: procOf(false), isAsked: true, backend: 'auto' } as const;

async function* eventsOf(...events: readonly FileEvent[]): AsyncGenerator<FileEvent> {
  yield* events;
}

describe.runIf(process.platform === 'linux')('who writes below a watch path', () => {
  test('is not listened to where /proc shows every process, or where nobody asks', async () => {
    await using place = await openTempDir();
    const common = { ...hidden, folder: place.path, isDeep: true };
    for (const options of [{ proc: procOf(true) }, { isAsked: false }]) {
      await using writers = await openWriters({ ...common, ...options });
      expect([writers.mask, writers.notes, writers.limitation]).toEqual([0, [], null]);
    }
  });

  test.each(['polling', 'chokidar'] as const)('is not known to %s, which says so', async (backend) => {
    await using place = await openTempDir();
    for (const isDeep of [false, true]) {
      await using writers = await openWriters({ ...hidden, folder: place.path, isDeep, backend });
      expect([writers.mask, writers.notes]).toEqual([0, UNSEEN]);
    }
  });

  test('is heard of in directories from their first look on, of renamed ones from the second, until they are sealed', async () => {
    await using place = await openTempDir();
    await using writers = await openWriters({ ...hidden, folder: place.path, isDeep: false });
    const [made, renamed] = [join(place.path, 'made'), join(place.path, 'renamed')];
    for (const path of [made, renamed]) await mkdir(path);
    writers.arriving(made, false);
    writers.arriving(renamed, true);
    await using _first = await open(join(renamed, 'a'), 'w');
    await using _other = await open(join(made, 'a'), 'w');
    const heard = { kind: 'open', pids: [], files: 1, example: 'a' };
    await waitUntil('the writer', () => writers.heard(made));
    expect(await writers.read(made, NEVER)).toEqual(heard);
    expect(await writers.read(renamed, NEVER)).toEqual({ kind: 'none', complete: false });
    writers.arriving(renamed, true);
    await using _second = await open(join(renamed, 'b'), 'w');
    await waitUntil('the writer of the other', () => writers.heard(renamed));
    writers.sealed(made);
    expect(await writers.read(made, NEVER)).toEqual({ kind: 'none', complete: false });
    expect(writers.notes).toEqual([]);
  });

  test('is heard of in the tree that is watched for units, of each by its own files', async () => {
    await using place = await openTempDir();
    await using writers = await openWriters({ ...hidden, folder: place.path, isDeep: true });
    expect(writers.mask).toBe(IN.IN_MODIFY);
    expect(writers.limitation).toContain('before it was listened to');
    const event = (mask: number, name: string, path = place.path) => toFileEvent({ wd: 1, mask, path, name });
    const events = [
      event(IN.IN_MODIFY, 'a'),
      event(IN.IN_MODIFY, 'b'),
      event(IN.IN_CLOSE_WRITE, 'b'),
      event(IN.IN_MODIFY, 'c', join(place.path, 'gone')),
      event(IN.IN_MOVED_FROM | 0x4000_0000, 'gone'),
    ];
    const passed: FileEvent[] = [];
    for await (const one of writers.hear(eventsOf(...events))) passed.push(one);
    expect(passed).toEqual(events);
    const read = (...paths: readonly string[]) => writers.read(place.path, NEVER, { only: new Set(paths) });
    expect(await read('a', 'b')).toEqual({ kind: 'open', pids: [], files: 1, example: 'a' });
    expect(await read('b', 'gone/c')).toEqual({ kind: 'none', complete: false });
    for await (const _ of writers.hear(eventsOf(toFileEvent({ wd: -1, mask: IN.IN_Q_OVERFLOW, path: '', name: '' })))) {
      expect(await read('a')).toEqual({ kind: 'none', complete: false });
    }
  });
});
