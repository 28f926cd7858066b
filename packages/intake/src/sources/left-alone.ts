import type { NameRules } from '@sendit/detector';
import { type FileKind, readFileKind } from '@sendit/detector/node';
import type { Clock, MonotonicMs } from '@sendit/model';
import { type PendingCandidate, toUntaken } from '../candidate/pending.ts';
import { Alarm } from '../turns/alarm.ts';

export interface LeftAloneDeps {
  /** Of the watch path, with a slash at the end. */
  readonly prefix: string;
  readonly testPrefix: string | false;
  readonly names: NameRules;
  /** A new file is looked at this long after it was last heard of. */
  readonly settleMs: number;
  readonly clock: Clock;
  readonly readKind?: (path: string) => Promise<FileKind>;
}

/** Names remembered of each sort. */
const MOST = 1_000;

/** Files beside the studies that nobody expects to be taken. */
const LITTER = /^(?:\.|Thumbs\.db$|desktop\.ini$)/i;

/** Why a test directory is not taken. */
export function toTestReason(testPrefix: string | false): string {
  return `it is a test directory by the prefix \`${String(testPrefix)}\`: never sealed (\`testPrefix\`)`;
}

/** Why a file right in a watch path of directories is not taken; undefined where nobody would expect it to be. */
export function toLooseReason(kind: FileKind): string | undefined {
  if (kind === 'other') return undefined;
  if (kind === 'dicom')
    return 'a DICOM file right in the watch path, of which directories are taken: set `unit: study`';
  return `an archive (${kind}), which is not unpacked: unpack it into a directory of its own`;
}

/** Whether a test directory may be a patient's: the prefix is the beginning of a longer word, or the name has DICOM's `^`. */
export function looksLikePerson(name: string, testPrefix: string | false): boolean {
  if (testPrefix === false) return false;
  return name.includes('^') || /^\p{L}/u.test(name.slice(testPrefix.length));
}

/**
 * Keeps the entries right below a watch path that are not taken, for display: test directories, and DICOM files or
 * archives beside them.
 */
export class LeftAlone {
  readonly #deps: LeftAloneDeps;
  readonly #alarm: Alarm;
  readonly #tests = new Map<string, MonotonicMs>();
  readonly #files = new Map<string, { readonly since: MonotonicMs; readonly reason: string }>();
  /** Files to be looked at: when they were last heard of. */
  readonly #due = new Map<string, MonotonicMs>();
  /** Files of the last scan that were looked at and are nothing to tell. */
  #known: Set<string> = new Set();

  constructor(deps: LeftAloneDeps) {
    this.#deps = deps;
    this.#alarm = new Alarm(deps.clock);
  }

  /** The test directories that a scan saw. */
  seeTests(names: readonly string[]): void {
    const seen = new Set(names);
    for (const name of this.#tests.keys()) if (!seen.has(name)) this.#tests.delete(name);
    for (const name of names) this.addTest(name);
  }

  addTest(name: string): void {
    if (this.#tests.size < MOST && !this.#tests.has(name)) this.#tests.set(name, this.#deps.clock.now());
  }

  /** The files that a scan saw; new ones are looked at. */
  seeFiles(names: readonly string[]): void {
    const seen = new Set(names);
    for (const name of this.#files.keys()) if (!seen.has(name)) this.forget(name);
    this.#known = new Set([...this.#known].filter((name) => seen.has(name)));
    for (const name of names) if (!this.#known.has(name) && !this.#files.has(name)) this.tellFile(name);
  }

  /** An event tells of a file. */
  tellFile(name: string): void {
    const { clock, names } = this.#deps;
    if (LITTER.test(name) || names.isIgnored(name) || names.isArriving(name) || this.#due.size >= MOST) return;
    this.#due.set(name, clock.now());
    this.#alarm.ring();
  }

  forget(name: string): void {
    this.#tests.delete(name);
    this.#files.delete(name);
    this.#due.delete(name);
    this.#known.delete(name);
  }

  pending(): readonly PendingCandidate[] {
    const { testPrefix } = this.#deps;
    const tests = [...this.#tests].map(([name, since]) => this.#toPending(name, since, toTestReason(testPrefix)));
    return [...tests, ...[...this.#files].map(([name, { since, reason }]) => this.#toPending(name, since, reason))];
  }

  /** Notes for an operator, without names. */
  get problems(): readonly string[] {
    const { testPrefix } = this.#deps;
    const people = [...this.#tests.keys()].filter((name) => looksLikePerson(name, testPrefix)).length;
    const files = this.#files.size;
    const list = '`sendit watcher pending` lists them';
    return [
      ...(people === 0
        ? []
        : [
            `${people} ${people === 1 ? 'directory is' : 'directories are'} left alone as tests by the prefix \`${String(testPrefix)}\` whose names look like a person's: ${list}. Set \`testPrefix\` to another one, or to false.`,
          ]),
      ...(files === 0
        ? []
        : [
            `${files} ${files === 1 ? 'file lies' : 'files lie'} right in the watch path and ${files === 1 ? 'is' : 'are'} not taken: ${list}. Set \`unit: study\`, or put ${files === 1 ? 'it' : 'them'} into directories.`,
          ]),
    ];
  }

  /** Looks at files as they settle, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, prefix, readKind = readFileKind, settleMs } = this.#deps;
    while (!signal.aborted) {
      const [first] = this.#due;
      if (first === undefined) {
        await this.#alarm.wait(undefined, signal);
        continue;
      }
      const [name, heardAt] = first;
      const leftMs = heardAt + settleMs - clock.now();
      if (leftMs > 0) {
        await clock.sleep(Math.ceil(leftMs), signal);
        continue;
      }
      this.#due.delete(name);
      const reason = toLooseReason(await readKind(`${prefix}${name}`));
      // Heard of again meanwhile, or gone: then it is looked at again, or not told.
      if (this.#due.has(name)) continue;
      if (reason === undefined) {
        this.#files.delete(name);
        if (this.#known.size < MOST) this.#known.add(name);
      } else if (this.#files.size < MOST) {
        this.#files.set(name, { since: this.#files.get(name)?.since ?? heardAt, reason });
      }
    }
  }

  #toPending(name: string, since: MonotonicMs, reason: string): PendingCandidate {
    const { clock, prefix } = this.#deps;
    return toUntaken({ name, outcome: 'skipped', reason, waitingMs: clock.now() - since }, prefix);
  }
}
