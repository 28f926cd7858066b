import { DEFAULT_NAMES, DEFAULT_QUIET_MS, isFinishedName } from '@sendit/detector';
import { isUnchanged, readChildren } from '@sendit/detector/node';
import type { Intake, IntakeDeps } from './intake-port.ts';
import { toDirectoryLanding } from './candidate/landing.ts';
import { type FileEvent, IN } from '@sendit/model';
import { type Candidate, withoutSlash } from '@sendit/processors';
import { LeftAlone } from './sources/left-alone.ts';
import { isTestName } from './sources/test-name.ts';
import { Scanner } from './sources/scanner.ts';
import { openSealingLine } from './candidate/sealing-line.ts';
import { createUnitIntake } from './sources/units/unit-intake.ts';
import { WantedNames } from './sources/wanted-names.ts';

/** Longest that a loose file is left to settle before it is looked at. */
const LONGEST_SETTLE_MS = 2_000;

/** An intake for one watch path. @throws TypeError when its unit is a series or a study and there is no `disk`. */
export function createIntake(deps: IntakeDeps): Intake {
  const { disk, watchPath } = deps;
  const { unit = 'directory' } = watchPath;
  if (unit === 'directory') return createDirectoryIntake(deps);
  if (disk === undefined) throw new TypeError(`Expected \`disk\` for a watch path whose unit is ${unit}`);
  return createUnitIntake({ ...deps, unit, disk });
}

function createDirectoryIntake(deps: IntakeDeps): Intake {
  const { clock, logger, root, store, watchPath } = deps;
  const wanted = new WantedNames(watchPath);
  const names = watchPath.names ?? DEFAULT_NAMES;
  const asksDisk = deps.isUnchanged ?? isUnchanged;
  const line = openSealingLine(deps, {
    landing: toDirectoryLanding({ ...deps, instances: watchPath.instances }),
    warning: 'A directory keeps its unfinished name; it is not taken: see `sendit watcher pending`',
    isUnchanged: async (name, { signature }) => signature !== null && asksDisk(`${line.prefix}${name}`, signature),
  });
  const { folder, prefix, gate, notes, candidates, afterScan, reconcile, recallNames } = line;
  const toCandidate = (name: string): Candidate => ({ name, path: `${prefix}${name}`, arrival: 'found' });
  const testPrefix = watchPath.testPrefix ?? 'test';
  const settleMs = Math.min(watchPath.quietMs ?? DEFAULT_QUIET_MS, LONGEST_SETTLE_MS);
  const leftAlone = new LeftAlone({
    prefix,
    testPrefix,
    names,
    settleMs,
    clock,
    ...(deps.readKind && { readKind: deps.readKind }),
  });
  const isFinal = (name: string): boolean => isFinishedName(name) && !names.isNamedArriving(name);
  const isTest = (name: string): boolean => isFinal(name) && !names.isIgnored(name) && isTestName(name, testPrefix);
  const isWanted = (name: string): boolean => isFinal(name) && wanted.isWanted(name);
  const seeUnfinished = (seen: readonly string[]): void => {
    const kept = seen.filter((name) => !isFinal(name) && wanted.isOurs(name));
    candidates.seeNames(new Map(kept.map((name) => [name, toUnfinishedReason(name)])));
  };

  /** A directory under an unfinished name is told from its first sight. */
  const noteUnfinished = (event: FileEvent): void => {
    const isNew = event.dir && (event.mask & (IN.IN_CREATE | IN.IN_MOVED_TO)) !== 0;
    if (!isNew || event.rawName !== undefined || withoutSlash(event.path) !== folder) return;
    if (!isFinal(event.name) && wanted.isOurs(event.name)) candidates.name(event.name, toUnfinishedReason(event.name));
  };

  const scanner = new Scanner({
    root,
    folder,
    candidates,
    reconcile,
    store,
    gate,
    readChildren: deps.readChildren ?? readChildren,
    isWanted,
    onListing: async (seen, signal) => {
      seeUnfinished([...seen.names]);
      leftAlone.seeTests([...seen.names].filter(isTest));
      leftAlone.seeFiles(seen.files);
      await notes.forgetGone(seen);
      await recallNames(signal);
    },
    clock,
    logger,
  });

  const noteFile = (event: FileEvent): void => {
    if (event.dir || event.name === '' || withoutSlash(event.path) !== folder) return;
    if ((event.mask & (IN.IN_MOVED_FROM | IN.IN_DELETE)) !== 0) leftAlone.forget(event.name);
    else if ((event.mask & (IN.IN_CREATE | IN.IN_MOVED_TO | IN.IN_CLOSE_WRITE)) !== 0) leftAlone.tellFile(event.name);
  };

  return {
    watchPath: { name: watchPath.name, folder },
    submit: (candidate) => {
      if (isTest(candidate.name)) leftAlone.addTest(candidate.name);
      if (isWanted(candidate.name)) candidates.submit(candidate);
    },
    leave: (name) => {
      leftAlone.forget(name);
      if (wanted.isOurs(name)) candidates.leave(name, isFinal(name) && !scanner.isComplete);
    },
    isRecursive: false,
    note: (event) => {
      noteFile(event);
      noteUnfinished(event);
    },
    decide: (name, note) => {
      notes.set(name, note);
      if (note !== undefined) candidates.reconsider(toCandidate(name));
    },
    scan: async (signal) => {
      for (const name of await notes.read(signal)) if (candidates.has(name)) candidates.reconsider(toCandidate(name));
      const outcome = await scanner.scan(signal);
      if (outcome.kind === 'scanned') await afterScan(signal);
      return outcome;
    },
    pending: () => {
      const pending = candidates.pending();
      return { count: pending.length, candidates: [...pending, ...leftAlone.pending()] };
    },
    get pendingCount() {
      return candidates.pendingCount + candidates.unfinished.length;
    },
    get kept() {
      return candidates.kept();
    },
    get storeProblem() {
      return gate.problem;
    },
    get skippedTests() {
      return wanted.skippedTests;
    },
    get problems() {
      return leftAlone.problems;
    },
    get ignored() {
      return wanted.ignored;
    },
    get lateChanges() {
      return candidates.lateChanges;
    },
    run: async (signal) => {
      // Nothing is judged before it is known what was decided about it.
      await notes.read(signal);
      await Promise.all([candidates.run(signal), leftAlone.run(signal)]);
    },
  };
}

function toUnfinishedReason(name: string): string {
  return isFinishedName(name) ? 'its name is not final: see `arrivingNames`' : 'its name ends in .tmp*';
}
