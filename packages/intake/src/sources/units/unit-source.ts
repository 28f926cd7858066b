import type { KnownBatch } from '@sendit/model';
import { DEFAULT_NAMES, type FileUnitKind, type NameRules } from '@sendit/detector';
import { toUnitLook } from '@sendit/detector/node';
import { type FileEvent, toErrorName } from '@sendit/model';
import { type Candidate, withoutSlash } from '@sendit/processors';
import type { CandidateRef, Landing } from '../../candidate/landing.ts';
import type { IntakeDeps } from '../../intake-port.ts';
import { Alarm } from '../../turns/alarm.ts';
import type { CandidateSink, CandidateSource } from '../candidate-source.ts';
import { LeftAlone } from '../left-alone.ts';
import { WantedNames } from '../wanted-names.ts';
import type { UnitDisk } from './unit-disk.ts';
import { toUnitEvent } from './unit-events.ts';
import { lookAtUnit } from './unit-look.ts';
import { UnitTree } from './unit-tree.ts';

export interface UnitSourceDeps extends IntakeDeps {
  readonly unit: FileUnitKind;
  readonly disk: UnitDisk;
}

/** Paths looked at in one step, between which directories that came by rename have their turn. */
const STEP = 512;

const NOT_FINAL = 'its name is not final';

const CANNOT_BE_READ = 'it cannot be read';

/**
 * The series or studies of a watch path. Events and listings keep the tree up to date; the units that change are told under their keys, as
 * directories are under their names.
 *
 * dirty    a path of which an event spoke: looked at as soon as the disk allows, in the order of events
 * touched  a unit of which a file came, changed or went: submitted, or, when it has no file left, gone
 * listing  while names are listed no unit is submitted, so that none is judged by half of its files
 */
export class UnitSource implements CandidateSource {
  readonly isRecursive = true;
  readonly comparesCheaply = false;
  readonly nameWarning =
    'Something has no final name or belongs to no unit; it is not taken: see `sendit watcher pending`';
  readonly unit: FileUnitKind;
  readonly wanted: WantedNames;
  readonly leftAlone: LeftAlone;
  readonly readWriters: Landing['readWriters'];
  readonly #deps: UnitSourceDeps;
  readonly #sink: CandidateSink;
  readonly #folder: string;
  readonly #prefix: string;
  readonly #tree: UnitTree;
  readonly #names: NameRules;
  readonly #alarm: Alarm;
  readonly #dirty = new Set<string>();
  readonly #brought: { readonly path: string; readonly heardAt: number | undefined; readonly isProof: boolean }[] = [];
  /** Units touched during a listing; undefined outside one. */
  #held: Set<string> | undefined;
  /** Test directories of the listing that goes on. */
  #tests: string[] = [];

  constructor(deps: UnitSourceDeps, sink: CandidateSink) {
    const { clock, disk, unit, watchPath } = deps;
    this.#deps = deps;
    this.#sink = sink;
    this.unit = unit;
    this.#folder = withoutSlash(watchPath.folder);
    this.#prefix = this.#folder.endsWith('/') ? this.#folder : `${this.#folder}/`;
    this.#names = watchPath.names ?? DEFAULT_NAMES;
    this.#alarm = new Alarm(clock);
    this.wanted = new WantedNames(watchPath);
    const { testPrefix } = this.wanted;
    this.leftAlone = new LeftAlone({ prefix: this.#prefix, testPrefix, names: this.#names, settleMs: 0, clock });
    this.#tree = new UnitTree({
      folder: this.#folder,
      unit,
      disk,
      skips: (name) => this.#skips(name),
      names: this.#names,
      onIgnored: (path) => this.wanted.seeIgnored(path),
      limits: watchPath.limits,
    });
    const { readWriters } = disk;
    const toPaths = (key: string): Set<string> => new Set(this.#tree.groups.filesOf(key).map(({ path }) => path));
    this.readWriters = readWriters && (({ name }, signal) => readWriters(this.#folder, toPaths(name), signal));
  }

  toPath(): string {
    return this.#folder;
  }

  toSubject({ name, path }: CandidateRef): string {
    return `${name} in ${path}`;
  }

  isOwnName(name: string): boolean {
    return name.startsWith(`${this.unit}/`);
  }

  async read({ name }: CandidateRef, signal: AbortSignal): ReturnType<Landing['read']> {
    const { disk, watchPath } = this.#deps;
    const deps = {
      folder: this.#folder,
      tree: this.#tree,
      disk,
      limits: watchPath.limits,
      waitsForSiblings: watchPath.waitForSiblings ?? true,
      isArriving: (key: string) => this.#sink.isArriving(key),
    };
    const { touched, ...seen } = await lookAtUnit(name, deps, signal);
    this.#touch(touched);
    return seen;
  }

  async list(signal: AbortSignal): ReturnType<CandidateSource['list']> {
    const held = new Set<string>();
    this.#held = held;
    this.#tests = [];
    try {
      const scanned = await this.#tree.scan(signal);
      if (scanned.kind === 'unreadable') return scanned;
      const { groups } = this.#tree;
      this.leftAlone.seeTests(this.#tests);
      this.refreshNames();
      const touched = [...new Set([...scanned.touched, ...held])];
      held.clear();
      const names = new Set([...groups.unfinished(), ...groups.unassigned().keys()]);
      const isRefused = [...groups.unassigned().values()].some((reason) => reason.startsWith(CANNOT_BE_READ));
      return {
        kind: 'listing',
        identity: scanned.identity,
        candidates: touched.filter((key) => groups.hasUnit(key)).map((key) => this.#toCandidate(key)),
        isOfChanges: true,
        gone: touched.filter((key) => !groups.hasUnit(key)),
        isThere: (name) => groups.hasUnit(name) || names.has(name),
        tellsGone: !isRefused && groups.fileCount > 0,
        counts: { files: groups.fileCount, units: [...groups.keys].length },
      };
    } finally {
      this.#held = undefined;
      this.#touch(held);
    }
  }

  /** One of an earlier version has no signature until its turn comes. */
  async isUnchanged(key: string, { manifestDigest, signature }: KnownBatch): Promise<boolean> {
    const { listing, signature: now } = toUnitLook(this.#tree.groups.filesOf(key), this.unit);
    if (listing.manifestDigest !== manifestDigest) return false;
    return signature === null || signature.directories[0]?.[1] === now?.directories[0]?.[1];
  }

  /** Looks at once at a submitted unit, file or directory, with all below it. */
  submit({ arrival, heardAt, name, path }: Candidate): void {
    const { logger, root } = this.#deps;
    if (this.#tree.groups.hasUnit(name)) return this.#sink.look(name);
    const below = path.startsWith(this.#prefix) ? path.slice(this.#prefix.length) : '';
    if (below === '') {
      const message = 'A processor submitted what does not lie below its watch path; it is not taken';
      return logger.error(message, { root: root.name });
    }
    if (!this.wanted.isWanted(toTop(below)) || this.#names.isBelowIgnored(below)) return;
    if (this.#names.isArriving(below) || this.#names.isBelowArriving(below)) return;
    if (this.#brought.some((one) => one.path === below)) return;
    this.#dirty.add(below);
    this.#brought.push({ path: below, heardAt, isProof: arrival === 'renamed' });
    this.#alarm.ring();
  }

  leave(): void {}

  onEvent(event: FileEvent): void {
    const noted = toUnitEvent(this.#folder, this.#names, event);
    if (noted === undefined) return;
    const top = toTop(noted.path);
    if (noted.kind === 'left' && noted.path === top) this.leftAlone.forget(top);
    else if (this.wanted.isTest(top)) this.leftAlone.addTest(top);
    if (!this.wanted.isWanted(top)) return;
    const { groups } = this.#tree;
    switch (noted.kind) {
      case 'left':
        return this.#touch(groups.remove(noted.path));
      case 'unfinished':
        this.#sink.name(noted.path, NOT_FINAL);
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

  /** Looks at the paths of events as soon as possible. */
  async run(signal: AbortSignal): Promise<void> {
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
        if (brought !== undefined) for (const key of touched) this.#sink.look(key);
      } catch (thrown) {
        if (signal.aborted) return;
        // The next scan finds what is still there.
        const { logger, root } = this.#deps;
        logger.error('New files could not be looked at', { root: root.name, error: toErrorName(thrown) });
      }
    }
  }

  refreshNames(): void {
    const { groups } = this.#tree;
    const names = new Map(groups.unfinished().map((path) => [path, NOT_FINAL]));
    for (const [path, reason] of groups.unassigned()) names.set(path, `it belongs to no unit: ${reason}`);
    this.#sink.seeNames(names);
  }

  #skips(name: string): boolean {
    if (this.wanted.isTest(name)) this.#tests.push(name);
    return !this.wanted.isWanted(name);
  }

  #touch(keys: Iterable<string>): void {
    for (const key of keys) {
      if (this.#held !== undefined) this.#held.add(key);
      else if (this.#tree.groups.hasUnit(key)) this.#sink.submit({ ...this.#toCandidate(key), isTold: true });
      else this.#sink.leave(key);
    }
  }

  #toCandidate(key: string): Candidate {
    return { name: key, path: this.#folder, arrival: 'found' };
  }
}

function toTop(path: string): string {
  return path.split('/')[0] ?? '';
}
