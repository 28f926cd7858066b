import { DEFAULT_NAMES, type FileUnitKind, type NameRules } from '@sendit/detector';
import { toUnitLook } from '@sendit/detector/node';
import { type DirectoryNote, type FileEvent, toErrorName } from '@sendit/model';
import { leaveVanished } from '../../after/vanished.ts';
import { Alarm } from '../../turns/alarm.ts';
import { findKnown } from '../../seal/find-known.ts';
import type { Intake, IntakeDeps } from '../../intake-port.ts';
import type { Landing } from '../../candidate/landing.ts';
import type { ScanOutcome } from '../scanner.ts';
import { openSealingLine, type SealingLine } from '../../candidate/sealing-line.ts';
import { LeftAlone } from '../left-alone.ts';
import { isTestName } from '../test-name.ts';
import { WantedNames } from '../wanted-names.ts';
import { type Candidate, withoutSlash } from '@sendit/processors';
import type { KnownBatch } from '../../ports.ts';
import type { UnitDisk } from './unit-disk.ts';
import { toUnitEvent } from './unit-events.ts';
import { lookAtUnit } from './unit-look.ts';
import { UnitTree } from './unit-tree.ts';

/** What an intake of units works with. */
export interface UnitIntakeDeps extends IntakeDeps {
  readonly unit: FileUnitKind;
  readonly disk: UnitDisk;
}

/** Paths looked at in one step, between which directories that came by rename have their turn. */
const STEP = 512;

const NOT_FINAL = 'its name is not final';

/** How the reason of what the system refuses to read begins. */
const CANNOT_BE_READ = 'it cannot be read';

/** Keys asked of the store in one question. */
const CHUNK = 500;

/**
 * The intake of a watch path whose units are series or studies. Events and scans keep the tree up to date; the units that change go to
 * the sealer under their keys, as directories go under their names.
 *
 * dirty     a path of which an event spoke: looked at as soon as the disk allows, in the order of events
 * touched   a unit of which a file came, changed or went: submitted, or, when it has no file left, gone
 * scanning  while names are listed no unit is submitted, so that none is judged by half of its files
 */
export function createUnitIntake(deps: UnitIntakeDeps): Intake {
  return new UnitIntake(deps);
}

class UnitIntake implements Intake {
  readonly isRecursive = true;
  readonly watchPath: { readonly name: string; readonly folder: string };
  readonly #deps: UnitIntakeDeps;
  readonly #tree: UnitTree;
  readonly #line: SealingLine;
  readonly #wanted: WantedNames;
  readonly #names: NameRules;
  readonly #testPrefix: string | false;
  readonly #leftAlone: LeftAlone;
  /** Of the scan that goes on. */
  #tests: string[] = [];
  readonly #alarm: Alarm;
  readonly #dirty = new Set<string>();
  readonly #brought: { readonly path: string; readonly heardAt: number | undefined; readonly isProof: boolean }[] = [];
  /** Touched during a scan. */
  readonly #held = new Set<string>();
  #scanning = false;
  #complete = false;
  /** What is recorded was held against the tree. */
  #isCompared = false;

  constructor(deps: UnitIntakeDeps) {
    const { disk, unit, watchPath } = deps;
    const folder = withoutSlash(watchPath.folder);
    this.#deps = deps;
    this.watchPath = { name: watchPath.name, folder };
    this.#names = watchPath.names ?? DEFAULT_NAMES;
    this.#wanted = new WantedNames(watchPath);
    this.#alarm = new Alarm(deps.clock);
    const testPrefix = watchPath.testPrefix ?? 'test';
    this.#testPrefix = testPrefix;
    this.#leftAlone = new LeftAlone({
      prefix: folder.endsWith('/') ? folder : `${folder}/`,
      testPrefix,
      names: this.#names,
      settleMs: 0,
      clock: deps.clock,
    });
    this.#tree = new UnitTree({
      folder,
      unit,
      disk,
      skips: (name) => this.#skips(name),
      names: this.#names,
      onIgnored: (path) => this.#wanted.seeIgnored(path),
      limits: watchPath.limits,
    });
    this.#line = openSealingLine(deps, {
      landing: this.#toLanding(),
      warning: 'Something has no final name or belongs to no unit; it is not taken: see `sendit watcher pending`',
      isUnchanged: async () => false,
    });
  }

  /**
   * Events and scans say what there is; a processor that submits a unit, a file or a directory has it looked at at once, with all below it.
   */
  submit({ arrival, heardAt, name, path }: Candidate): void {
    const { logger, root } = this.#deps;
    if (this.#tree.groups.hasUnit(name)) return this.#line.candidates.look(name);
    const prefix = this.#line.prefix;
    const below = path.startsWith(prefix) ? path.slice(prefix.length) : '';
    if (below === '') {
      const message = 'A processor submitted what does not lie below its watch path; it is not taken';
      return logger.error(message, { root: root.name });
    }
    if (!this.#wanted.isWanted(below.split('/')[0] ?? '') || this.#names.isBelowIgnored(below)) return;
    if (this.#names.isArriving(below) || this.#names.isBelowArriving(below)) return;
    if (this.#brought.some((one) => one.path === below)) return;
    this.#dirty.add(below);
    this.#brought.push({ path: below, heardAt, isProof: arrival === 'renamed' });
    this.#alarm.ring();
  }

  leave(): void {}

  note(event: FileEvent): void {
    const noted = toUnitEvent(this.watchPath.folder, this.#names, event);
    if (noted === undefined) return;
    const top = noted.path.split('/')[0] ?? '';
    if (noted.kind === 'left' && noted.path === top) this.#leftAlone.forget(top);
    else if (this.#isTest(top)) this.#leftAlone.addTest(top);
    if (!this.#wanted.isWanted(top)) return;
    const { groups } = this.#tree;
    switch (noted.kind) {
      case 'left':
        return this.#touch(groups.remove(noted.path));
      case 'unfinished':
        this.#line.candidates.name(noted.path, NOT_FINAL);
        return groups.putUnfinished(noted.path);
      case 'written': {
        const key = groups.keyOf(noted.path);
        if (key !== undefined) return this.#touch([key]);
        break;
      }
      case 'brought':
        this.#brought.push({ ...noted, isProof: true });
        return this.#alarm.ring();
      case 'file':
    }
    this.#dirty.add(noted.path);
    this.#alarm.ring();
  }

  decide(key: string, note: DirectoryNote | undefined): void {
    this.#line.notes.set(key, note);
    if (note !== undefined) this.#reconsider(key);
  }

  async scan(signal: AbortSignal): Promise<ScanOutcome> {
    if (signal.aborted) return { kind: 'aborted' };
    for (const key of await this.#line.notes.read(signal)) this.#reconsider(key);
    this.#scanning = true;
    try {
      this.#tests = [];
      const scanned = await this.#tree.scan(signal);
      if (scanned.kind === 'unreadable') return scanned;
      if (scanned.isReplaced) this.#line.candidates.disownRecorded();
      const touched = new Set([...scanned.touched, ...this.#held]);
      this.#held.clear();
      const found = await this.#settle([...touched], signal);
      if (found === undefined || !(await this.#dropVanishedUnseen(signal))) return { kind: 'aborted' };
      this.#complete = true;
      this.#leftAlone.seeTests(this.#tests);
      await this.#line.afterScan(signal);
      this.#seeWaiting();
      const { logger, root } = this.#deps;
      const units = [...this.#tree.groups.keys].length;
      logger.verbose('Scanned a watch path', { root: root.name, files: this.#tree.groups.fileCount, units, found });
      return { kind: 'scanned', identity: scanned.identity, directories: units, found, names: [] };
    } catch (thrown) {
      if (signal.aborted) return { kind: 'aborted' };
      throw thrown;
    } finally {
      this.#scanning = false;
      const held = [...this.#held];
      this.#held.clear();
      this.#touch(held);
    }
  }

  pending(): ReturnType<Intake['pending']> {
    this.#seeWaiting();
    const pending = this.#line.candidates.pending();
    return { count: pending.length, candidates: [...pending, ...this.#leftAlone.pending()] };
  }

  get pendingCount(): number {
    const { groups } = this.#tree;
    return this.#line.candidates.pendingCount + groups.unassigned().size + groups.unfinished().length;
  }

  get kept(): Intake['kept'] {
    return this.#line.candidates.kept();
  }

  get lateChanges(): number {
    return this.#line.candidates.lateChanges;
  }

  get storeProblem(): string | null {
    return this.#line.gate.problem;
  }

  get problems(): readonly string[] {
    return this.#leftAlone.problems;
  }

  get ignored(): number {
    return this.#wanted.ignored;
  }

  get skippedTests(): number {
    return this.#wanted.skippedTests;
  }

  async run(signal: AbortSignal): Promise<void> {
    await this.#line.notes.read(signal);
    await Promise.all([this.#line.candidates.run(signal), this.#work(signal)]);
  }

  #isTest(name: string): boolean {
    return !this.#names.isIgnored(name) && isTestName(name, this.#testPrefix);
  }

  #skips(name: string): boolean {
    if (this.#isTest(name)) this.#tests.push(name);
    return !this.#wanted.isWanted(name);
  }

  #toLanding(): Landing {
    const { disk, unit, watchPath } = this.#deps;
    const { folder } = this.watchPath;
    const { readWriters } = disk;
    const waitsForSiblings = watchPath.waitForSiblings ?? true;
    const look = {
      folder,
      tree: this.#tree,
      disk,
      limits: watchPath.limits,
      waitsForSiblings,
      isArriving: (key: string) => this.#line.candidates.isArriving(key),
    };
    return {
      unit,
      read: async ({ name }, signal) => {
        const { touched, ...seen } = await lookAtUnit(name, look, signal);
        this.#touch(touched);
        return seen;
      },
      readWriters:
        readWriters &&
        (({ name }, signal) => {
          const paths = new Set(this.#tree.groups.filesOf(name).map(({ path }) => path));
          return readWriters(folder, paths, signal);
        }),
      toSubject: ({ name, path }) => `${name} in ${path}`,
    };
  }

  /** What events spoke of, as soon as it can be looked at. */
  async #work(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const brought = this.#brought.shift();
      const dirty = brought === undefined ? [...this.#dirty].slice(0, STEP) : [];
      if (brought === undefined && dirty.length === 0) {
        await this.#alarm.wait(undefined, signal);
        continue;
      }
      for (const path of dirty) this.#dirty.delete(path);
      try {
        const touched = await (brought === undefined
          ? this.#tree.refresh(dirty, signal)
          : this.#tree.bring(brought.path, signal, brought));
        this.#touch(touched);
        if (brought !== undefined) for (const key of touched) this.#line.candidates.look(key);
      } catch (thrown) {
        if (signal.aborted) return;
        // The next scan finds what is still there.
        const { logger, root } = this.#deps;
        logger.error('New files could not be looked at', { root: root.name, error: toErrorName(thrown) });
      }
    }
  }

  #touch(keys: Iterable<string>): void {
    for (const key of keys) {
      if (this.#scanning) this.#held.add(key);
      else if (this.#tree.groups.hasUnit(key)) this.#submit(key, true);
      else this.#leave(key);
    }
  }

  #leave(key: string): void {
    this.#line.candidates.leave(key, !this.#complete);
  }

  #reconsider(key: string): void {
    if (this.#line.candidates.has(key))
      this.#line.candidates.reconsider({ name: key, path: this.watchPath.folder, arrival: 'found' });
  }

  #submit(key: string, isTold: boolean): void {
    this.#line.candidates.submit({ name: key, path: this.watchPath.folder, arrival: 'found', isTold });
  }

  /** What vanished while nobody watched, once all of the tree could be read. False when aborted. */
  async #dropVanishedUnseen(signal: AbortSignal): Promise<boolean> {
    const { clock, root, store, unit } = this.#deps;
    const { groups } = this.#tree;
    // An empty watch path may be a share that is not mounted, and what cannot be read is not gone.
    const isRefused = [...groups.unassigned().values()].some((reason) => reason.startsWith(CANNOT_BE_READ));
    if (this.#isCompared || isRefused || groups.fileCount === 0) return !signal.aborted;
    const isOurs = (key: string): boolean => key.startsWith(`${unit}/`);
    const { candidates, gate } = this.#line;
    const deps = { clock, gate, root, candidates, store };
    this.#isCompared = await leaveVanished(deps, { isOurs, isThere: (key) => groups.hasUnit(key) }, signal);
    return this.#isCompared;
  }

  /**
   * After a scan: what the store has is recorded, and looked at where it is not as it was sealed or its import waits for that; the rest is
   * submitted. Undefined when aborted.
   */
  async #settle(keys: readonly string[], signal: AbortSignal): Promise<number | undefined> {
    const { clock, root, store, unit } = this.#deps;
    const { groups } = this.#tree;
    let found = 0;
    for (let start = 0; start < keys.length; start += CHUNK) {
      const chunk = keys.slice(start, start + CHUNK);
      const unknown = chunk.filter(
        (key) => !this.#line.candidates.has(key) && !this.#line.candidates.recorded.has(key),
      );
      const known = await findKnown({ clock, gate: this.#line.gate, store, rootId: root.id }, unknown, signal);
      if (known === undefined) return undefined;
      const suspect = new Map<string, KnownBatch>();
      for (const key of chunk) {
        const record = known.get(key);
        if (!groups.hasUnit(key)) this.#leave(key);
        else if (record?.vanished !== false) {
          this.#submit(key, false);
          found += 1;
        } else {
          this.#line.candidates.addRecorded(key);
          const { manifestDigest } = toUnitLook(groups.filesOf(key), unit).listing;
          if (record.isWaiting || manifestDigest !== record.manifestDigest) suspect.set(key, record);
        }
      }
      await this.#line.reconcile(suspect, { all: true }, signal);
    }
    return found;
  }

  #seeWaiting(): void {
    const { groups } = this.#tree;
    const unfinished = groups.unfinished().map((path) => [path, NOT_FINAL] as const);
    const unassigned = [...groups.unassigned()].map(
      ([path, reason]) => [path, `it belongs to no unit: ${reason}`] as const,
    );
    this.#line.candidates.seeNames(new Map([...unfinished, ...unassigned]));
  }
}
