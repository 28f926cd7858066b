import { DEFAULT_NAMES, type NameRules } from '@sendit/detector';
import { isTestName } from './test-name.ts';

/** Names remembered so that each counts once; beyond that, repeats may count again. */
const REMEMBERED = 10_000;

/** Tells which names right below a watch path are not left alone, and counts tests and ignored names among those that are. */
export class WantedNames {
  readonly testPrefix: string | false;
  readonly #own: ReadonlySet<string>;
  readonly #names: NameRules;
  readonly #tests = new CountedNames();
  readonly #ignored = new CountedNames();

  /** `testPrefix`: `test` by default. `ignoreNames` are our own, such as a state directory: they are not counted. */
  constructor(options: {
    readonly testPrefix?: string | false | undefined;
    readonly ignoreNames?: readonly string[] | undefined;
    readonly names?: NameRules | undefined;
  }) {
    this.testPrefix = options.testPrefix ?? 'test';
    this.#own = new Set(options.ignoreNames);
    this.#names = options.names ?? DEFAULT_NAMES;
  }

  /** Test names left alone since the start, each once. */
  get skippedTests(): number {
    return this.#tests.count;
  }

  /** Ignored names seen since the start, each once. */
  get ignored(): number {
    return this.#ignored.count;
  }

  /** A path below the watch path that is ignored by its name. */
  seeIgnored(path: string): void {
    this.#ignored.add(path);
  }

  /** Neither a test nor ignored; counts nothing. */
  isOurs(name: string): boolean {
    return !this.#own.has(name) && !this.#names.isIgnored(name) && !isTestName(name, this.testPrefix);
  }

  /** A test directory, which nothing else would leave alone; counts nothing. */
  isTest(name: string): boolean {
    return !this.#names.isIgnored(name) && isTestName(name, this.testPrefix);
  }

  /** The same, of a name that would be taken otherwise: what is left alone is counted. */
  isWanted(name: string): boolean {
    if (this.#own.has(name)) return false;
    if (this.#names.isIgnored(name)) {
      this.#ignored.add(name);
      return false;
    }
    if (!isTestName(name, this.testPrefix)) return true;
    this.#tests.add(name);
    return false;
  }
}

/** Counts names, each once. */
class CountedNames {
  readonly #seen = new Set<string>();
  count = 0;

  add(name: string): void {
    if (this.#seen.has(name)) return;
    if (this.#seen.size >= REMEMBERED) this.#seen.clear();
    this.#seen.add(name);
    this.count += 1;
  }
}
