import type { Reporter, SerializedError, TestCase, TestModule, TestSuite } from 'vitest/node';

/**
 * Ends a run with the names of what was skipped and with one plain line, `N passed, N failed`: a skipped suite must
 * not go unnoticed. A file that could not be loaded counts as one failure.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: 'passed' | 'failed' | 'skipped'): number =>
      tests.filter((test) => test.result().state === state).length;
    const broken = modules.filter((module) => module.state() === 'failed' && module.errors().length > 0).length;
    const skipped = new Set(tests.filter((test) => test.result().state === 'skipped').map(nameOfSkipped));
    const lines = [...skipped].map((name) => `skipped: ${name}`);
    if (skipped.size > 0) lines.push(`${count('skipped')} tests in ${skipped.size} places were skipped.`);
    lines.push(`${count('passed')} passed, ${count('failed') + broken + errors.length} failed`);
    process.stdout.write(`\n${lines.join('\n')}\n`);
  }
}

/** A whole skipped suite is named once; a single skipped test by its own name. */
function nameOfSkipped(test: TestCase): string {
  let suite: TestSuite | TestModule = test.parent;
  let top: TestSuite | undefined;
  while (suite.type === 'suite') {
    if (suite.options.mode === 'skip') top = suite;
    suite = suite.parent;
  }
  return `${test.module.relativeModuleId}: ${top?.fullName ?? test.fullName}`;
}
