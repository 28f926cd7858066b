import { appendFile, chmod, mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookAtFolder } from '@sendit/detector/node';
import { type EventName, systemClock } from '@sendit/model';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createIntake, runWatchPath } from '../src/index.ts';
import { DicomQueue } from '@sendit/processors';
import { HandSource } from './hand-source.ts';
import { dirEvent, createRecordingLogger } from '@sendit/testing';
import { MemoryStore } from './memory-store.ts';

let root: string;
let stop: () => Promise<void> = async () => undefined;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sendit-landing-'));
});

afterEach(async () => {
  await stop();
  await rm(root, { recursive: true, force: true });
});

/** A watch path on the real disk with the real clock; only the events are pushed by hand. */
function start(store: MemoryStore, quietMs: number, rescanMs = 60_000) {
  const logger = createRecordingLogger();
  const source = new HandSource();
  const controller = new AbortController();
  const { signal } = controller;
  const clock = systemClock;
  const watchPath = { name: 'data', folder: root, quietMs };
  const intake = createIntake({
    root: { id: 'r1', name: 'data', path: root },
    watchPath,
    store,
    lookAtFolder,
    clock,
    logger,
  });
  const processor = DicomQueue();
  const deps = { openSource: async () => source, processor, intake, rescanMs, clock, logger };
  const done = Promise.all([runWatchPath(deps, signal), intake.run(signal)]);
  stop = async () => {
    controller.abort();
    await done;
  };
  const push = (event: EventName, name: string): void => source.push(dirEvent(event, name, { path: root }));
  return { intake, logger, push };
}

const names = (store: MemoryStore): readonly string[] =>
  store.sealed.map(({ name, grade }) => `${name} ${grade}`).sort();

test('what lands is sealed once, with the files it has, whichever way it came', async () => {
  await mkdir(join(root, 'there_before/deep'), { recursive: true });
  await writeFile(join(root, 'there_before/deep/a.dcm'), 'abc');
  const store = new MemoryStore();
  const { logger, push } = start(store, 50);

  await mkdir(join(root, 'moved.tmp1'));
  push('IN_CREATE', 'moved.tmp1');
  await writeFile(join(root, 'moved.tmp1/a.dcm'), '12345');
  await rename(join(root, 'moved.tmp1'), join(root, 'moved'));
  push('IN_MOVED_FROM', 'moved.tmp1');
  push('IN_MOVED_TO', 'moved');

  await mkdir(join(root, 'made'));
  push('IN_CREATE', 'made');
  await writeFile(join(root, 'made/a.dcm'), '1');

  await vi.waitFor(() => expect(names(store)).toEqual(['made quiet', 'moved renamed', 'there_before quiet']));
  expect(store.sealed.find(({ name }) => name === 'moved')).toMatchObject({
    files: 1,
    bytes: 5,
    path: join(root, 'moved'),
  });
  expect(logger.transcript).toContain(`3|SEALED: ${root}/made`);
  expect(logger.said('ERROR')).toEqual([]);
});

test('a directory that is written without a pause longer than quietMs is sealed only when it is whole', async () => {
  const store = new MemoryStore();
  const { push } = start(store, 1_500);
  await mkdir(join(root, 'scan'));
  push('IN_CREATE', 'scan');
  for (let file = 0; file < 300; file++) {
    await writeFile(join(root, `scan/${file}.dcm`), 'x');
    await appendFile(join(root, `scan/${file}.dcm`), 'y');
  }
  await vi.waitFor(() => expect(store.sealed).toHaveLength(1), { timeout: 10_000 });
  expect(store.sealed).toMatchObject([{ files: 300, bytes: 600, grade: 'quiet' }]);
});

test('what was recorded by a run before is not sealed again, and what vanished is marked', async () => {
  const store = new MemoryStore();
  for (const name of ['kept', 'gone']) {
    await mkdir(join(root, name));
    await writeFile(join(root, name, 'a.dcm'), 'x');
  }
  const first = start(store, 10);
  await vi.waitFor(() => expect(store.sealed).toHaveLength(2));
  await stop();
  expect(first.intake.pendingCount).toBe(0);

  const asked = store.calls.length;
  const second = start(store, 10, 20);
  await vi.waitFor(() => expect(store.calls.slice(asked)).toContain('findKnown 2'));
  await mkdir(join(root, 'new'));
  await writeFile(join(root, 'new/a.dcm'), 'x');
  await rm(join(root, 'gone'), { recursive: true });
  await vi.waitFor(() => expect(store.vanished).toEqual(['gone']));
  await vi.waitFor(() => expect(names(store)).toEqual(['gone quiet', 'kept quiet', 'new quiet']));
  await stop();
  expect(second.logger.transcript.filter((line) => line.startsWith('3|SEALED'))).toEqual([`3|SEALED: ${root}/new`]);
});

test('a deleted directory that is sent again with other content is the next generation', async () => {
  const store = new MemoryStore();
  const { push } = start(store, 10);
  const send = async (content: string): Promise<void> => {
    await mkdir(join(root, 'scan.tmp'));
    await writeFile(join(root, 'scan.tmp/a.dcm'), content);
    await rename(join(root, 'scan.tmp'), join(root, 'scan'));
    push('IN_MOVED_TO', 'scan');
  };
  await send('one');
  await vi.waitFor(() => expect(store.sealed).toHaveLength(1));
  await rm(join(root, 'scan'), { recursive: true });
  push('IN_DELETE', 'scan');
  await send('another');
  await vi.waitFor(() => expect(store.sealed).toHaveLength(2));
  expect(store.rows.get('scan')).toMatchObject({ generation: 2, vanished: false });
});

test('a file that took the place of a sealed one, with its size and times, is told as late; one that was touched is not', async () => {
  const store = new MemoryStore();
  const { intake, logger, push } = start(store, 10, 50);
  const time = new Date(1_700_000_000_000);
  const write = async (path: string, content: string): Promise<void> => {
    await writeFile(path, content);
    await utimes(path, time, time);
  };
  for (const name of ['touched', 'exchanged']) {
    await mkdir(join(root, `${name}.tmp`));
    for (const file of ['a.dcm', 'b.dcm']) await write(join(root, `${name}.tmp`, file), 'one');
    await rename(join(root, `${name}.tmp`), join(root, name));
    push('IN_MOVED_TO', name);
  }
  await vi.waitFor(() => expect(store.sealed).toHaveLength(2));
  await chmod(join(root, 'touched/a.dcm'), 0o600);
  await write(join(root, '.aside'), 'two');
  await rename(join(root, '.aside'), join(root, 'exchanged/a.dcm'));
  await vi.waitFor(() => expect(intake.lateChanges).toBe(1), { timeout: 20_000 });
  expect(logger.transcript.filter((line) => line.startsWith('3|LATE'))).toEqual([
    `3|LATE: ${root}/exchanged (files changed after it was sealed)`,
  ]);
});
