import type { KnownBatch } from '@sendit/model';
import { DEFAULT_NAMES, DEFAULT_QUIET_MS, isFinishedName, type NameRules } from '@sendit/detector';
import { isUnchanged, readChildren } from '@sendit/detector/node';
import { type FileEvent, IN } from '@sendit/model';
import { type Candidate, withoutSlash } from '@sendit/processors';
import { type Landing, toDirectoryLanding } from '../candidate/landing.ts';
import type { IntakeDeps } from '../intake-port.ts';
import type { CandidateSink, CandidateSource, SourceListing } from './candidate-source.ts';
import { LeftAlone } from './left-alone.ts';
import { WantedNames } from './wanted-names.ts';

/** Longest that a loose file is left to settle before it is looked at. */
const LONGEST_SETTLE_MS = 2_000;

const CAME = IN.IN_CREATE | IN.IN_MOVED_TO;
const LEFT = IN.IN_MOVED_FROM | IN.IN_DELETE;

/** The directories right below a watch path. */
export class DirectorySource implements CandidateSource {
  readonly isRecursive = false;
  readonly comparesCheaply = true;
  readonly nameWarning = 'A directory keeps its unfinished name; it is not taken: see `sendit watcher pending`';
  readonly unit = 'directory';
  readonly wanted: WantedNames;
  readonly leftAlone: LeftAlone;
  readonly read: Landing['read'];
  readonly readToJudge: Landing['readToJudge'];
  readonly readWriters: Landing['readWriters'];
  readonly #deps: IntakeDeps;
  readonly #sink: CandidateSink;
  readonly #folder: string;
  readonly #prefix: string;
  readonly #names: NameRules;

  constructor(deps: IntakeDeps, sink: CandidateSink) {
    const { clock, readKind, watchPath } = deps;
    this.#deps = deps;
    this.#sink = sink;
    this.#folder = withoutSlash(watchPath.folder);
    this.#prefix = this.#folder.endsWith('/') ? this.#folder : `${this.#folder}/`;
    this.#names = watchPath.names ?? DEFAULT_NAMES;
    this.wanted = new WantedNames(watchPath);
    const settleMs = Math.min(watchPath.quietMs ?? DEFAULT_QUIET_MS, LONGEST_SETTLE_MS);
    const { testPrefix } = this.wanted;
    const leftAlone = { prefix: this.#prefix, testPrefix, names: this.#names, settleMs, clock };
    this.leftAlone = new LeftAlone({ ...leftAlone, ...(readKind && { readKind }) });
    const landing = toDirectoryLanding({
      ...deps,
      instances: watchPath.instances,
      needsHeaders: watchPath.rules !== undefined,
    });
    this.read = landing.read;
    this.readToJudge = landing.readToJudge;
    this.readWriters = landing.readWriters;
  }

  toPath(name: string): string {
    return `${this.#prefix}${name}`;
  }

  toSubject({ path }: Pick<Candidate, 'path'>): string {
    return path;
  }

  /** A path with a slash is a unit of files. */
  isOwnName(name: string): boolean {
    return !name.includes('/');
  }

  async list(signal: AbortSignal): ReturnType<CandidateSource['list']> {
    const listing = await (this.#deps.readChildren ?? readChildren)(this.#folder, signal);
    if (listing.kind === 'unreadable') return listing;
    const { directories, files, identity } = listing;
    const names = new Set(directories.map(({ name }) => name));
    const unfinished = [...names].filter((name) => !this.#isFinal(name) && this.wanted.isOurs(name));
    this.#sink.seeNames(new Map(unfinished.map((name) => [name, toUnfinishedReason(name)])));
    this.leftAlone.seeTests([...names].filter((name) => this.#isTest(name)));
    this.leftAlone.seeFiles(files);
    const wanted = directories.filter(({ name }) => this.#isWanted(name));
    const found: SourceListing = {
      kind: 'listing',
      identity,
      candidates: wanted.map((child) => ({ ...child, path: this.toPath(child.name), arrival: 'found' })),
      isOfChanges: false,
      gone: [],
      isThere: (name) => names.has(name),
      tellsGone: directories.length > 0,
      counts: { directories: directories.length },
    };
    return found;
  }

  async isUnchanged(name: string, { signature }: KnownBatch): Promise<boolean> {
    return signature !== null && (this.#deps.isUnchanged ?? isUnchanged)(this.toPath(name), signature);
  }

  onEvent(event: FileEvent): void {
    const { dir, mask, name, path, rawName } = event;
    if (name === '' || withoutSlash(path) !== this.#folder) return;
    if (!dir && (mask & LEFT) !== 0) this.leftAlone.forget(name);
    if (!dir && (mask & (CAME | IN.IN_CLOSE_WRITE)) !== 0) this.leftAlone.tellFile(name);
    // A directory under an unfinished name is told from its first sight.
    const isUnfinished = !this.#isFinal(name) && this.wanted.isOurs(name) && rawName === undefined;
    if (dir && (mask & CAME) !== 0 && isUnfinished) this.#sink.name(name, toUnfinishedReason(name));
  }

  leave(name: string): void {
    this.leftAlone.forget(name);
    if (!this.#isFinal(name)) this.#sink.unname(name);
    else if (this.wanted.isOurs(name)) this.#sink.leave(name);
  }

  submit(candidate: Candidate): void {
    if (this.#isTest(candidate.name)) this.leftAlone.addTest(candidate.name);
    if (this.#isWanted(candidate.name)) this.#sink.submit(candidate);
  }

  async run(signal: AbortSignal): Promise<void> {
    await this.leftAlone.run(signal);
  }

  #isFinal(name: string): boolean {
    return isFinishedName(name) && !this.#names.isNamedArriving(name);
  }

  #isTest(name: string): boolean {
    return this.#isFinal(name) && this.wanted.isTest(name);
  }

  #isWanted(name: string): boolean {
    return this.#isFinal(name) && this.wanted.isWanted(name);
  }
}

function toUnfinishedReason(name: string): string {
  return isFinishedName(name) ? 'its name is not final: see `arrivingNames`' : 'its name ends in .tmp*';
}
