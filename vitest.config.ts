import { configDefaults, defineConfig } from 'vitest/config';

// No 'import' here: vitest gives these to Node's own loader too, and a `require` must not be answered with an ESM build.
const conditions = ['@sendit/source', 'node'];
// Tests read the packages' sources; processes that they start run what `npm run build` made.
const sources = { resolve: { conditions }, ssr: { resolve: { conditions } } };

/** Minutes each: `npm run verify` runs these. */
const LONG = ['bench/chaos/chaos.test.ts', 'scripts/tarballs.test.ts'];

/** `unit`: beside the source, no services, no processes, no build. */
const PROJECTS = {
  unit: { include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'apps/portal/page/**/*.test.ts'] },
  integration: {
    include: ['packages/*/test/**/*.test.ts', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...LONG],
  },
  e2e: { include: ['apps/*/test/**/*.test.ts'] },
  long: { include: LONG },
};

export default defineConfig({
  ...sources,
  test: {
    reporters: ['default', './scripts/summary-reporter.ts'],
    globalSetup: './scripts/test-services.ts',
    // Most tests wait for processes and the disk half of their time: three keep two cores busy.
    maxWorkers: 3,
    projects: Object.entries(PROJECTS).map(([name, files]) => ({
      ...sources,
      test: {
        name,
        ...files,
        // Real processes on a busy machine; a test waits for conditions, never for this.
        testTimeout: 90_000,
        hookTimeout: 60_000,
      },
    })),
  },
});
