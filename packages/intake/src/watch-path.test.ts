import { type FileEvent, SenditError } from '@sendit/model';
import { afterEach, describe, expect, test } from 'vitest';
import { HandSource } from '../test/hand-source.ts';
import { dirEvent, fileEvent, ManualClock, settle, createRecordingLogger } from '@sendit/testing';
import { MemoryFolder } from '../test/memory-folder.ts';
import { MemoryStore } from '../test/memory-store.ts';
import { DicomQueue, defineProcessor, type Processor } from '@sendit/processors';
import { createIntake } from './intake.ts';
import { runWatchPath } from './watch-path.ts';
import type { WatchPathState } from './watch-path-state.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function setUp(
  options: {
    processor?: Processor;
    prepare?: (folder: MemoryFolder) => void;
    onOpen?: (source: HandSource) => void;
  } = {},
) {
  const clock = new ManualClock();
  const logger = createRecordingLogger();
  const store = new MemoryStore();
  const folder = new MemoryFolder();
  options.prepare?.(folder);
  const sources: HandSource[] = [];
  const states: WatchPathState[] = [];
  const order: string[] = [];
  let openError: Error | undefined;
  const controller = new AbortController();
  const { signal } = controller;
  const intake = createIntake({
    root: { id: 'r1', name: 'data', path: '/data' },
    watchPath: { name: 'data', folder: '/data', quietMs: 5_000 },
    store,
    lookAtFolder: folder.lookAtFolder,
    isUnchanged: (path, signature) => folder.isUnchanged(path, signature),
    readChildren: (path, aborted) => {
      order.push('scan');
      return folder.readChildren(path, aborted);
    },
    clock,
    logger,
  });
  let live: WatchPathState | undefined;
  const watching = runWatchPath(
    {
      openSource: async () => {
        order.push('open');
        if (openError !== undefined) throw openError;
        const source = new HandSource();
        sources.push(source);
        options.onOpen?.(source);
        return source;
      },
      processor: options.processor ?? DicomQueue(),
      intake,
      rescanMs: 60_000,
      clock,
      logger,
      onState: (state) => {
        live = state;
        states.push({ ...state });
      },
    },
    signal,
  );
  const running = intake.run(signal);
  stops.push(async () => {
    controller.abort();
    await Promise.all([watching, running]);
  });
  await settle();
  return {
    clock,
    controller,
    folder,
    intake,
    logger,
    order,
    sources,
    states,
    store,
    watching,
    live: () => live,
    source: () => sources.at(-1) ?? new HandSource(),
    push: async (...events: readonly FileEvent[]) => {
      sources.at(-1)?.push(...events);
      await settle();
    },
    failOpening: (error: Error | undefined) => {
      openError = error;
    },
  };
}

describe('a watch path', () => {
  test('opens the source before it scans, and seals what it finds and what arrives', async () => {
    const { clock, folder, intake, live, logger, order, push, store } = await setUp({
      prepare: (folder) => folder.directories.set('before', 'files'),
    });
    expect(order.slice(0, 2)).toEqual(['open', 'scan']);
    folder.directories.set('scan', 'files');
    await push(
      dirEvent('IN_CREATE', 'scan.tmp'),
      dirEvent('IN_MOVED_FROM', 'scan.tmp'),
      dirEvent('IN_MOVED_TO', 'scan'),
    );
    expect(live()).toMatchObject({ backend: 'hand', problem: null });
    expect(intake.pendingCount).toBe(1);
    await clock.advance(5_000);
    expect(store.sealed.map(({ name, grade }) => `${name} ${grade}`)).toEqual(['scan renamed', 'before quiet']);
    expect(logger.transcript).toEqual([
      '3|WAITING: /data/before (not yet quiet for 5 s)',
      '1|CREATE EVENT: /data/scan.tmp',
      '2|NOTFINISHED: /data/scan.tmp',
      '1|MOVEDTO EVENT: /data/scan',
      '2|FINISHED: /data/scan',
      '3|SEALED: /data/scan',
      '3|SEALED: /data/before',
    ]);
    expect(intake.pendingCount).toBe(0);
  });

  test('keeps the testing mode of the seed to its two steps', async () => {
    const { clock, folder, intake, logger, push, store } = await setUp();
    folder.directories.set('test_finished', '');
    await push(dirEvent('IN_CREATE', 'test_finished'), dirEvent('IN_CREATE', 'test_notfinished.tmp1234'));
    folder.directories.set('test_nowfinished', '');
    await push(dirEvent('IN_MOVED_FROM', 'test_notfinished.tmp1234'), dirEvent('IN_MOVED_TO', 'test_nowfinished'));
    await clock.advance(120_000);
    expect(logger.transcript).toEqual([
      '1|CREATE EVENT: /data/test_finished',
      '2|FINISHED: /data/test_finished',
      '1|CREATE EVENT: /data/test_notfinished.tmp1234',
      '2|NOTFINISHED: /data/test_notfinished.tmp1234',
      '1|MOVEDTO EVENT: /data/test_nowfinished',
      '2|FINISHED: /data/test_nowfinished',
    ]);
    expect(intake.skippedTests).toBe(2);
    expect(store.sealed).toEqual([]);
  });

  test('finds a directory whose event was missed, by the timed rescan', async () => {
    const { clock, folder, store } = await setUp();
    folder.directories.set('missed', 'files');
    await clock.advance(64_000);
    expect(store.sealed).toEqual([]);
    await clock.advance(1_100);
    expect(store.sealed).toMatchObject([{ name: 'missed' }]);
  });

  test('scans at once after an overflow, and counts it', async () => {
    const { clock, folder, live, push, store } = await setUp();
    folder.directories.set('missed', 'files');
    await push(fileEvent('IN_Q_OVERFLOW', '', { wd: -1 }));
    await clock.advance(5_000);
    expect(store.sealed).toMatchObject([{ name: 'missed' }]);
    expect(live()?.overflows).toBe(1);
  });

  test('counts what a later scan found and no event told, but not what an event tells late', async () => {
    const { clock, folder, live, push } = await setUp({
      prepare: (before) => before.directories.set('before', 'files'),
    });
    folder.directories.set('missed', 'files');
    folder.directories.set('late', 'files');
    await clock.advance(60_000);
    expect(live()?.foundByRescan).toBe(2);
    await push(dirEvent('IN_MOVED_TO', 'late'));
    expect(live()?.foundByRescan).toBe(1);
    await push(dirEvent('IN_MOVED_TO', 'late'));
    await clock.advance(60_000);
    expect(live()?.foundByRescan).toBe(1);
  });

  test('says which backend watches, why, and what it lacks', async () => {
    const { live, source } = await setUp();
    expect(live()).toMatchObject({ backend: 'hand', backendReason: 'a test', problems: [] });
    source().problems = [{ code: 'ENOSPC', directories: 1, hint: 'Raise fs.inotify.max_user_watches.' }];
    expect(live()?.problems).toEqual(['1 directory cannot be watched (ENOSPC). Raise fs.inotify.max_user_watches.']);
  });

  test('marks a recorded directory that was deleted or moved out', async () => {
    const { folder, push, store } = await setUp();
    for (const name of ['a', 'b']) folder.directories.set(name, 'files');
    await push(dirEvent('IN_MOVED_TO', 'a'), dirEvent('IN_MOVED_TO', 'b'));
    folder.directories.clear();
    await push(dirEvent('IN_DELETE', 'a'), dirEvent('IN_MOVED_FROM', 'b'), fileEvent('IN_DELETE', 'loose'));
    expect(store.vanished).toEqual(['a', 'b']);
  });

  test('a processor that throws is logged by name and the next event is handled', async () => {
    const heard: string[] = [];
    const processor = defineProcessor('Mine', {
      IN_CREATE: () => {
        throw new RangeError('about /data/somebody');
      },
      IN_MODIFY: () => Promise.reject(new Error('later')),
      IN_ATTRIB: () => void heard.push('attrib'),
    });
    const { logger, push } = await setUp({ processor });
    await push(fileEvent('IN_CREATE', 'x'), fileEvent('IN_MODIFY', 'x'), fileEvent('IN_ATTRIB', 'x'));
    expect(heard).toEqual(['attrib']);
    const errors = logger.lines.filter(({ level }) => level === 'ERROR');
    expect(errors).toMatchObject([
      {
        message: 'A processor failed on an event; the watcher goes on',
        fields: { processor: 'Mine', error: 'RangeError' },
      },
      { fields: { processor: 'Mine', event: 'IN_MODIFY' } },
    ]);
    expect(JSON.stringify(errors)).not.toContain('somebody');
  });

  test('events are handled one after the other', async () => {
    const heard: string[] = [];
    const processor = defineProcessor('Slow', {
      default: async (event) => {
        heard.push(`begin ${event.name}`);
        await settle();
        heard.push(`end ${event.name}`);
      },
    });
    const { push } = await setUp({ processor });
    await push(fileEvent('IN_CREATE', 'a'), fileEvent('IN_CREATE', 'b'));
    await settle();
    await settle();
    expect(heard).toEqual(['begin a', 'end a', 'begin b', 'end b']);
  });

  test('a processor without an intake is not scanned for', async () => {
    const { clock, order, states } = await setUp({ processor: defineProcessor('Mine', {}) });
    await clock.advance(300_000);
    expect(order).toEqual(['open']);
    expect(states.at(-1)).toMatchObject({ backend: 'hand', problem: null });
  });
});

describe('a watch path that goes away', () => {
  test('is a problem with one warning, and is watched and scanned again when it is back', async () => {
    const { clock, failOpening, folder, logger, push, sources, states, store } = await setUp();
    failOpening(new SenditError('/data is not there', { code: 'watch-failed' }));
    await push(dirEvent('IN_DELETE_SELF', ''));
    expect(states.at(-1)).toMatchObject({ backend: 'none', problem: 'the folder went away' });
    expect(sources[0]?.disposed).toBe(1);
    await clock.advance(100_000);
    expect(states.at(-1)).toMatchObject({ backend: 'none', problem: '/data is not there' });
    expect(logger.said('WARNING')).toHaveLength(1);
    folder.identity = 'two';
    folder.directories.set('scan', 'files');
    failOpening(undefined);
    await clock.advance(40_000);
    expect(states.at(-1)).toMatchObject({ backend: 'hand', problem: null });
    expect(logger.said('INFO')).toEqual(['Watching /data again']);
    expect(store.sealed).toMatchObject([{ name: 'scan' }]);
  });

  test.each([
    [
      'its source fails',
      (source: HandSource) => source.fail(new SenditError('no more watches', { code: 'watch-failed' })),
      'no more watches',
    ],
    ['its source ends', (source: HandSource) => void source[Symbol.asyncDispose](), 'the source of events ended'],
  ])('because %s is opened again with backoff', async (_, breakIt, problem) => {
    const { clock, order, source, states } = await setUp();
    await clock.advance(10_000);
    breakIt(source());
    await settle();
    expect(states.at(-1)).toMatchObject({ problem });
    expect(order.filter((step) => step === 'open')).toHaveLength(1);
    await clock.advance(2_000);
    expect(order.filter((step) => step === 'open')).toHaveLength(2);
    expect(states.at(-1)).toMatchObject({ backend: 'hand', problem: null });
  });

  test('because another folder took its place is opened anew', async () => {
    const { clock, folder, sources, states } = await setUp();
    folder.identity = 'two';
    await clock.advance(62_000);
    expect(states.map(({ problem }) => problem)).toContain('another folder took its place');
    expect(sources).toHaveLength(2);
    expect(sources[0]?.disposed).toBe(1);
    expect(states.at(-1)).toMatchObject({ backend: 'hand', problem: null });
  });

  test('because it cannot be read is a problem with the reason', async () => {
    const { states } = await setUp({
      prepare: (folder) => {
        folder.problem = 'EACCES';
      },
    });
    expect(states.at(-1)).toMatchObject({ backend: 'none', problem: 'the folder cannot be read: EACCES' });
  });

  test('because its source breaks at once every time is not opened in a busy loop', async () => {
    const { clock, order } = await setUp({ onOpen: (source) => source.fail(new Error('broken')) });
    await clock.advance(300_000);
    const opened = order.filter((step) => step === 'open').length;
    expect(opened).toBeGreaterThan(10);
    expect(opened).toBeLessThan(20);
  });
});

describe('stopping', () => {
  test('disposes the source, reports no problem, and ends', async () => {
    const { controller, sources, states, watching } = await setUp();
    controller.abort();
    await watching;
    expect(sources.map(({ disposed }) => disposed)).toEqual([1]);
    expect(states.at(-1)).toMatchObject({ backend: 'none', problem: null });
  });

  test('ends also while the folder is away', async () => {
    const { clock, controller, failOpening, push, watching } = await setUp();
    failOpening(new Error('gone'));
    await push(dirEvent('IN_DELETE_SELF', ''));
    await clock.advance(5_000);
    controller.abort();
    await expect(watching).resolves.toBeUndefined();
  });
});
