import { SERVICES } from '../packages/testing/src/services.ts';
import type { Reporter, SerializedError, TestCase, TestModule, TestSuite } from 'vitest/node';

const SLOWEST = 5;

/**
 * Begins a run with what this machine has of what tests need, and ends it with the slowest files, the names of what was skipped, and
 * one plain line, `N passed, N failed`: a skipped suite must not go unnoticed. A file that could not be loaded counts as one failure.
 */
export default class SummaryReporter implements Reporter {
  onInit(): void {
    process.stdout.write(`${[...describeServices(), describeCorpus()].join('\n')}\n`);
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: 'passed' | 'failed' | 'skipped'): number =>
      tests.filter((test) => test.result().state === state).length;
    const broken = modules.filter((module) => module.state() === 'failed' && module.errors().length > 0).length;
    const skipped = new Set(tests.filter((test) => test.result().state === 'skipped').map(nameOfSkipped));
    const lines = [...describeSlowest(modules), ...[...skipped].map((name) => `skipped: ${name}`)];
    if (skipped.size > 0) lines.push(`${count('skipped')} tests in ${skipped.size} places were skipped.`);
    lines.push(`${count('passed')} passed, ${count('failed') + broken + errors.length} failed`);
    process.stdout.write(`\n${lines.join('\n')}\n`);
  }
}

function describeServices(): string[] {
  const otherwise =
    process.env['SENDIT_REQUIRE_SERVICES'] === '1' ? 'its suites fail' : 'its suites are skipped, and named at the end';
  return Object.entries(SERVICES).map(
    ([name, { find, debian }]) =>
      `${name.padEnd(9)} ${find() ?? `not usable: ${otherwise} (Debian: apt-get install ${debian})`}`,
  );
}

function describeCorpus(): string {
  const corpus = process.env['SENDIT_DICOM_CORPUS'];
  return `corpus    ${corpus ?? 'SENDIT_DICOM_CORPUS is not set: suites that need real DICOM files are skipped'}`;
}

function describeSlowest(modules: readonly TestModule[]): string[] {
  const timed = modules.map((module) => ({ name: module.relativeModuleId, ms: module.diagnostic().duration }));
  return timed
    .toSorted((one, other) => other.ms - one.ms)
    .slice(0, SLOWEST)
    .map(({ name, ms }) => `slowest: ${(ms / 1000).toFixed(1).padStart(6)} s  ${name}`);
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
