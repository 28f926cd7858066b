import { appendFile, readdir, rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, systemClock } from '@sendit/model';
import { openTempDir } from '@sendit/testing';
import { expect, test } from 'vitest';
import { followFile, openLogFiles } from '../src/index.ts';
import { toLocalIso } from '../src/local-iso.ts';

async function readLines(path: string, lines: number): Promise<string[]> {
  const got: string[] = [];
  for await (const line of followFile(path, { lines, follow: false })) got.push(line);
  return got;
}

/** Follows a file in the background. `idle` resolves the next time it has read all there is and waits. */
function follow(path: string, lines = 10, times = false) {
  const abort = new AbortController();
  const got: string[] = [];
  const waiting: (() => void)[] = [];
  const clock: Clock = {
    ...systemClock,
    sleep: (_ms, signal) => {
      for (const resolve of waiting.splice(0)) resolve();
      return systemClock.sleep(1, signal);
    },
  };
  const done = (async () => {
    for await (const line of followFile(path, { lines, follow: true, times, signal: abort.signal, clock }))
      got.push(line);
  })();
  const once = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
  return {
    got,
    async idle() {
      await once();
      await once();
    },
    async [Symbol.asyncDispose]() {
      abort.abort();
      await done;
    },
  };
}

test.each([
  [0, []],
  [1, ['c']],
  [2, ['b', 'c']],
  [3, ['a', 'b', 'c']],
  [9, ['a', 'b', 'c']],
  [Number.POSITIVE_INFINITY, ['a', 'b', 'c']],
])('of three lines, the last %d', async (count, expected) => {
  await using dir = await openTempDir();
  const path = join(dir.path, 'log');
  await writeFile(path, 'a\nb\nc\n');
  expect(await readLines(path, count)).toEqual(expected);
  await appendFile(path, 'unfinished');
  expect(await readLines(path, count)).toEqual(expected);
});

test('the last lines are found across the pieces a large file is read in', async () => {
  await using dir = await openTempDir();
  const path = join(dir.path, 'log');
  const all = Array.from({ length: 20_000 }, (_, index) => `line ${index} ${'ü'.repeat(index % 17)}`);
  await writeFile(path, `${all.join('\n')}\n`);
  expect(await readLines(path, 12_345)).toEqual(all.slice(-12_345));
});

test('an empty file has no lines, a missing one is an error with the next step', async () => {
  await using dir = await openTempDir();
  await writeFile(join(dir.path, 'log'), '');
  expect(await readLines(join(dir.path, 'log'), 5)).toEqual([]);
  await expect(readLines(join(dir.path, 'missing'), 5)).rejects.toMatchObject({ code: 'not-found' });
});

test('appended lines follow, whole ones only', async () => {
  await using dir = await openTempDir();
  const path = join(dir.path, 'log');
  await writeFile(path, 'a\nb\n');
  await using followed = follow(path, 1);
  await followed.idle();
  await appendFile(path, 'c\nhal');
  await followed.idle();
  expect(followed.got).toEqual(['b', 'c']);
  await appendFile(path, 'f\n');
  await followed.idle();
  expect(followed.got).toEqual(['b', 'c', 'half']);
});

test('a missing file is waited for and read from its beginning', async () => {
  await using dir = await openTempDir();
  const path = join(dir.path, 'log');
  await using followed = follow(path, 0);
  await followed.idle();
  await writeFile(path, 'first\n');
  await followed.idle();
  expect(followed.got).toEqual(['first']);
});

test('a truncated file is read from its beginning', async () => {
  await using dir = await openTempDir();
  const path = join(dir.path, 'log');
  await writeFile(path, 'a long first line\n');
  await using followed = follow(path);
  await followed.idle();
  await truncate(path);
  await followed.idle();
  await appendFile(path, 'new\n');
  await followed.idle();
  expect(followed.got).toEqual(['a long first line', 'new']);
});

test('a file moved away by logrotate is read to its end before the new one', async () => {
  await using dir = await openTempDir();
  const path = join(dir.path, 'log');
  await writeFile(path, 'one\n');
  await using followed = follow(path);
  await followed.idle();
  await rename(path, `${path}-20260101`);
  await appendFile(`${path}-20260101`, 'two\n');
  await writeFile(path, 'three\n');
  await followed.idle();
  expect(followed.got).toEqual(['one', 'two', 'three']);
});

test('lines written through many rotations all arrive, in order, once', async () => {
  await using dir = await openTempDir();
  const outFile = join(dir.path, 'watcher.out');
  await using files = await openLogFiles({
    outFile,
    errFile: join(dir.path, 'watcher.err'),
    maxBytes: 2_000,
    keep: 50,
  });
  await using followed = follow(outFile);
  await followed.idle();
  const all: string[] = [];
  for (let burst = 0; burst < 40; burst += 1) {
    // Up to several rotations within one burst, which the follower sees only afterwards.
    for (let index = 0; index < 150; index += 1) {
      all.push(`line ${all.length}`);
      files.out.write(`${all.at(-1)}\n`);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  await followed.idle();
  expect(followed.got).toEqual(all);
});

test('an abort ends it without an error, also in the middle of the wait', async () => {
  await using dir = await openTempDir();
  const path = join(dir.path, 'log');
  await writeFile(path, 'a\n');
  const signal = AbortSignal.abort();
  const got: string[] = [];
  for await (const line of followFile(path, { lines: 5, follow: true, signal })) got.push(line);
  expect(got).toEqual([]);
});

test('lines have the time when they were written, over rotation by anybody, and none where nobody kept it', async () => {
  await using dir = await openTempDir();
  const outFile = join(dir.path, 'watcher.out');
  await writeFile(outFile, 'before\n');
  let now = Date.UTC(2026, 0, 1, 12);
  const files = { outFile, errFile: join(dir.path, 'watcher.err'), maxBytes: 40, keep: 3, outTimes: true };
  await using logs = await openLogFiles({ ...files, wallNow: () => now });
  const write = (text: string, afterMs: number): void => {
    now += afterMs;
    logs.out.write(`${text}\n`);
  };
  const readTimed = async (path = outFile): Promise<string[]> => {
    const got: string[] = [];
    for await (const line of followFile(path, { lines: 9, follow: false, times: true })) got.push(line);
    return got;
  };
  const at = (second: number, text: string): string =>
    `${toLocalIso(new Date(Date.UTC(2026, 0, 1, 12, 0, second)))} ${text}`;

  write('one', 1_000);
  write('two', 400);
  write('three', 2_000);
  expect(await readTimed()).toEqual(['before', at(1, 'one'), at(1, 'two'), at(3, 'three')]);
  expect(await readLines(outFile, 9)).toEqual(['before', 'one', 'two', 'three']);

  await using follower = follow(outFile, 1, true);
  await follower.idle();
  write('long enough to rotate the file', 600);
  write('and once more, with its own second', 5_000);
  await follower.idle();
  const rotated = [at(4, 'long enough to rotate the file'), at(9, 'and once more, with its own second')];
  expect(follower.got).toEqual([at(3, 'three'), ...rotated]);

  await rename(outFile, join(dir.path, 'elsewhere'));
  await logs.reopen();
  write('anew', 1_000);
  expect(await readTimed()).toEqual([at(10, 'anew')]);
  await truncate(outFile);
  write('cut', 1_000);
  expect(await readTimed()).toEqual([at(11, 'cut')]);
});

test('of lines that say their time themselves none is kept, nor left from before', async () => {
  await using dir = await openTempDir();
  const files = { outFile: join(dir.path, 'out'), errFile: join(dir.path, 'err'), maxBytes: 1_000, keep: 1 };
  for (const outTimes of [true, false]) {
    await using logs = await openLogFiles({ ...files, outTimes });
    logs.out.write('line\n');
  }
  expect((await readdir(dir.path)).toSorted()).toEqual(['err', 'out']);
});
