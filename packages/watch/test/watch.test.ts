import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watch, type WatchEvent, type WatchOptions } from '../src/index.ts';
import { openSandbox, type Sandbox } from './sandbox.ts';

const eventually = { timeout: 15_000, interval: 5 };

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await openSandbox();
});
afterEach(() => sandbox[Symbol.asyncDispose]());

/** Collects what a watch reports as lines `type name`, with ` < before` for a move. */
async function record(options: WatchOptions) {
  const standing = await watch(sandbox.root, options);
  const events: WatchEvent[] = [];
  const ended = (async () => {
    for await (const event of standing) events.push(event);
  })();
  const short = (path: string): string => path.slice(sandbox.root.length + 1);
  return {
    standing,
    ended,
    lines: () => events.map(({ from, path, type }) => `${type} ${short(path)}${from ? ` < ${short(from)}` : ''}`),
  };
}

test.runIf(process.platform === 'linux')('what is asked for is reported, in a whole tree, moves in one', async () => {
  const seen = await record({ events: ['close_write', 'move'], recursive: true });
  expect(seen.standing).toMatchObject({ backend: 'inotify', missing: [] });
  await mkdir(join(sandbox.root, 'x.tmp'));
  await vi.waitFor(async () => {
    await writeFile(join(sandbox.root, 'x.tmp', 'a'), '1');
    expect(seen.lines()).toContain('close_write x.tmp/a');
  }, eventually);
  await rename(join(sandbox.root, 'x.tmp'), join(sandbox.root, 'x'));
  await vi.waitFor(() => expect(seen.lines()).toContain('move x < x.tmp'), eventually);
  await mkdir(join(sandbox.outside, 'y'));
  await rename(join(sandbox.outside, 'y'), join(sandbox.root, 'y'));
  await vi.waitFor(() => expect(seen.lines()).toContain('move y'), eventually);
  expect(new Set(seen.lines().map((line) => line.split(' ')[0]))).toEqual(new Set(['close_write', 'move']));
  await seen.standing.close();
  await seen.ended;
});

test.runIf(process.platform === 'linux')(
  'what is moved out is a deletion; without moves a rename is one and a creation',
  async () => {
    for (const [events, expected] of [
      [undefined, ['create a', 'close_write a', 'move b < a', 'delete b']],
      [
        ['create', 'delete'],
        ['create a', 'delete a', 'create b', 'delete b'],
      ],
    ] as const) {
      const seen = await record({ events });
      await writeFile(join(sandbox.root, 'a'), '1');
      await rename(join(sandbox.root, 'a'), join(sandbox.root, 'b'));
      await rename(join(sandbox.root, 'b'), join(sandbox.outside, 'b'));
      await vi.waitFor(() => expect(seen.lines()).toEqual(expected), eventually);
      await seen.standing.close();
      await seen.ended;
      await rm(join(sandbox.outside, 'b'));
    }
  },
);

test('the signal ends the iteration, and so does leaving the loop', async () => {
  const stop = new AbortController();
  const seen = await record({ signal: stop.signal });
  stop.abort();
  await seen.ended;
  await using left = await watch(sandbox.root, { events: ['create'] });
  setTimeout(() => void writeFile(join(sandbox.root, 'a'), ''), 0);
  for await (const event of left) {
    expect(event).toEqual({ type: 'create', path: join(sandbox.root, 'a'), isDirectory: false });
    break;
  }
  await expect(watch(sandbox.root, { signal: stop.signal })).rejects.toThrow('aborted');
});

test('what a backend never reports is said, and what there is not is refused', async () => {
  await using polled = await watch(sandbox.root, { backend: 'polling', events: ['create', 'close_write', 'move'] });
  expect(polled.missing).toEqual(['close_write', 'move']);
  await expect(watch(sandbox.root, { events: ['closed' as never] })).rejects.toThrow('among create, modify');
  await expect(watch(sandbox.root, { events: [] })).rejects.toThrow('at least one');
  await expect(watch(join(sandbox.root, 'nowhere'))).rejects.toMatchObject({ code: 'watch-failed' });
});
