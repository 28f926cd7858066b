import { expect, test } from 'vitest';
import { defineConfig } from './define-config.ts';

test('a configuration is typed and returned as it is', () => {
  const config = {
    watchPaths: () => [
      ['/data', 'IN_ALL_EVENTS', 'DicomQueue'] as const,
      { folder: '/incoming', events: ['IN_CREATE'], processor: './mine.ts', quietMs: 5 },
    ],
  };
  expect(defineConfig({ watchPaths: [['/data', 'IN_ALL_EVENTS', 'DicomQueue']] })).toHaveProperty('watchPaths');
  expect(
    defineConfig({ watchPaths: async () => [['/data', ['IN_CREATE'], 'x']], databaseUrl: undefined }),
  ).toBeDefined();
  // @ts-expect-error an unknown key
  expect(defineConfig({ watchPath: [] })).toBeDefined();
  // @ts-expect-error a tuple of two
  expect(defineConfig({ watchPaths: [['/data', 'IN_CREATE']] })).toBeDefined();
  expect(defineConfig(config as Parameters<typeof defineConfig>[0])).toBe(config);
});
