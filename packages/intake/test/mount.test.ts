import type { FileEvent } from '@sendit/model';
import { createRecordingLogger, dirEvent, ManualClock, settle } from '@sendit/testing';
import { DicomQueue } from '@sendit/processors';
import { afterEach, describe, expect, test } from 'vitest';
import { createIntake, runWatchPath, type WatchPathState } from '../src/index.ts';
import { HandSource } from './hand-source.ts';
import { MemoryFolder } from './memory-folder.ts';
import { MemoryStore } from './memory-store.ts';

const NOT_MOUNTED = 'expected nfs4 nas:/export to be mounted there';

let stop: () => Promise<void> = async () => undefined;
afterEach(() => stop());

/** A share over a bare mount point: `at.isMounted` says which of the two lies at the watch path. */
async function start(prepare: (share: MemoryFolder, bare: MemoryFolder) => void, isMounted = true) {
  const [share, bare] = [new MemoryFolder(), new MemoryFolder()];
  bare.identity = '9:9';
  prepare(share, bare);
  const at = { isMounted, state: undefined as WatchPathState | undefined };
  const here = (): MemoryFolder => (at.isMounted ? share : bare);
  const mount = {
    check: async () => (at.isMounted ? null : NOT_MOUNTED),
    isInPlace: async () => at.isMounted,
  };
  const [clock, logger, store] = [new ManualClock(), createRecordingLogger(), new MemoryStore()];
  const sources: HandSource[] = [];
  const controller = new AbortController();
  const { signal } = controller;
  const intake = createIntake({
    root: { id: 'r1', name: 'data', path: '/data' },
    watchPath: { name: 'data', folder: '/data', quietMs: 5_000 },
    store,
    lookAtFolder: (path, aborted) => here().lookAtFolder(path, aborted),
    isUnchanged: (path, signature) => here().isUnchanged(path, signature),
    readChildren: (path, aborted) => here().readChildren(path, aborted),
    mount,
    clock,
    logger,
  });
  const deps = {
    openSource: async () => {
      const source = new HandSource();
      sources.push(source);
      return source;
    },
    processor: DicomQueue(),
    intake,
    mount,
    rescanMs: 60_000,
    clock,
    logger,
    onState: (state: WatchPathState) => {
      at.state = state;
    },
  };
  const done = Promise.all([runWatchPath(deps, signal), intake.run(signal)]);
  stop = async () => {
    controller.abort();
    await done;
  };
  await settle();
  const push = async (...events: readonly FileEvent[]): Promise<void> => {
    sources.at(-1)?.push(...events);
    await settle();
  };
  const sealed = (): readonly string[] => store.sealed.map(({ name }) => name);
  return { at, bare, clock, intake, logger, push, sealed, share, sources, store };
}

describe('a share that is not mounted', () => {
  test('at the start: nothing on its mount point is taken, nothing recorded is taken for vanished, until it is mounted', async () => {
    const { at, clock, sealed, sources, store } = await start((share, bare) => {
      share.directories.set('sent', 'files');
      bare.directories.set('stray', 'files');
    }, false);
    await clock.advance(600_000);
    expect(at.state?.problem).toBe(NOT_MOUNTED);
    expect([sealed(), store.vanished, sources]).toEqual([[], [], []]);
    at.isMounted = true;
    await clock.advance(10_000);
    expect(at.state?.problem).toBeNull();
    expect([sealed(), store.vanished]).toEqual([['sent'], []]);
  });

  test('while it runs, without an event: it is said within seconds, and stays so', async () => {
    const { at, bare, clock, push, sealed, share, sources, store } = await start((folder) =>
      folder.directories.set('sent', 'files'),
    );
    await clock.advance(6_000);
    expect(sealed()).toEqual(['sent']);
    at.isMounted = false;
    bare.directories.set('stray', 'files');
    await push(dirEvent('IN_MOVED_TO', 'stray'));
    await clock.advance(2_000);
    expect(at.state?.problem).toBe(NOT_MOUNTED);
    expect(sources.map(({ disposed }) => disposed > 0)).toEqual([true]);
    await clock.advance(600_000);
    expect(at.state?.problem).toBe(NOT_MOUNTED);
    at.isMounted = true;
    share.directories.set('next', 'files');
    await clock.advance(10_000);
    expect([sealed(), store.vanished]).toEqual([['sent', 'next'], []]);
    expect(at.state?.problem).toBeNull();
  });

  test('takes what is recorded with it: told as deleted or missing from a scan, it has not vanished', async () => {
    const { at, clock, intake, push, store } = await start((share) => share.directories.set('sent', 'files'));
    await clock.advance(6_000);
    at.isMounted = false;
    await push(dirEvent('IN_DELETE', 'sent'));
    await intake.scan(AbortSignal.timeout(60_000));
    await clock.advance(60_000);
    at.isMounted = true;
    await clock.advance(120_000);
    expect(store.vanished).toEqual([]);
    expect(store.sealed).toHaveLength(1);
  });

  test('takes with it what waits, which goes on when it is back as what it was', async () => {
    const { at, clock, push, share, store } = await start(() => undefined);
    share.directories.set('half', 'files');
    await push(dirEvent('IN_CREATE', 'half'));
    await clock.advance(1_000);
    at.isMounted = false;
    await clock.advance(60_000);
    expect(store.sealed).toEqual([]);
    at.isMounted = true;
    await clock.advance(10_000);
    expect(store.sealed.map(({ name }) => name)).toEqual(['half']);
  });

  test('a directory of the same name on its mount point is no late arrival', async () => {
    const { at, bare, clock, intake, store } = await start((share) => share.directories.set('sent', 'files'));
    await clock.advance(6_000);
    at.isMounted = false;
    bare.directories.set('sent', 'others');
    await intake.scan(AbortSignal.timeout(60_000));
    await clock.advance(60_000);
    expect(intake.lateChanges).toBe(0);
    expect(store.calls.filter((call) => call.startsWith('noteSeen'))).toEqual([]);
  });
});
