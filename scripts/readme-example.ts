import { execFile } from 'node:child_process';
import { readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openTempDir, writeSyntheticStudy } from '@sendit/testing';

const run = promisify(execFile);
const repository = join(import.meta.dirname, '..');

/** Not made to be run by itself: helpers of tests. */
const NOT_RUN = new Set(['testing']);

/** The packages whose README has an example, by the name of their folder. */
export async function listWithExample(): Promise<readonly string[]> {
  return (await readdir(join(repository, 'packages'))).filter((name) => !NOT_RUN.has(name)).sort();
}

/** The first example of a package's README. */
export async function readExample(name: string): Promise<string | undefined> {
  const readme = await readFile(join(repository, 'packages', name, 'README.md'), 'utf8');
  return /^```js\n(.*?)^```$/ms.exec(readme)?.[1];
}

/**
 * Runs an example under this Node, in a folder with a study in `data/scan_0001` and others that arrive, and returns the first comment of a
 * `console.log(…); // text` that it did not print, in order; `…` stands for anything.
 */
export async function findUnprinted(file: string, example: string): Promise<string | undefined> {
  await using folder = await openTempDir();
  const data = join(folder.path, 'data');
  await writeSyntheticStudy(join(data, 'scan_0001'), { series: [{ modality: 'CT', instances: 3 }] });
  const ended = new AbortController();
  const sender = deliverAgainAndAgain(data, ended.signal);
  try {
    const { stdout } = await run(process.execPath, [file], { cwd: folder.path, timeout: 60_000 });
    const lines = stdout.split('\n');
    for (const expected of toExpected(example)) {
      const at = lines.findIndex((line) => expected.test(line));
      if (at === -1) return `${expected} in:\n${stdout}`;
      lines.splice(0, at + 1);
    }
    return undefined;
  } finally {
    ended.abort();
    await sender;
  }
}

/** Expected output of each commented console.log, as patterns. */
function toExpected(example: string): readonly RegExp[] {
  return [...example.matchAll(/console\.log\(.*\); \/\/ (.+)$/gm)].map(([, text = '']) => {
    const parts = text.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
    return new RegExp(`^${parts.join('.*')}$`);
  });
}

/** Examples that watch wait for something to arrive: `data/L1`, `data/L2`, … until the example has ended. */
async function deliverAgainAndAgain(data: string, signal: AbortSignal): Promise<void> {
  for (let number = 1; !signal.aborted; number += 1) {
    await writeSyntheticStudy(join(data, `L${number}.tmp`), { series: [{ instances: 1 }] });
    await rename(join(data, `L${number}.tmp`), join(data, `L${number}`));
    await pause(300, undefined, { signal }).catch(() => undefined);
  }
}
