import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from './import-graph.ts';

/** SECURITY.md says only what a test shows: each row names the test's file, and its title where the file has others too. */
const STATEMENTS = [
  ...readFileSync(join(repository, 'SECURITY.md'), 'utf8').matchAll(
    /^\| [^|]+ \| ([^|]+) \| `([^`]+\.test\.ts)`: ?(.*?) ?\|$/gm,
  ),
].map(([, statement = '', file = '', title = '']) => [statement, file, title] as const);

test('there are statements', () => {
  expect(STATEMENTS.length).toBeGreaterThan(10);
});

test.each(STATEMENTS)('%s', (_statement, file, title) => {
  expect(readFileSync(join(repository, file), 'utf8')).toContain(title === '' ? 'test(' : `test('${title}'`);
});
