import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openTempDir, writeSyntheticStudy } from '@sendit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

/**
 * The first example of every package's README runs literally, as plain JavaScript under this Node, in a folder with a study in
 * `data/scan_0001`. What a `console.log(…); // text` says in its comment must be what it prints; `…` stands for anything.
 */
const run = promisify(execFile);
const repository = join(import.meta.dirname, '..');
// Below the repository, so that `@sendit/…` resolves as it does for whoever has installed the packages.
const examples = join(repository, 'node_modules', '.cache', 'readme-examples');

/** Not made to be run by itself: helpers of tests, and what is composed elsewhere. */
const NOT_RUN = new Set(['testing', 'portal']);

const packages = (await readdir(join(repository, 'packages'))).filter((name) => !NOT_RUN.has(name)).sort();

async function readExample(name: string): Promise<string | undefined> {
  const readme = await readFile(join(repository, 'packages', name, 'README.md'), 'utf8');
  return /^```js\n(.*?)^```$/ms.exec(readme)?.[1];
}

/** Expected output of each commented console.log, as patterns. */
function toExpected(example: string): readonly RegExp[] {
  return [...example.matchAll(/console\.log\(.*\); \/\/ (.+)$/gm)].map(([, text = '']) => {
    const parts = text.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
    return new RegExp(`^${parts.join('.*')}$`);
  });
}

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
  const example = await readExample(name);
  expect(example, `packages/${name}/README.md has a js block`).toBeDefined();
  await using folder = await openTempDir();
  const data = join(folder.path, 'data');
  await writeSyntheticStudy(join(data, 'scan_0001'), { series: [{ modality: 'CT', instances: 3 }] });
  const ended = new AbortController();
  const sender = deliverAgainAndAgain(data, ended.signal);
  try {
    const { stdout } = await run(process.execPath, [join(examples, `${name}.mjs`)], {
      cwd: folder.path,
      timeout: 60_000,
    });
    const lines = stdout.split('\n');
    for (const expected of toExpected(example ?? '')) {
      const at = lines.findIndex((line) => expected.test(line));
      expect(at, `${expected} in:\n${stdout}`).not.toBe(-1);
      lines.splice(0, at + 1);
    }
  } finally {
    ended.abort();
    await sender;
  }
});

/** Examples that watch wait for something to arrive: `data/L1`, `data/L2`, … until the example has ended. */
async function deliverAgainAndAgain(data: string, signal: AbortSignal): Promise<void> {
  for (let number = 1; !signal.aborted; number += 1) {
    await writeSyntheticStudy(join(data, `L${number}.tmp`), { series: [{ instances: 1 }] });
    await rename(join(data, `L${number}.tmp`), join(data, `L${number}`));
    await pause(300, undefined, { signal }).catch(() => undefined);
  }
}

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
