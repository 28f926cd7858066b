import { isTestName } from './test-name.ts';

/** Names of test directories remembered so that each counts once; beyond that, repeats may count again. */
const REMEMBERED_TESTS = 10_000;

/** Tells which names right below a watch path are not left alone, and counts the tests among those that are. */
export class WantedNames {
  readonly #testPrefix: string | false;
  readonly #ignored: ReadonlySet<string>;
  readonly #tests = new Set<string>();
  #skippedTests = 0;

  /** `testPrefix`: `test` by default. */
  constructor(options: {
    readonly testPrefix?: string | false | undefined;
    readonly ignoreNames?: readonly string[] | undefined;
  }) {
    this.#testPrefix = options.testPrefix ?? 'test';
    this.#ignored = new Set(options.ignoreNames);
  }

  /** Test names left alone since the start, each once. */
  get skippedTests(): number {
    return this.#skippedTests;
  }

  /** Neither a test nor ignored; counts nothing. */
  isOurs(name: string): boolean {
    return !this.#ignored.has(name) && !isTestName(name, this.#testPrefix);
  }

  /** The same, of a name that would be taken otherwise: a test is counted. */
  isWanted(name: string): boolean {
    if (this.#ignored.has(name)) return false;
    if (!isTestName(name, this.#testPrefix)) return true;
    if (!this.#tests.has(name)) {
      if (this.#tests.size >= REMEMBERED_TESTS) this.#tests.clear();
      this.#tests.add(name);
      this.#skippedTests += 1;
    }
    return false;
  }
}
