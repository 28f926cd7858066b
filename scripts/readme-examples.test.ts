import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findUnprinted, listWithExample, readExample } from './readme-example.ts';

/**
 * The first example of every package's README runs literally, as plain JavaScript under this Node, in a folder with a study in
 * `data/scan_0001`. What a `console.log(…); // text` says in its comment must be what it prints; `…` stands for anything.
 */
const run = promisify(execFile);
const repository = join(import.meta.dirname, '..');
// Below the repository, so that `@sendit/…` resolves as it does for whoever has installed the packages.
const examples = join(repository, 'node_modules', '.cache', 'readme-examples');

const packages = await listWithExample();

beforeAll(async () => {
  await rm(examples, { recursive: true, force: true });
  await mkdir(examples, { recursive: true });
  for (const name of packages) {
    const example = await readExample(name);
    if (example !== undefined) await writeFile(join(examples, `${name}.mjs`), example);
  }
});

afterAll(() => rm(examples, { recursive: true, force: true }));

test.each(packages)('the example of @sendit/%s runs and prints what it says', async (name) => {
  const example = (await readExample(name)) ?? `expected a js block in packages/${name}/README.md`;
  expect(await findUnprinted(join(examples, `${name}.mjs`), example)).toBeUndefined();
});

test('the examples hold to the types', async () => {
  const options = {
    compilerOptions: {
      allowJs: true,
      checkJs: true,
      noEmit: true,
      strict: true,
      skipLibCheck: true,
      target: 'ES2023',
      lib: ['ES2023', 'ESNext.Disposable'],
      module: 'NodeNext',
      types: ['node'],
      typeRoots: [join(repository, 'node_modules', '@types')],
    },
    include: ['*.mjs'],
  };
  await writeFile(join(examples, 'tsconfig.json'), JSON.stringify(options));
  const tsc = join(repository, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout } = await run(process.execPath, [tsc, '-p', examples]).catch((failed: { stdout: string }) => failed);
  expect(stdout).toBe('');
});
