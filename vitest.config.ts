import { defineConfig } from 'vitest/config';

const conditions = ['@sendit/source', 'node', 'import', 'default'];

export default defineConfig({
  // Tests read the packages' sources; the end-to-end tests run what `npm run build` made.
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/{src,test}/**/*.test.ts', 'apps/*/{src,test}/**/*.test.ts', 'scripts/**/*.test.ts'],
    reporters: ['default', './scripts/summary-reporter.ts'],
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
