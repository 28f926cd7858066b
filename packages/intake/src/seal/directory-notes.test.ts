import type { DirectoryDecision } from '@sendit/model';
import { afterEach, describe, expect, test } from 'vitest';
import { createRecordingLogger, dirEvent, ManualClock, settle } from '@sendit/testing';
import { MemoryFolder } from '../../test/memory-folder.ts';
import { MemoryNotes } from '../../test/memory-notes.ts';
import { MemoryStore } from '../../test/memory-store.ts';
import { createIntake } from '../intake.ts';
import type { Intake, IntakeWatchPath } from '../intake-port.ts';
import type { Candidate } from '@sendit/processors';

const HOUR_MS = 3_600_000;
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A folder, a database and a clock that outlive the watchers that run on them. */
function setUp(watchPath: Partial<IntakeWatchPath> = {}) {
  const clock = new ManualClock();
  const folder = new MemoryFolder();
  const notes = new MemoryNotes(clock);
  const store = new MemoryStore();
  /** Starts a watcher, as after a kill -9 of the one before. */
  const start = async () => {
    for (const stop of stops.splice(0)) await stop();
    const logger = createRecordingLogger();
    const controller = new AbortController();
    const intake = createIntake({
      root: { id: 'r1', name: 'data', path: '/data' },
      watchPath: { name: 'data', folder: '/data', quietMs: 5_000, ...watchPath },
      store,
      notes,
      readIdentity: async (path) => folder.identities.get(path.slice(6)) ?? `1:${path.slice(6)}:0`,
      wallNow: () => clock.now(),
      lookAtFolder: folder.lookAtFolder,
      readChildren: folder.readChildren,
      clock,
      logger,
    });
    const running = intake.run(controller.signal);
    stops.push(async () => {
      controller.abort();
      await running;
    });
    await intake.scan(controller.signal);
    await settle();
    const arrive = async (name: string, arrival: Candidate['arrival'], content = 'files'): Promise<void> => {
      folder.directories.set(name, content);
      intake.submit({ name, path: `/data/${name}`, arrival });
      await settle();
    };
    const decide = async (name: string, decision: DirectoryDecision): Promise<void> => {
      intake.decide(name, notes.decide(name, decision, `1:${name}:0`));
      await settle();
    };
    const scan = async (): Promise<void> => {
      await intake.scan(controller.signal);
      await settle();
    };
    return { arrive, decide, intake, logger, scan, step3: () => logger.transcript };
  };
  return { clock, folder, notes, start, store };
}

describe('a person’s decision', () => {
  test('hold stands above a proof, over restarts and renames, until the release, which needs no proof', async () => {
    const { clock, folder, notes, start, store } = setUp();
    const first = await start();
    await first.arrive('scan', 'created', '');
    await first.decide('scan', 'hold');
    await first.arrive('scan', 'renamed');
    expect(first.step3().at(-1)).toBe('3|HELD: /data/scan (held by alice: Why.)');
    expect(first.intake.kept).toEqual({ held: 1, quarantined: 0 });

    const second = await start();
    await second.arrive('scan', 'renamed');
    await clock.advance(HOUR_MS);
    expect(store.sealed).toEqual([]);
    expect(second.intake.pending().candidates).toMatchObject([
      { outcome: 'hold', reason: 'held by alice: Why.', decision: 'hold', since: notes.rows.get('scan')?.decision?.at },
    ]);
    folder.directories.set('scan', '');
    await second.decide('scan', 'release');
    expect(store.sealed).toMatchObject([{ name: 'scan', grade: 'released', files: 0 }]);
    expect(second.intake.pending().count).toBe(0);
  });

  test('made while no watcher runs, or elsewhere, is honoured at the start and with the next scan', async () => {
    const { clock, folder, notes, start, store } = setUp();
    folder.directories.set('held', 'files').set('wanted', '').set('later', 'files');
    notes.decide('held', 'quarantine');
    notes.decide('wanted', 'release', '1:wanted:0');
    const { intake, scan, step3 } = await start();
    expect(store.sealed).toMatchObject([{ name: 'wanted', grade: 'released' }]);
    notes.decide('later', 'hold');
    await scan();
    await clock.advance(HOUR_MS);
    expect(store.sealed).toHaveLength(1);
    expect(step3()).toContain('3|QUARANTINED: /data/held (quarantined by alice: Why.)');
    notes.decide('later', 'release');
    await scan();
    expect(store.sealed.map(({ name }) => name)).toEqual(['wanted', 'later']);
    expect(intake.pending().candidates.map(({ name }) => name)).toEqual(['held']);
  });

  test('a release is for the directory it was said of, not for a later one of the same name', async () => {
    const { clock, folder, notes, start, store } = setUp();
    folder.directories.set('scan', '');
    folder.identities.set('scan', '1:another:0');
    notes.decide('scan', 'release', '1:scan:0');
    await start();
    await clock.advance(60_000);
    expect(store.sealed).toEqual([]);
    expect(notes.rows.size).toBe(0);
  });

  test('release does not lift a limit: what was not listed to its end is not sealed', async () => {
    const { clock, folder, start, store } = setUp();
    folder.tooLarge.add('scan');
    const { arrive, decide, intake, logger, step3 } = await start();
    await arrive('scan', 'renamed');
    const reason = 'it holds more than 5 files and directories';
    expect(step3()).toEqual([`3|HELD: /data/scan (${reason})`]);
    expect(logger.said('WARNING')).toEqual([
      'A directory cannot be taken as it is; it is held until it is complete: see `sendit watcher pending`',
    ]);
    await decide('scan', 'release');
    await clock.advance(20_000);
    expect(store.sealed).toEqual([]);
    expect(intake.pending().candidates).toMatchObject([{ outcome: 'hold', reason, decision: null }]);
    folder.tooLarge.delete('scan');
    await clock.advance(20_000);
    expect(store.sealed).toMatchObject([{ name: 'scan', grade: 'renamed' }]);
  });

  test('that the store alone knows of keeps a finished directory back', async () => {
    const { clock, notes, start, store } = setUp();
    const { arrive, intake, step3 } = await start();
    const note = notes.decide('scan', 'hold');
    store.keptBack.set('scan', note);
    await arrive('scan', 'renamed');
    await clock.advance(60_000);
    expect(step3()).toEqual(['3|HELD: /data/scan (held by alice: Why.)']);
    expect(intake.pending().candidates).toMatchObject([{ outcome: 'hold', decision: 'hold' }]);
  });
});

describe('after a restart', () => {
  test('what was quarantined at its deadline is not judged anew, until it is renamed', async () => {
    const { clock, folder, notes, start, store } = setUp({ maxWaitMs: HOUR_MS, onDeadline: 'quarantine' });
    const first = await start();
    await first.arrive('scan', 'created', '');
    await clock.advance(HOUR_MS);
    const since = notes.rows.get('scan')?.since;
    const second = await start();
    folder.directories.set('scan', 'files');
    await clock.advance(2 * HOUR_MS);
    expect(store.sealed).toEqual([]);
    expect(second.step3()).toEqual(['3|QUARANTINED: /data/scan (it has no file)']);
    expect(second.intake.pending().candidates).toMatchObject([{ outcome: 'quarantine', since, decision: null }]);
    expect(second.intake.kept).toEqual({ held: 0, quarantined: 1 });
    await second.arrive('scan', 'renamed');
    expect(store.sealed).toMatchObject([{ grade: 'renamed' }]);
  });

  test('what was held is held at once, is written once, and is sealed when it is complete after all', async () => {
    const { clock, notes, start, store } = setUp({ maxWaitMs: HOUR_MS });
    const first = await start();
    await first.arrive('scan', 'created', '');
    await clock.advance(3 * HOUR_MS);
    expect(notes.writes).toBe(1);
    const second = await start();
    expect(second.intake.pending().candidates).toMatchObject([
      { outcome: 'hold', reason: 'it has no file', since: notes.rows.get('scan')?.since },
    ]);
    await second.arrive('scan', 'found');
    await clock.advance(20_000);
    expect(store.sealed).toMatchObject([{ grade: 'quiet' }]);
    expect(notes.writes).toBe(1);
  });

  test('a rename that was seen still proves the same directory, and no other of its name', async () => {
    for (const isSame of [true, false]) {
      const { clock, folder, start, store } = setUp();
      folder.unreadable.add('scan');
      const first = await start();
      await first.arrive('scan', 'renamed');
      expect(first.intake.pending().candidates).toMatchObject([{ arrival: 'renamed' }]);
      folder.unreadable.delete('scan');
      if (!isSame) folder.identities.set('scan', '1:another:0');
      const second = await start();
      expect(store.sealed.map(({ grade }) => grade)).toEqual(isSame ? ['renamed'] : []);
      await clock.advance(20_000);
      expect(store.sealed.map(({ grade }) => grade)).toEqual(isSame ? ['renamed'] : ['quiet']);
      expect(second.intake.pending().count).toBe(0);
    }
  });

  test('the rename of a directory that was empty, or had too few files, proves nothing after the restart either', async () => {
    for (const [minFiles, first] of [
      [1, ''],
      [2, 'one file'],
    ] as const) {
      const { clock, folder, notes, start, store } = setUp({ minFiles });
      folder.unreadable.add('scan');
      await (await start()).arrive('scan', 'renamed', first);
      expect(notes.rows.get('scan')?.renamedFiles).toBe(first === '' ? undefined : 1);
      folder.unreadable.delete('scan');
      folder.directories.set('scan', 'all files');
      await start();
      await clock.advance(20_000);
      expect(store.sealed.map(({ grade }) => grade)).toEqual(minFiles === 1 ? ['quiet'] : []);
    }
  });

  test('a rename that was remembered is counted anew when it happens again', async () => {
    const { folder, notes, start } = setUp();
    folder.unreadable.add('scan');
    const { arrive } = await start();
    folder.fileCount = 3;
    await arrive('scan', 'renamed');
    expect(notes.rows.get('scan')?.renamedFiles).toBe(3);
    folder.fileCount = 5;
    await arrive('scan', 'renamed');
    expect(notes.rows.get('scan')?.renamedFiles).toBe(5);
  });

  test('of a rename that an older version remembered nobody knows what it brought', async () => {
    const { clock, folder, notes, start, store } = setUp();
    folder.directories.set('scan', 'files');
    const nothing = { relativePath: 'scan', outcome: 'waiting', reason: '', decision: null } as const;
    const since = new Date(0).toISOString();
    const old = { ...nothing, since, arrival: 'renamed', renamedFiles: null, identity: '1:scan:0' } as const;
    notes.rows.set('scan', old);
    await start();
    expect(store.sealed).toEqual([]);
    await clock.advance(20_000);
    expect(store.sealed).toMatchObject([{ grade: 'quiet' }]);
  });

  test('what went away is forgotten, unless its file system did', async () => {
    const { clock, folder, notes, start } = setUp({ maxWaitMs: HOUR_MS, onDeadline: 'quarantine' });
    const first = await start();
    for (const name of ['gone', 'seen', 'stays']) await first.arrive(name, 'created', '');
    await clock.advance(HOUR_MS);
    folder.directories.delete('seen');
    first.intake.leave('seen');
    await settle();
    expect([...notes.rows.keys()]).toEqual(['gone', 'stays']);

    const kept = new Map(folder.directories);
    folder.directories.clear();
    folder.identity = '7:2';
    await start();
    expect([...notes.rows.keys()]).toEqual(['gone', 'stays']);
    kept.delete('gone');
    for (const [name, content] of kept) folder.directories.set(name, content);
    folder.identity = '1:2';
    await start();
    expect([...notes.rows.keys()]).toEqual(['stays']);
  });
});

describe('a directory under an unfinished name', () => {
  const UNFINISHED = 'its name ends in .tmp*';
  const tell = (intake: Intake, event: 'IN_CREATE' | 'IN_MOVED_TO', name: string): void =>
    intake.note(dirEvent(event, name));

  test('is pending and counted from its first event, and no longer once it is renamed', async () => {
    const { folder, start, store } = setUp();
    const { arrive, intake } = await start();
    folder.directories.set('scan.tmp', 'files');
    tell(intake, 'IN_CREATE', 'scan.tmp');
    expect(intake.pending().candidates).toMatchObject([{ name: 'scan.tmp', reason: UNFINISHED, waitingMs: 0 }]);
    expect(intake.pendingCount).toBe(1);
    folder.directories.delete('scan.tmp');
    intake.leave('scan.tmp');
    await arrive('scan', 'renamed');
    expect(intake.pendingCount).toBe(0);
    expect(store.sealed).toHaveLength(1);
  });

  test.each(['test.tmp', '@eaDir', 'scan'])('and no other: %s', async (name) => {
    const { start } = setUp();
    const { intake } = await start();
    tell(intake, 'IN_CREATE', name);
    expect([intake.pendingCount, intake.pending().candidates]).toEqual([0, []]);
  });

  test('keeps its age over restarts, and is told as held when that is over; another of its name begins anew', async () => {
    const { clock, folder, notes, start } = setUp({ maxWaitMs: HOUR_MS });
    folder.directories.set('scan.tmp', 'files');
    const first = await start();
    await clock.advance(20 * 60_000);
    await first.scan();
    expect(notes.rows.get('scan.tmp')).toMatchObject({ outcome: 'waiting', identity: '1:scan.tmp:0' });
    const writes = notes.writes;
    await clock.advance(30 * 60_000);
    const second = await start();
    const [known] = second.intake.pending().candidates;
    expect(known).toMatchObject({ name: 'scan.tmp', outcome: 'waiting', waitingMs: 30 * 60_000 });
    await clock.advance(40 * 60_000);
    await second.scan();
    expect(second.step3()).toEqual([`3|HELD: /data/scan.tmp (${UNFINISHED})`]);
    expect(notes.writes).toBe(writes);
    folder.identities.set('scan.tmp', '1:another:0');
    const third = await start();
    expect(third.intake.pending().candidates).toMatchObject([{ outcome: 'waiting', waitingMs: 0 }]);
  });

  test('that is renamed soon leaves nothing in the database', async () => {
    const { clock, folder, notes, start } = setUp();
    const { intake, scan } = await start();
    folder.directories.set('scan.tmp', 'files');
    tell(intake, 'IN_CREATE', 'scan.tmp');
    await clock.advance(20_000);
    await scan();
    expect(notes.writes).toBe(0);
  });
});
