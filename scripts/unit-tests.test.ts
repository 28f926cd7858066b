import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Things that tests beside the sources must not use: `npm run test:unit` needs no build, no services and no processes.
 */
const OUTSIDE: readonly RegExp[] = [
  /from '(?:node:)?(?:child_process|cluster|worker_threads)'/,
  /\b(?:startPostgres|sharedPostgres|startRedis|openSmallDisk|describeWith)\b/,
  /from '(?:\.\.?\/)+dist\//,
];

test('tests beside the sources start nothing and need no build', () => {
  const files = ['packages', 'apps'].flatMap((group) =>
    readdirSync(`${ROOT}/${group}`).flatMap((name) => {
      const folder = `${group}/${name}/src`;
      // A package that moved may leave what was built of it.
      if (!existsSync(`${ROOT}/${folder}`)) return [];
      return readdirSync(`${ROOT}/${folder}`, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.test.ts'))
        .map((path) => `${folder}/${path}`);
    }),
  );
  expect(files.length).toBeGreaterThan(80);
  const outside = files.filter((file) => {
    const text = readFileSync(`${ROOT}/${file}`, 'utf8');
    return OUTSIDE.some((pattern) => pattern.test(text));
  });
  // Such a test belongs into test/.
  expect(outside).toEqual([]);
});
