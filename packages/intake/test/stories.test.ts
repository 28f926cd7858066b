import { createRecordingLogger, dirEvent, ManualClock, settle } from '@sendit/testing';
import type { UnitKind } from '@sendit/model';
import { defineProcessor } from '@sendit/processors';
import { afterEach, describe, expect, test } from 'vitest';
import { createIntake, runWatchPath } from '../src/index.ts';
import type { IntakeWatchPath } from '../src/intake-port.ts';
import { HandSource } from './hand-source.ts';
import { MemoryFolder } from './memory-folder.ts';
import { MemoryNotes } from './memory-notes.ts';
import { MemoryStore } from './memory-store.ts';
import { MemoryTree } from './memory-tree.ts';

/** The life of one batch while watchers come and go: the same stories for directories, series and studies. */
const UNITS = ['directory', 'series', 'study'] as const satisfies readonly UnitKind[];
const QUIET_MS = 5_000;

let stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  stops = [];
});

/** A watch path that outlives its watchers. Files are said by name: they are those of one batch, `scan`, and of another, `other`. */
class Place {
  readonly folder = new MemoryFolder();
  readonly tree = new MemoryTree();
  readonly store = new MemoryStore();
  /** Goes on while no watcher runs. */
  readonly clock = new ManualClock();
  readonly notes = new MemoryNotes(this.clock);
  readonly key: string;
  keepsInodes = true;
  /** The digest of every file of the batch, if it is read again. */
  contents: string | null = null;
  #touched = 0n;
  readonly #unit: UnitKind;
  #sent = 0;

  constructor(unit: UnitKind) {
    this.#unit = unit;
    this.key = unit === 'directory' ? 'scan' : unit === 'series' ? 'series/1.1' : 'study/1';
    this.tree.identity = this.folder.identity;
    this.folder.directories.set('other', 'files');
    this.tree.write('other/x', { study: '2', series: '2.1' });
  }

  /** Sends the batch; what is there already stays. */
  send(...names: readonly string[]): void {
    this.#sent += 1;
    if (!this.folder.directories.has('scan')) this.folder.identities.set('scan', `1:scan:${this.#sent}`);
    const before = this.folder.directories.get('scan')?.split(' ') ?? [];
    this.folder.directories.set('scan', [...new Set([...before, ...names])].sort().join(' '));
    for (const name of names) {
      if (!this.tree.files.has(`scan/${name}`)) this.tree.write(`scan/${name}`, { study: '1', series: '1.1' });
    }
  }

  /** Puts another file in the place of one of the batch, with its size and modification time. */
  swap(name: string): void {
    this.folder.inodes.set('scan', 1_000n + BigInt(this.folder.inodes.size));
    this.tree.swap(`scan/${name}`);
  }

  /** Changes the change time of one of its files alone. */
  touch(name: string): void {
    this.#touched += 1n;
    this.folder.changes.set('scan', this.#touched);
    this.tree.touch(`scan/${name}`);
  }

  /** Its import has kept one digest of each of its files. */
  keepDigests(digest: string): void {
    const row = this.row();
    Object.assign(row ?? {}, { digests: new Map([...(row?.files ?? [])].map(([path]) => [path, digest])) });
  }

  remove(): void {
    this.folder.directories.delete('scan');
    this.tree.remove('scan');
  }

  /** Everything that is not mounted is gone for the moment. */
  hide(): () => void {
    const directories = [...this.folder.directories];
    const files = [...this.tree.files];
    this.folder.directories.clear();
    this.tree.files.clear();
    return () => {
      for (const [name, content] of directories) this.folder.directories.set(name, content);
      for (const [path, file] of files) this.tree.files.set(path, file);
    };
  }

  row() {
    return this.store.rows.get(this.key);
  }

  /** A watcher, which scans at once. */
  async watch(over: Partial<IntakeWatchPath> = {}) {
    const { clock } = this;
    const logger = createRecordingLogger();
    const woken: string[] = [];
    const controller = new AbortController();
    const intake = createIntake({
      root: { id: 'r1', name: 'data', path: '/data' },
      watchPath: { name: 'data', folder: '/data', quietMs: QUIET_MS, late: 'ignore', unit: this.#unit, ...over },
      store: this.store,
      notes: this.notes,
      readIdentity: async (path) => `1:${path}:0`,
      wallNow: () => clock.now(),
      keepsInodes: async () => this.keepsInodes,
      readDigests: async (_directory, files) => new Map(files.map(({ path }) => [path, this.contents])),
      lookAtFolder: this.folder.lookAtFolder,
      readChildren: this.folder.readChildren,
      isUnchanged: this.folder.isUnchanged,
      disk: this.tree,
      clock,
      logger,
      onSealed: () => void woken.push('relay'),
    });
    const running = intake.run(controller.signal);
    const stop = async (): Promise<void> => {
      controller.abort();
      await running;
    };
    stops.push(stop);
    const scan = async (): Promise<void> => {
      await intake.scan(controller.signal);
      await clock.advance(3 * QUIET_MS);
    };
    await scan();
    /** Lines of step 3 about the batch. */
    const told = (): readonly string[] =>
      logger.transcript.flatMap((line) =>
        line.includes('other') || line.includes('2') ? [] : [line.split(' ')[0] ?? ''],
      );
    return { clock, controller, intake, logger, scan, stop, told, woken };
  }
}

/** The batch is sealed, and no watcher runs. */
async function sealed(unit: UnitKind): Promise<Place> {
  const place = new Place(unit);
  place.send('a', 'b');
  await (await place.watch()).stop();
  expect(place.row()).toMatchObject({ generation: 1, vanished: false });
  return place;
}

describe.each(UNITS)('a %s that was sealed', (unit) => {
  test('and deleted and sent again with other files while no watcher ran is the next generation', async () => {
    const place = await sealed(unit);
    place.remove();
    place.send('c', 'd');
    const { told } = await place.watch();
    expect(place.row()).toMatchObject({ generation: 2, vanished: false });
    expect(told()).toEqual(['3|WAITING:', '3|SEALED:']);
  });

  test('and deleted while no watcher ran has vanished at the next start', async () => {
    const place = await sealed(unit);
    place.remove();
    const { told } = await place.watch();
    expect(place.store.vanished).toEqual([place.key]);
    expect(told()).toEqual([]);
  });

  test('and deleted while no watcher ran, sent again with other files to the next watcher, is the next generation', async () => {
    const place = await sealed(unit);
    place.remove();
    const { scan } = await place.watch();
    place.send('c', 'd');
    await scan();
    expect(place.row()).toMatchObject({ generation: 2, vanished: false });
  });

  test('and deleted while no watcher ran, sent again as it was, is known', async () => {
    const place = await sealed(unit);
    const before = new Map(place.tree.files);
    place.remove();
    const { scan, told } = await place.watch();
    place.send('a', 'b');
    for (const [path, file] of before) place.tree.files.set(path, file);
    await scan();
    expect(place.row()).toMatchObject({ generation: 1, vanished: false });
    expect(told()).toEqual(['3|WAITING:', '3|KNOWN:']);
  });

  test('and got a file more while no watcher ran is late, told once, over any number of starts', async () => {
    const place = await sealed(unit);
    place.send('c');
    const first = await place.watch();
    expect(first.told()).toEqual(['3|LATE:']);
    expect(first.intake.lateChanges).toBe(1);
    await first.stop();
    const second = await place.watch();
    expect(second.told()).toEqual([]);
    expect(place.row()).toMatchObject({ generation: 1, vanished: false });
  });

  test('and has another file in the place of one, with its size and time, is late, told once', async () => {
    const place = await sealed(unit);
    place.swap('a');
    const first = await place.watch();
    expect(first.told()).toEqual(['3|LATE:']);
    await first.stop();
    const second = await place.watch();
    expect(second.told()).toEqual([]);
    expect(place.row()).toMatchObject({ generation: 1, vanished: false });
  });

  test('and has a file overwritten in place, its times set back, is late, told once; one that was only touched is not', async () => {
    const place = await sealed(unit);
    place.keepDigests('imported');
    place.touch('a');
    place.contents = 'imported';
    const first = await place.watch();
    expect(first.told()).toEqual([]);
    await first.stop();
    place.touch('a');
    place.contents = 'another';
    const second = await place.watch();
    await second.scan();
    expect(second.told()).toEqual(['3|LATE:']);
    await second.scan();
    expect(second.told()).toEqual(['3|LATE:']);
    expect(place.row()).toMatchObject({ generation: 1, vanished: false });
  });

  test('and has such a file where inodes say nothing is as it was', async () => {
    const place = await sealed(unit);
    place.keepsInodes = false;
    place.swap('a');
    expect((await place.watch()).told()).toEqual([]);
  });

  test('and gets such a file while it is looked after is late; under `late: whole` it is the next generation, once', async () => {
    const place = new Place(unit);
    place.send('a', 'b');
    const { clock, scan, told } = await place.watch({ late: 'whole' });
    place.swap('a');
    await clock.advance(20 * QUIET_MS);
    expect(told()).toEqual(['3|WAITING:', '3|SEALED:', '3|LATE:', '3|WAITING:', '3|SEALED:']);
    expect(place.row()).toMatchObject({ generation: 2, vanished: false });
    await scan();
    await clock.advance(20 * QUIET_MS);
    expect(place.row()).toMatchObject({ generation: 2 });
  });

  test('and lies on a share that is not mounted at the start has not vanished', async () => {
    const place = await sealed(unit);
    const mount = place.hide();
    const { scan, told } = await place.watch();
    mount();
    await scan();
    expect(place.store.vanished).toEqual([]);
    expect(told()).toEqual([]);
  });

  test('and is held for missing files is imported when they are back at the start', async () => {
    const place = await sealed(unit);
    Object.assign(place.row() ?? {}, { isWaiting: true });
    const { told, woken } = await place.watch();
    expect(place.row()).toMatchObject({ generation: 1, isWaiting: false });
    expect(told()).toEqual(['3|REOPENED:']);
    expect(woken).toEqual(['relay']);
  });

  test('and is held for missing files that are not back stays held, and is imported when they come to a later start', async () => {
    const place = await sealed(unit);
    Object.assign(place.row() ?? {}, { isWaiting: true });
    const before = new Map(place.tree.files);
    place.remove();
    const first = await place.watch();
    expect([first.told(), place.store.vanished]).toEqual([[], [place.key]]);
    await first.stop();
    place.send('a', 'b');
    for (const [path, file] of before) place.tree.files.set(path, file);
    const second = await place.watch();
    expect(second.told().at(-1)).toBe('3|REOPENED:');
    expect(place.row()).toMatchObject({ generation: 1, isWaiting: false, vanished: false });
  });
});

describe.each(UNITS)('a %s under a name that is not final', (unit) => {
  test('keeps its age over a restart, is held once, and is forgotten when it goes', async () => {
    const place = new Place(unit);
    place.folder.directories.set('scan.tmp', 'files');
    place.tree.write('scan.tmp/x', { study: '1', series: '1.1' });
    const maxWaitMs = 3_600_000;
    const first = await place.watch({ maxWaitMs });
    await place.clock.advance(60_000);
    await first.scan();
    await first.stop();
    await place.clock.advance(maxWaitMs);
    const second = await place.watch({ maxWaitMs });
    expect(second.told()).toEqual(['3|HELD:']);
    expect(second.intake.pending().candidates).toMatchObject([{ name: 'scan.tmp', outcome: 'hold' }]);
    await second.scan();
    expect(second.told()).toEqual(['3|HELD:']);
    place.folder.directories.delete('scan.tmp');
    place.tree.remove('scan.tmp');
    await second.scan();
    expect([second.intake.pendingCount, place.notes.rows.size]).toEqual([0, 0]);
  });
});

describe.each(UNITS)('a processor that submits directories on a watch path of unit %s', (unit) => {
  const run = async (intakeOption: boolean) => {
    const place = new Place(unit);
    const watcher = await place.watch();
    const source = new HandSource();
    const submitting = defineProcessor(
      'Mine',
      { IN_ATTRIB: ({ name, pathname }, context) => context.submit({ name, path: pathname, arrival: 'found' }) },
      { intake: intakeOption },
    );
    const { clock, controller, intake, logger } = watcher;
    const deps = { openSource: async () => source, processor: submitting, intake, rescanMs: 1e9, clock, logger };
    const done = runWatchPath(deps, controller.signal);
    await settle();
    place.send('a', 'b');
    stops.unshift(async () => {
      controller.abort();
      await done;
    });
    source.push(dirEvent('IN_ATTRIB', 'scan'));
    await clock.advance(3 * QUIET_MS);
    return { place, logger };
  };

  test('is heard at once', async () => {
    const { logger, place } = await run(true);
    expect(place.row()).toMatchObject({ generation: 1 });
    expect(logger.said('ERROR')).toEqual([]);
  });

  test('without an intake is heard where directories are taken, else refused aloud', async () => {
    const { logger, place } = await run(false);
    expect(place.row() === undefined).toBe(unit !== 'directory');
    const refusal = expect.stringContaining('without `intake: true` submits on a watch path of series or studies');
    expect(logger.said('ERROR')).toEqual(unit === 'directory' ? [] : [refusal]);
  });
});
