import { defineConfig } from 'vitest/config';

// No 'import' here: vitest gives these to Node's own loader too, and a `require` must not be answered with an ESM build.
const conditions = ['@sendit/source', 'node'];

export default defineConfig({
  // Tests read the packages' sources; the end-to-end tests run what `npm run build` made.
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      'packages/*/{src,test}/**/*.test.ts',
      'apps/*/{src,test}/**/*.test.ts',
      'scripts/**/*.test.ts',
      'bench/**/*.test.ts',
    ],
    reporters: ['default', './scripts/summary-reporter.ts'],
    maxWorkers: 2,
    // Real processes on a busy machine; a test waits for conditions, never for this.
    testTimeout: 90_000,
    hookTimeout: 60_000,
  },
});
