import { IN } from '@sendit/model';
import { afterEach, describe, expect, test } from 'vitest';
import { HandSource } from '../../../test/hand-source.ts';
import { dirEvent, fileEvent, ManualClock, settle, createRecordingLogger } from '@sendit/testing';
import { MemoryStore } from '../../../test/memory-store.ts';
import { MemoryTree, type MemoryFile } from '../../../test/memory-tree.ts';
import { createIntake } from '../../intake.ts';
import type { IntakeWatchPath } from '../../intake-port.ts';
import { defineProcessor } from '@sendit/processors';
import { runWatchPath } from '../../watch-path.ts';

const QUIET_MS = 5_000;
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const A: MemoryFile = { study: '1', series: '1.1' };
const B: MemoryFile = { study: '1', series: '1.2' };
const OTHER: MemoryFile = { study: '2', series: '2.1' };

function setUp(
  watchPath: Partial<IntakeWatchPath> = {},
  { tree = new MemoryTree(), store = new MemoryStore() }: { tree?: MemoryTree; store?: MemoryStore } = {},
) {
  const clock = new ManualClock();
  const logger = createRecordingLogger();
  const controller = new AbortController();
  const intake = createIntake({
    root: { id: 'r1', name: 'data', path: '/data' },
    watchPath: { name: 'data', folder: '/data', quietMs: QUIET_MS, unit: 'series', ...watchPath },
    store,
    lookAtFolder: () => Promise.reject(new TypeError('Expected no directory to be read')),
    disk: tree,
    clock,
    logger,
  });
  const running = intake.run(controller.signal);
  const stop = async (): Promise<void> => {
    controller.abort();
    await running;
  };
  stops.push(stop);
  const note = (event: 'IN_CREATE' | 'IN_MODIFY' | 'IN_CLOSE_WRITE' | 'IN_DELETE', path: string): void => {
    const at = path.lastIndexOf('/');
    intake.note(fileEvent(event, path.slice(at + 1), { path: at === -1 ? '/data' : `/data/${path.slice(0, at)}` }));
  };
  /** Writes a file and tells of it, as a sender's would be. */
  const write = async (path: string, file: MemoryFile): Promise<void> => {
    tree.write(path, file);
    note('IN_CREATE', path);
    note('IN_CLOSE_WRITE', path);
    await settle();
  };
  const bring = async (from: string, to: string): Promise<void> => {
    tree.move(from, to);
    intake.note(dirEvent('IN_MOVED_FROM', from));
    intake.note(dirEvent('IN_MOVED_TO', to));
    await settle();
  };
  const sealed = (): readonly string[] =>
    store.sealed.map(({ relativePath, grade, manifest }) =>
      [relativePath, grade, ...[...manifest].map(({ path }) => path)].join(' '),
    );
  return { bring, clock, controller, intake, logger, note, sealed, stop, store, tree, write };
}

describe('loose files', () => {
  test('of two series, interleaved, are two batches with their own files, each under its key', async () => {
    const { clock, logger, sealed, store, write } = setUp({ waitForSiblings: false });
    for (const [path, file] of [
      ['a1', A],
      ['o1', OTHER],
      ['a2', A],
      ['o2', OTHER],
    ] as const)
      await write(path, file);
    await clock.advance(QUIET_MS + 1_000);
    expect(sealed()).toEqual(['series/1.1 quiet a1 a2', 'series/2.1 quiet o1 o2']);
    expect(store.sealed[0]).toMatchObject({ path: '/data', name: 'series/1.1', files: 2, bytes: 20 });
    expect(logger.transcript).toEqual([
      '3|WAITING: series/1.1 in /data (not yet quiet for 5 s)',
      '3|WAITING: series/2.1 in /data (not yet quiet for 5 s)',
      '3|SEALED: series/1.1 in /data',
      '3|SEALED: series/2.1 in /data',
    ]);
  });

  test('what a killed rsync left holds nothing up once the file came under its final name after it', async () => {
    const { clock, sealed, write } = setUp();
    await write('x/a', A);
    await write('x/.b.Xa9Kz1', A);
    await clock.advance(QUIET_MS + 1_000);
    expect(sealed()).toEqual([]);
    await write('x/b', A);
    await clock.advance(2 * QUIET_MS);
    expect(sealed()).toEqual(['series/1.1 quiet x/a x/b']);
  });

  test('each new file begins the quiet time of its own unit again, not of others', async () => {
    const { clock, sealed, write } = setUp();
    await write('a1', A);
    await write('o1', OTHER);
    for (let round = 0; round < 5; round++) {
      await clock.advance(3_000);
      await write(`o${round + 2}`, OTHER);
    }
    expect(sealed()).toEqual(['series/1.1 quiet a1']);
    await clock.advance(QUIET_MS + 1_000);
    expect(sealed()).toEqual(['series/1.1 quiet a1', 'series/2.1 quiet o1 o2 o3 o4 o5 o6']);
  });

  test('a file that has no header yet belongs to no unit, is listed, and joins when it has one', async () => {
    const { clock, intake, note, sealed, tree, write } = setUp();
    await write('a1', A);
    tree.write('a2');
    note('IN_CREATE', 'a2');
    await settle();
    expect(intake.pending().candidates).toMatchObject([
      { name: 'series/1.1' },
      { name: 'a2', path: '/data/a2', reason: 'it belongs to no unit: it is not a DICOM file', outcome: 'waiting' },
    ]);
    await clock.advance(2_000);
    await write('a2', A);
    expect(intake.pending().candidates).toMatchObject([{ name: 'series/1.1' }]);
    await clock.advance(QUIET_MS + 1_000);
    expect(sealed()).toEqual(['series/1.1 quiet a1 a2']);
  });

  test('one that stays without a header is held in the list and told of once, never taken', async () => {
    const { clock, controller, intake, logger, sealed, write } = setUp({ maxWaitMs: 60_000 });
    await write('notes', {});
    for (let minute = 0; minute < 3; minute++) {
      await intake.scan(controller.signal);
      await clock.advance(60_000);
    }
    expect(intake.pending().candidates).toMatchObject([{ name: 'notes', outcome: 'hold', waitingMs: 180_000 }]);
    expect(logger.said('WARNING')).toHaveLength(1);
    expect(logger.said('WARNING').join()).not.toContain('notes');
    expect(sealed()).toEqual([]);
  });

  test('a file whose header changes while it is written is regrouped, and its first unit is gone', async () => {
    const { clock, sealed, write } = setUp();
    await write('x', A);
    await clock.advance(2_000);
    await write('x', OTHER);
    await clock.advance(QUIET_MS + 1_000);
    expect(sealed()).toEqual(['series/2.1 quiet x']);
  });

  test('a change that no event told of is seen by the next look', async () => {
    const { clock, sealed, tree, write } = setUp();
    await write('a1', A);
    await clock.advance(4_000);
    tree.write('a1', A);
    await clock.advance(4_000);
    expect(sealed()).toEqual([]);
    await clock.advance(QUIET_MS);
    expect(sealed()).toHaveLength(1);
  });

  test('one that a process has open holds its unit up, and only that', async () => {
    const { clock, sealed, tree, write } = setUp();
    await write('a1', A);
    await write('o1', OTHER);
    tree.open.add('a1');
    await clock.advance(30_000);
    expect(sealed()).toEqual(['series/2.1 quiet o1']);
    tree.open.clear();
    await clock.advance(10_000);
    expect(sealed()).toEqual(['series/2.1 quiet o1', 'series/1.1 quiet a1']);
  });

  test('under a name that is not final are not looked into', async () => {
    const { clock, intake, note, sealed, tree } = setUp();
    tree.write('a1.tmp', A);
    note('IN_CREATE', 'a1.tmp');
    tree.write('d.tmp9/a2', A);
    note('IN_CREATE', 'd.tmp9/a2');
    await intake.scan(new AbortController().signal);
    await clock.advance(60_000);
    expect(tree.asked.headers).toBe(0);
    expect(sealed()).toEqual([]);
    expect(intake.pending().candidates.map(({ name, reason }) => [name, reason])).toEqual([
      ['a1.tmp', 'its name is not final'],
      ['d.tmp9', 'its name is not final'],
    ]);
  });

  test('that are ignored by name at any depth are no delivery, nor is what is deleted into a trash', async () => {
    const { clock, controller, intake, sealed, tree, write } = setUp();
    await write('.stversions/L0/IM1', A);
    await write('d/.snapshot/hourly.0/IM1', B);
    await write('d/whole', A);
    tree.move('d/whole', '.Trash-1000/files/whole');
    intake.note(fileEvent('IN_MOVED_FROM', 'whole', { path: '/data/d' }));
    intake.note(fileEvent('IN_MOVED_TO', 'whole', { path: '/data/.Trash-1000/files' }));
    await clock.advance(20_000);
    await intake.scan(controller.signal);
    await clock.advance(20_000);
    expect(sealed()).toEqual([]);
    expect(intake.pending().candidates).toEqual([]);
    expect(intake.ignored).toBe(3);
  });

  test('whose first name begins as a test does are left alone, files and directories, and counted', async () => {
    const { clock, intake, sealed, write } = setUp();
    await write('Test1.dcm', A);
    await write('test_d/x', B);
    await write('d/test', A);
    await clock.advance(20_000);
    expect(intake.skippedTests).toBe(2);
    expect(sealed()).toEqual(['series/1.1 quiet d/test']);
  });
});

describe('limits', () => {
  const limits = { files: 2, pathBytes: 20, depth: 2 };

  test('a unit with more files than a batch may have is held at once, and sealed when it is smaller', async () => {
    const { clock, intake, note, sealed, tree, write } = setUp({ limits });
    for (const name of ['a1', 'a2', 'a3']) await write(name, A);
    await clock.advance(QUIET_MS + 1_000);
    expect(sealed()).toEqual([]);
    expect(intake.pending().candidates).toMatchObject([
      { name: 'series/1.1', outcome: 'hold', reason: 'it holds more than 2 files and directories' },
    ]);
    tree.remove('a3');
    note('IN_DELETE', 'a3');
    await clock.advance(2 * QUIET_MS);
    expect(sealed()).toEqual(['series/1.1 quiet a1 a2']);
  });

  test('a file that lies too deep, or under too long a path, belongs to no unit and is listed with the reason', async () => {
    const { clock, intake, sealed, write } = setUp({ limits });
    for (const path of ['a1', 'x/y/a2', 'a-name-that-is-too-long']) await write(path, A);
    await clock.advance(QUIET_MS + 1_000);
    expect(sealed()).toEqual(['series/1.1 quiet a1']);
    expect(intake.pending().candidates.map(({ name, reason }) => [name, reason])).toEqual([
      ['x/y/a2', 'it belongs to no unit: it is nested more than 2 deep: see `limits.depth`'],
      [
        'a-name-that-is-too-long',
        'it belongs to no unit: a path in it is longer than 20 bytes: see `limits.pathBytes`',
      ],
    ]);
  });
});

describe('series of one study', () => {
  test('wait for each other: none is sealed while another still arrives', async () => {
    const { clock, logger, sealed, write } = setUp();
    await write('a1', A);
    for (let round = 0; round < 6; round++) {
      await write(`b${round}`, B);
      await clock.advance(3_000);
    }
    expect(sealed()).toEqual([]);
    expect(logger.transcript).toContain('3|WAITING: series/1.1 in /data (another series of its study still arrives)');
    await clock.advance(10_000);
    expect(sealed()).toEqual(['series/1.2 quiet b0 b1 b2 b3 b4 b5', 'series/1.1 quiet a1']);
  });

  test('are one unit of the study, which a slow series keeps waiting', async () => {
    const { clock, sealed, write } = setUp({ unit: 'study' });
    await write('s/1/a', A);
    for (let round = 0; round < 6; round++) {
      await write(`s/2/b${round}`, B);
      await clock.advance(3_000);
    }
    expect(sealed()).toEqual([]);
    await clock.advance(10_000);
    expect(sealed()).toEqual(['study/1 quiet s/1/a s/2/b0 s/2/b1 s/2/b2 s/2/b3 s/2/b4 s/2/b5']);
  });

  test('wait for a directory of their study that has no final name yet', async () => {
    const { bring, clock, note, sealed, tree, write } = setUp({ unit: 'study' });
    await write('s/1/a', A);
    tree.write('s/2.tmp/b', B);
    note('IN_CREATE', 's/2.tmp');
    await clock.advance(60_000);
    expect(sealed()).toEqual([]);
    await bring('s', 's.tmp');
    await bring('s.tmp', 's');
    await clock.advance(60_000);
    expect(sealed()).toEqual([]);
    tree.move('s/2.tmp', 's/2');
    note('IN_DELETE', 's/2.tmp');
    await bring('s/2', 's/2');
    await clock.advance(60_000);
    expect(sealed()).toEqual(['study/1 quiet s/1/a s/2/b']);
  });
});

describe('directories', () => {
  test('one that is renamed into place while the rest is still being listed proves nothing of half of a series', async () => {
    const tree = new MemoryTree();
    let release = (): void => undefined;
    const listed = new Promise<void>((resolve) => {
      release = resolve;
    });
    const readTree = tree.readTree;
    const slowly: typeof readTree = async function* (folder, options, signal) {
      if (options.below === '') await listed;
      yield* readTree(folder, options, signal);
    };
    Object.assign(tree, { readTree: slowly });
    tree.write('there/a1', A);
    tree.write('moved/a2', A);
    const { clock, controller, intake, sealed } = setUp({}, { tree });
    const scanning = intake.scan(controller.signal);
    intake.note(dirEvent('IN_MOVED_TO', 'moved', { path: '/data' }));
    await clock.advance(100);
    expect(sealed()).toEqual([]);
    release();
    await scanning;
    await clock.advance(QUIET_MS + 1_000);
    expect(sealed()).toEqual(['series/1.1 quiet moved/a2 there/a1']);
  });

  test('one that is renamed into place gives its series the proof, at once', async () => {
    const { bring, sealed, tree } = setUp();
    for (const name of ['a1', 'a2']) tree.write(`d.tmp/${name}`, A);
    tree.write('d.tmp/sub/b1', B);
    await bring('d.tmp', 'd');
    expect(sealed()).toEqual(['series/1.1 renamed d/a1 d/a2', 'series/1.2 renamed d/sub/b1']);
  });

  test('one that was renamed while it was empty proves nothing of what was in it when it was looked at', async () => {
    const { clock, intake, sealed, tree } = setUp();
    // Heard of at 1 ms; the directory and its file changed long after.
    tree.directoryTimes = { mtimeNs: 9_000_000n, ctimeNs: 9_000_000n };
    tree.write('d/early', A);
    tree.write('d/late', B, 9_000_000n);
    intake.note(dirEvent('IN_MOVED_TO', 'd', { heardAt: 1 }));
    await settle();
    expect(sealed()).toEqual(['series/1.1 renamed d/early']);
    await clock.advance(QUIET_MS + 1_000);
    expect(sealed()).toEqual(['series/1.1 renamed d/early', 'series/1.2 quiet d/late']);
  });

  test('of one series prove nothing for a study; one with several series does', async () => {
    const { bring, clock, sealed, tree } = setUp({ unit: 'study' });
    tree.write('s1.tmp/a', A);
    await bring('s1.tmp', 's1');
    expect(sealed()).toEqual([]);
    await clock.advance(2_000);
    tree.write('s2.tmp/b', B);
    await bring('s2.tmp', 's2');
    await clock.advance(QUIET_MS + 1_000);
    expect(sealed()).toEqual(['study/1 quiet s1/a s2/b']);
    for (const series of ['2.1', '2.2']) tree.write(`o.tmp/${series}/x`, { study: '2', series });
    await bring('o.tmp', 'o');
    expect(sealed()).toEqual(['study/1 quiet s1/a s2/b', 'study/2 renamed o/2.1/x o/2.2/x']);
  });

  test('a done-file in a series’ own directory proves it, in that of a study every series of it; among loose files it says nothing', async () => {
    const tree = new MemoryTree(['.done']);
    const { clock, sealed, write } = setUp({ quietMs: 600_000 }, { tree });
    await write('s/a/1', A);
    await write('s/b/1', B);
    await write('loose', OTHER);
    await write('.done', {});
    await write('s/.done', {});
    await clock.advance(700_000);
    expect(sealed()).toEqual(['series/1.1 marker s/a/1', 'series/1.2 marker s/b/1', 'series/2.1 quiet loose']);
  });

  test('a number counts where the directory holds nothing but the unit', async () => {
    const tree = new MemoryTree(['count-2']);
    const { clock, sealed, write } = setUp({ profile: 'strict' }, { tree });
    for (const path of ['alone/1', 'alone/2', 'mixed/1', 'mixed/2']) {
      await write(path, path.startsWith('alone') ? A : OTHER);
    }
    await write('mixed/3', B);
    await write('alone/count-2', {});
    await write('mixed/count-2', {});
    await clock.advance(60_000);
    expect(sealed()).toEqual(['series/1.1 count alone/1 alone/2']);
  });
});

describe('after the seal', () => {
  test('a late file makes the unit known and changed: told, not processed again', async () => {
    const { clock, intake, logger, sealed, write } = setUp({ late: 'ignore' });
    await write('a1', A);
    await clock.advance(QUIET_MS + 1_000);
    await write('a2', A);
    await clock.advance(60_000);
    expect(sealed()).toHaveLength(1);
    expect(logger.transcript.slice(-2)).toEqual([
      '3|LATE: series/1.1 in /data (files changed after it was sealed)',
      '3|KNOWN: series/1.1 in /data',
    ]);
    expect(intake.lateChanges).toBe(1);
    expect(logger.said('WARNING')).toEqual(['A series changed after it was sealed; it is not processed again']);
  });

  test('a late file is the next generation by default: told once, counted, and imported', async () => {
    const { clock, intake, logger, sealed, store, write } = setUp();
    await write('a1', A);
    await clock.advance(QUIET_MS + 1_000);
    await write('a2', A);
    await clock.advance(60_000);
    expect(sealed()).toHaveLength(2);
    expect(store.sealed.at(-1)).toMatchObject({ late: 'amend' });
    expect(logger.transcript.slice(-2)).toEqual([
      '3|LATE: series/1.1 in /data (files changed after it was sealed)',
      '3|SEALED: series/1.1 in /data',
    ]);
    expect(intake.lateChanges).toBe(1);
  });

  test('a late file makes the next generation where the policy wants one, by the same key, when it is quiet again', async () => {
    const { clock, sealed, store, write } = setUp({ late: 'whole' });
    await write('a1', A);
    await write('b1', B);
    await clock.advance(QUIET_MS + 1_000);
    await write('sub/a2', A);
    await clock.advance(QUIET_MS + 1_000);
    expect(sealed()).toEqual(['series/1.1 quiet a1', 'series/1.2 quiet b1', 'series/1.1 quiet a1 sub/a2']);
    expect(store.sealed.at(-1)).toMatchObject({ relativePath: 'series/1.1', path: '/data', late: 'whole' });
    expect(store.rows.get('series/1.1')).toMatchObject({ generation: 2 });
    expect(store.rows.get('series/1.2')).toMatchObject({ generation: 1 });
  });

  test('a unit whose files all went has vanished, and is the next generation when it comes with other files', async () => {
    const { clock, note, sealed, store, tree, write } = setUp();
    await write('a1', A);
    await clock.advance(QUIET_MS + 1_000);
    tree.remove('a1');
    note('IN_DELETE', 'a1');
    await settle();
    expect(store.vanished).toEqual(['series/1.1']);
    await write('again/a1', A);
    await clock.advance(QUIET_MS + 1_000);
    expect(sealed()).toEqual(['series/1.1 quiet a1', 'series/1.1 quiet again/a1']);
    expect(store.rows.get('series/1.1')).toMatchObject({ generation: 2 });
  });

  test('a new start seals nothing twice, and tells of files that came while nobody watched', async () => {
    const first = setUp();
    await first.write('a1', A);
    await first.write('o1', OTHER);
    await first.clock.advance(QUIET_MS + 1_000);
    await first.stop();
    first.tree.write('o2', OTHER);
    const second = setUp({}, first);
    await second.intake.scan(second.controller.signal);
    await second.clock.advance(60_000);
    expect(first.store.sealed.map(({ relativePath }) => relativePath)).toEqual([
      'series/1.1',
      'series/2.1',
      'series/2.1',
    ]);
    expect(second.logger.transcript).toEqual([
      '3|LATE: series/2.1 in /data (files changed after it was sealed)',
      '3|WAITING: series/2.1 in /data (not yet quiet for 5 s)',
      '3|SEALED: series/2.1 in /data',
    ]);
  });
});

describe('a scan', () => {
  test('finds what no event told of, and what went away without one', async () => {
    const { clock, controller, intake, sealed, store, tree, write } = setUp();
    await write('a1', A);
    await clock.advance(QUIET_MS + 1_000);
    tree.remove('a1');
    tree.write('d/o1', OTHER);
    expect(await intake.scan(controller.signal)).toMatchObject({ kind: 'scanned', identity: 'one', found: 1 });
    await clock.advance(QUIET_MS + 1_000);
    expect(store.vanished).toEqual(['series/1.1']);
    expect(sealed()).toEqual(['series/1.1 quiet a1', 'series/2.1 quiet d/o1']);
  });

  test('asks neither the status nor the header of files that are known to belong to a unit', async () => {
    const { clock, controller, intake, tree, write } = setUp();
    for (let index = 0; index < 50; index++) await write(`a${index}`, A);
    await clock.advance(QUIET_MS + 1_000);
    expect(tree.asked.headers).toBeLessThanOrEqual(100);
    const before = { ...tree.asked };
    await intake.scan(controller.signal);
    expect(tree.asked).toEqual(before);
  });

  test('of another folder in its place forgets what was recorded without taking it for vanished', async () => {
    const { clock, controller, intake, store, tree, write } = setUp();
    await intake.scan(controller.signal);
    await write('a1', A);
    await clock.advance(QUIET_MS + 1_000);
    tree.identity = 'two';
    tree.remove('a1');
    await intake.scan(controller.signal);
    await clock.advance(QUIET_MS + 1_000);
    expect(store.vanished).toEqual([]);
    tree.problem = 'ENOENT';
    expect(await intake.scan(controller.signal)).toEqual({ kind: 'unreadable', code: 'ENOENT' });
  });
});

test('a processor hears what lies right below the watch path and was asked for; units hear the rest', async () => {
  const { clock, controller, intake, sealed, tree } = setUp();
  const source = new HandSource();
  const heard: string[] = [];
  const processor = defineProcessor(
    'Ear',
    { default: ({ maskname, pathname }) => void heard.push(`${maskname} ${pathname}`) },
    { intake: true },
  );
  const logger = createRecordingLogger();
  const openSource = () => Promise.resolve(source);
  const deps = { openSource, processor, intake, hiddenMask: IN.IN_CLOSE_WRITE, clock, logger };
  const watching = runWatchPath(deps, controller.signal);
  await settle();
  tree.write('d/a1', A);
  source.push(dirEvent('IN_CREATE', 'd'), fileEvent('IN_CREATE', 'a1', { path: '/data/d' }));
  tree.write('a2', A);
  source.push(fileEvent('IN_CREATE', 'a2'), fileEvent('IN_CLOSE_WRITE', 'a2'));
  await clock.advance(QUIET_MS + 1_000);
  expect(heard).toEqual(['IN_CREATE|IN_ISDIR /data/d', 'IN_CREATE /data/a2']);
  expect(sealed()).toEqual(['series/1.1 quiet a2 d/a1']);
  controller.abort();
  await watching;
});

test('what units need of a disk must be given', () => {
  const watchPath = { name: 'data', folder: '/data', unit: 'study' } as const;
  const { clock, logger, store } = {
    clock: new ManualClock(),
    logger: createRecordingLogger(),
    store: new MemoryStore(),
  };
  const root = { id: 'r1', name: 'data', path: '/data' };
  const lookAtFolder = (): Promise<never> => Promise.reject(new Error());
  expect(() => createIntake({ root, watchPath, store, lookAtFolder, clock, logger })).toThrow('Expected `disk`');
});
