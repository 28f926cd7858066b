import type { WritersSighting } from '@sendit/detector';
import { toNameRules } from '@sendit/detector';
import { SenditError } from '@sendit/model';
import { afterEach, describe, expect, test } from 'vitest';
import { ManualClock, settle, createRecordingLogger } from '@sendit/testing';
import { MemoryFolder } from '../test/memory-folder.ts';
import { MemoryStore } from '../test/memory-store.ts';
import type { IntakeDeps, IntakeWatchPath } from './intake-port.ts';
import { createIntake } from './intake.ts';
import type { Candidate } from '@sendit/processors';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const candidate = (name: string, arrival: Candidate['arrival']): Candidate => ({
  name,
  path: `/data/${name}`,
  arrival,
});
const away = (): never => {
  throw new SenditError('The database does not answer', {
    code: 'database-unavailable',
    retry: 'safe',
    hint: 'Start it.',
  });
};

function setUp(watchPath: Partial<IntakeWatchPath> = {}, over: Partial<IntakeDeps> = {}) {
  const clock = new ManualClock();
  const logger = createRecordingLogger();
  const store = new MemoryStore();
  const folder = new MemoryFolder();
  const woken: string[] = [];
  const controller = new AbortController();
  const intake = createIntake({
    root: { id: 'r1', name: 'data', path: '/data' },
    watchPath: { name: 'data', folder: '/data', quietMs: 5_000, testPrefix: 'test', ...watchPath },
    store,
    lookAtFolder: folder.lookAtFolder,
    isUnchanged: (path, signature) => folder.isUnchanged(path, signature),
    readChildren: folder.readChildren,
    clock,
    logger,
    onSealed: () => void woken.push('relay'),
    ...over,
  });
  const running = intake.run(controller.signal);
  stops.push(async () => {
    controller.abort();
    await running;
  });
  const arrive = async (name: string, arrival: Candidate['arrival'], content = 'files'): Promise<void> => {
    folder.directories.set(name, content);
    intake.submit(candidate(name, arrival));
    await settle();
  };
  const step3 = (): readonly string[] => logger.transcript;
  return { arrive, clock, controller, folder, intake, logger, running, step3, store, woken };
}

describe('a finished directory', () => {
  test('that was renamed is sealed at once, and the relay is woken', async () => {
    const { arrive, intake, logger, store, woken } = setUp();
    await arrive('scan', 'renamed');
    expect(store.sealed).toEqual([
      {
        rootId: 'r1',
        unit: 'directory',
        relativePath: 'scan',
        path: '/data/scan',
        name: 'scan',
        grade: 'renamed',
        files: 1,
        bytes: 5,
        manifestDigest: 'digest of files',
        manifest: [{ path: 'content', bytes: 5, mtimeNs: 0n, inode: 1n, changedNs: 0n }],
        signature: { identity: '1:scan:0', directories: [['', 'files']] },
        late: 'ignore',
        keepsInodes: false,
      },
    ]);
    expect(logger.lines).toMatchObject([
      { level: 'LOG', message: '3|SEALED: /data/scan', fields: { batch: 'scan#1' } },
    ]);
    expect(woken).toEqual(['relay']);
    expect(intake.pending()).toEqual({ count: 0, candidates: [] });
  });

  test('that was renamed while a file is open is sealed at once, and doubted at the first look after, once', async () => {
    let [asked, isOpen] = [0, true];
    const readWriters = async (): Promise<WritersSighting> => {
      asked += 1;
      return isOpen ? { kind: 'open', files: 1, pids: [7], example: 'a' } : { kind: 'none', complete: true };
    };
    const { arrive, clock, logger, store } = setUp({}, { readWriters });
    const doubts = () => logger.lines.filter(({ message }) => message.includes('still open for writing'));
    await arrive('scan', 'renamed');
    expect([store.sealed.length, asked, doubts()]).toEqual([1, 0, []]);
    await clock.advance(60_000);
    expect(asked).toBe(1);
    expect(doubts()).toMatchObject([{ level: 'WARNING', fields: { root: 'data', batch: 'scan#1' } }]);
    isOpen = false;
    await arrive('other', 'renamed');
    await clock.advance(60_000);
    expect([asked, doubts().length]).toEqual([2, 1]);
  });

  test('that was created under its name waits for files, then for quiet, and each reason is told once', async () => {
    const { arrive, clock, folder, intake, step3, store } = setUp();
    await arrive('scan', 'created', '');
    await clock.advance(20_000);
    expect(step3()).toEqual(['3|WAITING: /data/scan (it has no file)']);
    for (let round = 0; round < 10; round++) {
      folder.directories.set('scan', `files ${round}`);
      await clock.advance(4_000);
    }
    expect(store.sealed).toEqual([]);
    expect(intake.pending()).toMatchObject({
      count: 1,
      candidates: [{ name: 'scan', reason: 'not yet quiet for 5 s', waitingMs: 60_000 }],
    });
    await clock.advance(10_000);
    expect(step3()).toEqual([
      '3|WAITING: /data/scan (it has no file)',
      '3|WAITING: /data/scan (not yet quiet for 5 s)',
      '3|SEALED: /data/scan',
    ]);
    expect(store.sealed).toMatchObject([{ grade: 'quiet' }]);
  });

  test('that changes before it is sealed starts its quiet time again', async () => {
    const { arrive, clock, folder, store } = setUp();
    await arrive('scan', 'created');
    await clock.advance(4_900);
    folder.directories.set('scan', 'more files');
    await clock.advance(5_000);
    expect(store.sealed).toEqual([]);
    await clock.advance(5_000);
    expect(store.sealed).toMatchObject([{ manifestDigest: 'digest of more files' }]);
  });

  test('that waits is sealed at once when it is renamed onto itself by way of an unfinished name', async () => {
    const { arrive, clock, store } = setUp();
    await arrive('scan', 'created');
    await clock.advance(1_000);
    await arrive('scan', 'renamed');
    expect(store.sealed).toMatchObject([{ grade: 'renamed' }]);
  });

  test('that is known and changed is not processed again, and that is said without its name', async () => {
    const { arrive, logger, step3, store, woken } = setUp();
    await arrive('scan', 'renamed');
    await arrive('scan', 'renamed', 'other files');
    expect(step3()).toEqual([
      '3|SEALED: /data/scan',
      '3|LATE: /data/scan (files changed after it was sealed)',
      '3|KNOWN: /data/scan',
    ]);
    expect(store.sealed).toHaveLength(1);
    expect(woken).toHaveLength(1);
    expect(logger.said('WARNING')).toEqual(['A directory changed after it was sealed; it is not processed again']);
  });

  test('that is renamed afterwards is told so, and no other batch', async () => {
    const { arrive, folder, intake, step3, store } = setUp();
    await arrive('scan', 'renamed');
    folder.identities.set('seen', '1:scan:0');
    folder.directories.delete('scan');
    intake.leave('scan');
    await arrive('seen', 'renamed');
    expect(store.sealed).toHaveLength(1);
    expect(step3()).toEqual(['3|SEALED: /data/scan', '3|RENAMED: /data/seen (it was scan)']);
    intake.submit(candidate('seen', 'renamed'));
    await settle();
    expect(step3().at(-1)).toBe('3|KNOWN: /data/seen');
  });

  test('is sealed once however often it is submitted', async () => {
    const { clock, folder, intake, store } = setUp();
    folder.directories.set('scan', 'files');
    for (let round = 0; round < 5; round++) intake.submit(candidate('scan', 'renamed'));
    await clock.advance(1_000);
    expect(store.calls).toEqual(['seal scan']);
  });
});

describe('a directory that waits too long', () => {
  const HOUR_MS = 3_600_000;

  test('is held with a warning that does not name it, and sealed when it is complete after all', async () => {
    const { arrive, clock, folder, intake, logger, step3, store } = setUp({ maxWaitMs: HOUR_MS, quietMs: 600_000 });
    await arrive('scan', 'created', '');
    await clock.advance(HOUR_MS + 600_000);
    expect(intake.pending().candidates).toMatchObject([{ name: 'scan', outcome: 'hold', reason: 'it has no file' }]);
    expect(logger.said('WARNING')).toEqual([
      'A directory has waited too long; it is held until it is complete: see `sendit watcher pending`',
    ]);
    folder.directories.set('scan', 'files');
    await clock.advance(2 * HOUR_MS);
    expect(store.sealed).toMatchObject([{ name: 'scan', grade: 'quiet' }]);
    expect(step3()).toEqual([
      '3|WAITING: /data/scan (it has no file)',
      '3|HELD: /data/scan (it has no file)',
      '3|SEALED: /data/scan',
    ]);
  });

  test('under an unfinished name is listed with its age, told once, and taken when it is renamed', async () => {
    const { arrive, clock, controller, folder, intake, logger, step3, store } = setUp({ maxWaitMs: HOUR_MS });
    for (const name of ['scan.tmp', 'test.tmp']) folder.directories.set(name, 'files');
    for (let minute = 0; minute <= 61; minute++) {
      await intake.scan(controller.signal);
      await clock.advance(60_000);
    }
    expect(intake.pending().candidates).toMatchObject([
      { name: 'scan.tmp', outcome: 'hold', reason: 'its name ends in .tmp*', waitingMs: 62 * 60_000 },
    ]);
    expect(intake.pendingCount).toBe(1);
    expect(step3()).toEqual(['3|HELD: /data/scan.tmp (its name ends in .tmp*)']);
    expect(logger.said('WARNING')).toHaveLength(1);
    folder.directories.clear();
    intake.leave('scan.tmp');
    await arrive('scan', 'renamed');
    expect(intake.pending()).toEqual({ count: 0, candidates: [] });
    expect(store.sealed).toHaveLength(1);
  });

  test('is taken as incomplete where the watch path says so', async () => {
    const { arrive, clock, store } = setUp({
      profile: 'legacy',
      maxWaitMs: HOUR_MS,
      onDeadline: 'proceed',
      quietMs: 600_000,
    });
    await arrive('scan', 'created');
    await clock.advance(HOUR_MS + 600_000);
    expect(store.sealed).toMatchObject([{ name: 'scan', grade: 'incomplete' }]);
  });

  test('is quarantined where it says so, until a rename or its end', async () => {
    const { arrive, clock, folder, intake, store, step3 } = setUp({
      maxWaitMs: HOUR_MS,
      onDeadline: 'quarantine',
      quietMs: 600_000,
    });
    await arrive('scan', 'created', '');
    await arrive('other', 'created', '');
    await clock.advance(HOUR_MS + 600_000);
    folder.directories.set('scan', 'files');
    folder.directories.delete('other');
    await clock.advance(2 * HOUR_MS);
    expect(store.sealed).toEqual([]);
    expect(intake.pending().candidates).toMatchObject([{ name: 'scan', outcome: 'quarantine' }]);
    await arrive('scan', 'renamed');
    expect(store.sealed).toMatchObject([{ name: 'scan', grade: 'renamed' }]);
    expect(step3()).toContain('3|QUARANTINED: /data/scan (it has no file)');
  });
});

describe('a directory that changes after it was sealed', () => {
  test('is reported once, without its name in the warning, and not processed again', async () => {
    const { arrive, clock, folder, logger, step3, store } = setUp();
    await arrive('scan', 'renamed');
    await clock.advance(60_000);
    folder.directories.set('scan', 'late files');
    await clock.advance(600_000);
    folder.directories.set('scan', 'later files');
    await clock.advance(24 * 3_600_000);
    expect(step3()).toEqual(['3|SEALED: /data/scan', '3|LATE: /data/scan (files changed after it was sealed)']);
    expect(logger.said('WARNING')).toEqual(['A directory changed after it was sealed; it is not processed again']);
    expect(store.sealed).toHaveLength(1);
  });

  test('is reported once when it comes again, and not when it went away', async () => {
    const { arrive, clock, folder, intake, step3 } = setUp();
    await arrive('gone', 'renamed');
    await arrive('again', 'renamed');
    folder.directories.delete('gone');
    intake.leave('gone');
    await arrive('again', 'renamed', 'other files');
    await clock.advance(24 * 3_600_000);
    expect(step3().filter((line) => line.startsWith('3|LATE'))).toEqual([
      '3|LATE: /data/again (files changed after it was sealed)',
    ]);
  });
});

describe('a late arrival', () => {
  test('is sealed anew by a policy that wants it, when it is quiet again', async () => {
    const { arrive, clock, folder, step3, store } = setUp({ late: 'whole' });
    await arrive('scan', 'renamed');
    folder.directories.set('scan', 'late files');
    await clock.advance(60_000);
    expect(store.sealed).toMatchObject([{ late: 'whole' }, { manifestDigest: 'digest of late files', grade: 'quiet' }]);
    expect(step3()).toContain('3|LATE: /data/scan (files changed after it was sealed)');
    folder.directories.set('scan', 'later files');
    await clock.advance(600_000);
    expect(store.sealed).toHaveLength(3);
  });

  test('that was left is sealed at the next scan when a person wants it amended', async () => {
    const { arrive, clock, controller, folder, intake, store } = setUp({ late: 'ignore' });
    await arrive('scan', 'renamed');
    folder.directories.set('scan', 'late files');
    await clock.advance(60_000);
    expect(store.sealed).toHaveLength(1);
    store.amending.add('scan');
    await intake.scan(controller.signal);
    await clock.advance(60_000);
    expect(store.sealed).toMatchObject([{}, { manifestDigest: 'digest of late files' }]);
    expect(store.rows.get('scan')).toMatchObject({ generation: 2 });
  });

  test('is asked about only when something changed', async () => {
    const { arrive, clock, store } = setUp();
    await arrive('scan', 'renamed');
    await clock.advance(24 * 3_600_000);
    expect(store.calls).toEqual(['seal scan']);
  });

  test('is counted under `ignore`, each content once', async () => {
    const { arrive, clock, folder, intake } = setUp();
    await arrive('scan', 'renamed');
    folder.directories.set('scan', 'late files');
    await clock.advance(24 * 3_600_000);
    expect(intake.lateChanges).toBe(1);
  });
});

describe('a reconcile', () => {
  const ended = { generation: 1, status: 'DONE' as const, vanished: false };
  const recorded = (name: string, content: string, identity = `1:${name}:0`) => ({
    ...ended,
    batchId: `${name}#1`,
    manifestDigest: `digest of ${content}`,
    signature: { identity, directories: [['', content] as const] },
    isWaiting: false,
  });

  test('at the start finds what vanished, changed, was replaced or is back while nobody watched', async () => {
    const { clock, controller, folder, intake, step3, store, woken } = setUp();
    for (const name of ['same', 'changed', 'replaced', 'back', 'new']) folder.directories.set(name, 'files');
    folder.identities.set('replaced', 'second');
    store.rows.set('same', recorded('same', 'files'));
    store.rows.set('gone', recorded('gone', 'files'));
    store.rows.set('changed', recorded('changed', 'fewer'));
    store.rows.set('replaced', recorded('replaced', 'others'));
    store.rows.set('back', { ...recorded('back', 'files'), isWaiting: true });
    await intake.scan(controller.signal);
    await clock.advance(60_000);
    expect(store.vanished).toEqual(['gone']);
    expect(store.sealed.map(({ name }) => name).toSorted()).toEqual(['new', 'replaced']);
    expect(step3()).toContain('3|LATE: /data/changed (files changed after it was sealed)');
    expect(step3()).toContain('3|REOPENED: /data/back');
    expect(intake.lateChanges).toBe(1);
    expect(woken.length).toBeGreaterThan(0);
    // Its signature said that it is as it was: nobody looked.
    expect(store.calls).not.toContain('noteSeen same#1');
  });

  test('at the start marks also what an event told of and a look finds gone while the scan goes on', async () => {
    let answer = (): void => undefined;
    const folder = new MemoryFolder();
    const { controller, intake, store } = setUp(
      {},
      {
        readChildren: folder.readChildren,
        lookAtFolder: async (path, signal) => {
          const held = new Promise<void>((resolve) => {
            answer = resolve;
          });
          if (path === '/data/scan') await held;
          return folder.lookAtFolder(path, signal);
        },
      },
    );
    store.rows.set('scan', recorded('scan', 'files'));
    folder.directories.set('scan', 'files').set('test', 'files');
    intake.submit(candidate('scan', 'created'));
    await settle();
    await intake.scan(controller.signal);
    folder.directories.delete('scan');
    answer();
    await settle();
    expect(store.vanished).toEqual(['scan']);
  });

  test('queues again what was held since it could not be read as soon as it can be, at a scan', async () => {
    const refused = new Map([['/data/one', 'EACCES']]);
    const { controller, intake, step3, store, woken } = setUp(
      {},
      { findRefusal: async (directory) => refused.get(directory) },
    );
    store.unreadable.push(
      { batchId: '1', name: 'one', path: '/data/one' },
      { batchId: '2', name: 'two', path: '/data/two' },
    );
    await intake.scan(controller.signal);
    expect(step3()).toEqual(['3|REOPENED: /data/two']);
    expect(woken).toEqual(['relay']);
    refused.clear();
    await intake.scan(controller.signal);
    expect(step3()).toEqual(['3|REOPENED: /data/two', '3|REOPENED: /data/one']);
    expect(store.unreadable).toEqual([]);
  });

  test('leaves alone what cannot be looked at, or does not wait any more', async () => {
    const { controller, intake, step3, store } = setUp(
      {},
      {
        findRefusal: async (directory) => {
          if (directory === '/data/one') throw new Error('the database went away');
          store.unreadable.length = 0;
          return undefined;
        },
      },
    );
    store.unreadable.push(
      { batchId: '1', name: 'one', path: '/data/one' },
      { batchId: '2', name: 'two', path: '/data/two' },
    );
    expect(await intake.scan(controller.signal)).toMatchObject({ kind: 'scanned' });
    expect(step3()).toEqual([]);
    expect(store.calls).toContain('reopenUnreadable 2');
  });

  test('takes nothing for gone in an empty folder: it may be a share that is not mounted', async () => {
    const { clock, controller, intake, store } = setUp();
    store.rows.set('scan', recorded('scan', 'files'));
    await intake.scan(controller.signal);
    await clock.advance(60_000);
    expect(store.vanished).toEqual([]);
  });

  test('goes on while the watcher runs, a part with each scan', async () => {
    const { controller, folder, intake, step3, store } = setUp();
    for (let index = 0; index < 30; index += 1) {
      folder.directories.set(`scan${index}`, 'files');
      store.rows.set(`scan${index}`, recorded(`scan${index}`, 'files'));
    }
    await intake.scan(controller.signal);
    expect(store.calls.filter((call) => call.startsWith('noteSeen'))).toEqual([]);
    // What is written into a file that stays leaves the signature as it is: only the listing in turn sees it.
    folder.isUnchanged = async () => true;
    folder.directories.set('scan25', 'changed in place');
    await intake.scan(controller.signal);
    expect(step3()).toEqual([]);
    await intake.scan(controller.signal);
    expect(step3()).toEqual(['3|LATE: /data/scan25 (files changed after it was sealed)']);
  });

  test('lets a directory that the store cannot be told of for the next one', async () => {
    const { clock, controller, folder, intake, step3, store } = setUp();
    folder.directories.set('scan', 'late files');
    store.rows.set('scan', recorded('scan', 'files'));
    store.fail = (question) => {
      if (question.startsWith('noteSeen')) throw new Error('down');
    };
    const scanning = intake.scan(controller.signal);
    await settle();
    expect(step3()).toEqual([]);
    store.fail = () => undefined;
    await clock.advance(60_000);
    await scanning;
    await intake.scan(controller.signal);
    expect(step3()).toEqual(['3|LATE: /data/scan (files changed after it was sealed)']);
  });
});

describe('an open file', () => {
  test('holds up a directory that is only quiet, and nobody asks about one that was renamed', async () => {
    const asked: string[] = [];
    let isOpen = true;
    const { arrive, clock, intake, store } = setUp(
      {},
      {
        readWriters: async (path) => {
          asked.push(path);
          return isOpen ? { kind: 'open', files: 1, pids: [42], example: 'a.dcm' } : { kind: 'none', complete: true };
        },
      },
    );
    await arrive('moved', 'renamed');
    expect(asked).toEqual([]);
    await arrive('made', 'created');
    await clock.advance(60_000);
    expect(store.sealed.map(({ name }) => name)).toEqual(['moved']);
    expect(intake.pending().candidates).toMatchObject([
      { reason: 'a process still has a file in it open for writing' },
    ]);
    isOpen = false;
    await clock.advance(10_000);
    expect(store.sealed.map(({ name }) => name)).toEqual(['moved', 'made']);
  });
});

describe('what is left alone', () => {
  test('a test directory, in any case, each counted once', async () => {
    const { arrive, clock, intake, store, step3 } = setUp();
    await arrive('test_a', 'renamed');
    await arrive('TestB', 'created');
    await arrive('test_a', 'created');
    await clock.advance(60_000);
    expect(intake.skippedTests).toBe(2);
    expect(intake.pendingCount).toBe(0);
    expect(store.calls).toEqual([]);
    expect(step3()).toEqual([]);
  });

  test('no test directories where the prefix is off', async () => {
    const { arrive, intake, store } = setUp({ testPrefix: false });
    await arrive('Testa^Maria', 'renamed');
    expect(store.sealed).toHaveLength(1);
    expect(intake.skippedTests).toBe(0);
  });

  test('another prefix', async () => {
    const { arrive, store } = setUp({ testPrefix: 'Trial' });
    await arrive('test_a', 'renamed');
    await arrive('trial_b', 'renamed');
    expect(store.sealed.map(({ name }) => name)).toEqual(['test_a']);
  });

  test('unfinished names and ignored names', async () => {
    const { arrive, store } = setUp({ ignoreNames: ['.sendit'] });
    await arrive('scan.tmp1', 'renamed');
    await arrive('.sendit', 'renamed');
    expect(store.calls).toEqual([]);
  });

  test.each(['.Trash-1000', '.stversions', '.snapshot', 'lost+found', '@eaDir'])(
    '%s is ignored, however it comes, and counted once',
    async (name) => {
      const { arrive, controller, intake, store } = setUp();
      await arrive(name, 'renamed');
      await intake.scan(controller.signal);
      expect(store.sealed).toEqual([]);
      expect([intake.ignored, intake.pendingCount, intake.pending().candidates]).toEqual([1, 0, []]);
    },
  );

  test('a name that the watch path knows as not final waits, and is taken when it is renamed', async () => {
    const { arrive, controller, folder, intake, store } = setUp({
      names: toNameRules({ arrivingNames: ['*.incoming'] }),
    });
    await arrive('scan.incoming', 'renamed');
    await intake.scan(controller.signal);
    expect(store.sealed).toEqual([]);
    expect(intake.pending().candidates).toMatchObject([
      { name: 'scan.incoming', reason: 'its name is not final: see `arrivingNames`' },
    ]);
    folder.directories.delete('scan.incoming');
    await arrive('scan', 'renamed');
    expect(store.sealed.map(({ name }) => name)).toEqual(['scan']);
  });
});

describe('what goes away', () => {
  test('a candidate that disappears is dropped without a word to the store', async () => {
    const { arrive, clock, folder, intake, store } = setUp();
    await arrive('scan', 'created');
    folder.directories.delete('scan');
    await clock.advance(6_000);
    expect(intake.pendingCount).toBe(0);
    expect(store.calls).toEqual([]);
  });

  test('a recorded directory is marked, and comes again as the next generation when it has other content', async () => {
    const { arrive, folder, intake, store } = setUp();
    await arrive('scan', 'renamed');
    folder.directories.delete('scan');
    intake.leave('scan');
    await arrive('scan', 'renamed', 'other files');
    expect(store.calls).toEqual(['seal scan', 'markVanished scan', 'seal scan']);
    expect(store.rows.get('scan')?.generation).toBe(2);
  });

  test('a directory that leaves while it is being sealed is marked afterwards', async () => {
    const { arrive, clock, intake, store } = setUp();
    const seal = store.seal.bind(store);
    let release = (): void => undefined;
    store.seal = async (request) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return seal(request);
    };
    await arrive('scan', 'renamed');
    intake.leave('scan');
    release();
    await clock.advance(0);
    expect(store.calls).toEqual(['seal scan', 'markVanished scan']);
    expect(intake.pendingCount).toBe(0);
  });

  test('a recorded directory that a scan misses is marked once', async () => {
    const { arrive, clock, controller, folder, intake, store } = setUp();
    await arrive('scan', 'renamed');
    folder.directories.delete('scan');
    await intake.scan(controller.signal);
    await intake.scan(controller.signal);
    await clock.advance(0);
    expect(store.vanished).toEqual(['scan']);
  });

  test('nothing is marked when another folder took the watch path’s place', async () => {
    const { arrive, clock, controller, folder, intake, store } = setUp();
    await intake.scan(controller.signal);
    await arrive('scan', 'renamed');
    folder.directories.delete('scan');
    folder.identity = 'an empty mount point';
    await intake.scan(controller.signal);
    await clock.advance(60_000);
    expect(store.vanished).toEqual([]);
  });
});

describe('a scan', () => {
  test('takes what is there and not recorded, in chunks, without lines of steps 1 and 2', async () => {
    const { clock, controller, folder, intake, step3, store } = setUp();
    for (let index = 0; index < 1_200; index++) folder.directories.set(`scan${index}`, 'files');
    folder.directories.set('test_x', 'files');
    folder.directories.set('scan.tmp', 'files');
    store.rows.set('scan7', {
      batchId: 'b',
      generation: 1,
      status: 'DONE',
      manifestDigest: 'd',
      vanished: false,
      signature: null,
      isWaiting: false,
    });
    store.rows.set('scan8', {
      batchId: 'b',
      generation: 1,
      status: 'DONE',
      manifestDigest: 'd',
      vanished: true,
      signature: null,
      isWaiting: false,
    });
    const outcome = await intake.scan(controller.signal);
    expect(outcome).toMatchObject({ kind: 'scanned', found: 1_199 });
    const asked = store.calls.filter((call) => call.startsWith('findKnown'));
    expect(asked).toEqual(['findKnown 500', 'findKnown 500', 'findKnown 200']);
    await clock.advance(5_000);
    await intake.scan(controller.signal);
    expect(store.sealed).toHaveLength(1_199);
    expect(store.sealed.every(({ grade }) => grade === 'quiet')).toBe(true);
    expect(store.rows.get('scan8')?.generation).toBe(2);
    expect(step3().every((line) => line.startsWith('3|'))).toBe(true);
  });

  test('does not weaken a rename that came while it asked', async () => {
    const { arrive, controller, folder, intake, store } = setUp();
    folder.directories.set('scan', 'files');
    const scanning = intake.scan(controller.signal);
    await arrive('scan', 'renamed');
    await scanning;
    expect(store.sealed).toMatchObject([{ grade: 'renamed' }]);
    expect(intake.pendingCount).toBe(0);
  });

  test('says why the folder cannot be read', async () => {
    const { controller, folder, intake } = setUp();
    folder.problem = 'EACCES';
    expect(await intake.scan(controller.signal)).toEqual({ kind: 'unreadable', code: 'EACCES' });
  });

  test('waits through an outage of the store, and ends when aborted', async () => {
    const { clock, controller, folder, intake, store } = setUp();
    folder.directories.set('scan', 'files');
    store.fail = away;
    const scanning = intake.scan(controller.signal);
    await clock.advance(10_000);
    store.fail = () => undefined;
    await clock.advance(10_000);
    expect(await scanning).toMatchObject({ kind: 'scanned', found: 1 });
    store.fail = away;
    folder.directories.set('other', 'files');
    const aborted = intake.scan(controller.signal);
    await settle();
    controller.abort();
    expect(await aborted).toEqual({ kind: 'aborted' });
  });
});

describe('an outage of the store', () => {
  test('loses no candidate and is told once when it begins and once when it is over', async () => {
    const { clock, folder, intake, logger, store, step3 } = setUp({}, { concurrency: 4 });
    store.fail = away;
    for (let index = 0; index < 50; index++) {
      folder.directories.set(`scan${index}`, 'files');
      intake.submit(candidate(`scan${index}`, 'renamed'));
    }
    await clock.advance(120_000);
    expect(store.sealed).toEqual([]);
    expect(intake.pending()).toMatchObject({ count: 50 });
    expect(new Set(intake.pending().candidates.map(({ reason }) => reason))).toEqual(
      new Set(['the database does not answer']),
    );
    expect(logger.said('WARNING')).toEqual([
      'The database does not answer; finished directories wait and are tried again',
    ]);
    expect(store.calls.length).toBeLessThan(50);
    expect(intake.storeProblem).toContain('The database does not take what is finished');
    store.fail = () => undefined;
    await clock.advance(40_000);
    expect(intake.storeProblem).toBeNull();
    expect(store.sealed).toHaveLength(50);
    expect(step3()).toHaveLength(50);
    expect(logger.said('INFO')).toEqual(['The database answers again']);
    expect(logger.said('ERROR')).toEqual([]);
  });

  test('seals what the folder holds afterwards, not what it held before', async () => {
    const { arrive, clock, folder, store } = setUp();
    store.fail = away;
    await arrive('scan', 'renamed');
    folder.directories.set('scan', 'late files');
    store.fail = () => undefined;
    await clock.advance(5_000);
    expect(store.sealed).toMatchObject([{ manifestDigest: 'digest of late files' }]);
  });

  test('one directory that is always refused does not hold up the others, and is told once', async () => {
    const { arrive, clock, logger, intake, store } = setUp({}, { concurrency: 1 });
    store.fail = (question) => {
      if (question === 'seal bad') throw new Error('a message with a name in it');
    };
    await arrive('bad', 'renamed');
    for (const name of ['a', 'b', 'c']) await arrive(name, 'renamed');
    await clock.advance(300_000);
    expect(store.sealed.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(intake.pending()).toMatchObject({ count: 1, candidates: [{ reason: 'the database refuses it: Error' }] });
    expect(logger.said('ERROR')).toHaveLength(1);
    expect(JSON.stringify(logger.lines)).not.toContain('a message with a name in it');
  });

  test('a vanished mark is tried again too', async () => {
    const { arrive, clock, intake, store } = setUp();
    await arrive('scan', 'renamed');
    store.fail = away;
    intake.leave('scan');
    await clock.advance(3_000);
    store.fail = () => undefined;
    await clock.advance(10_000);
    expect(store.vanished).toEqual(['scan']);
  });
});

describe('running', () => {
  test('a look that fails unexpectedly is logged without its message and tried again', async () => {
    const folder = new MemoryFolder();
    let failures = 2;
    const { arrive, clock, logger, store } = setUp(
      {},
      {
        lookAtFolder: async (path, signal) => {
          failures -= 1;
          if (failures >= 0) throw new Error('/data/scan');
          folder.directories.set('scan', 'files');
          return folder.lookAtFolder(path, signal);
        },
      },
    );
    await arrive('scan', 'renamed');
    await clock.advance(10_000);
    expect(store.sealed).toHaveLength(1);
    expect(logger.said('ERROR')).toHaveLength(2);
    expect(JSON.stringify(logger.lines.filter(({ level }) => level === 'ERROR'))).not.toContain('/data/scan');
  });

  test('what is in the store’s hands when it stops is waited for', async () => {
    const { arrive, controller, running, step3, store } = setUp();
    const seal = store.seal.bind(store);
    let release = (): void => undefined;
    store.seal = async (request) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return seal(request);
    };
    await arrive('scan', 'renamed');
    controller.abort();
    await settle();
    release();
    await running;
    expect(step3()).toEqual(['3|SEALED: /data/scan']);
  });

  test('it runs once at a time', async () => {
    const { controller, intake } = setUp();
    await expect(intake.run(controller.signal)).rejects.toThrow(TypeError);
  });

  test('a name that is not UTF-8 is held with the reason', async () => {
    const { clock, folder, intake, step3, store } = setUp();
    folder.directories.set('b\ufffd', 'files');
    const rawName = Buffer.from('b\ufffd');
    intake.submit({ name: 'b\ufffd', path: '/data/b\ufffd', arrival: 'renamed', rawName });
    await clock.advance(60_000);
    expect(step3()).toEqual(['3|WAITING: /data/b\ufffd (its name is not valid UTF-8; rename it)']);
    expect(intake.pendingCount).toBe(1);
    expect(store.calls).toEqual([]);
    folder.directories.clear();
    await clock.advance(60_000);
    expect(intake.pendingCount).toBe(0);
  });

  test('legacy seals renamed directories only', async () => {
    const { arrive, clock, step3, store } = setUp({ profile: 'legacy' });
    await arrive('made', 'created');
    await arrive('moved', 'renamed');
    await clock.advance(600_000);
    expect(store.sealed.map(({ name }) => name)).toEqual(['moved']);
    expect(step3()).toContain('3|WAITING: /data/made (it did not arrive by rename)');
  });
});
