import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('the example of the README says what its comment says', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(?<code>[\s\S]*?)```/.exec(readme)?.groups?.['code'] ?? '';
  // Ten lines, a blank one and the end of the last.
  expect(example.split('\n').length).toBeLessThanOrEqual(12);
  const expected = /\/\/ (?<said>.*)/.exec(example)?.groups?.['said'];

  const root = await mkdtemp(join(tmpdir(), 'sendit-readme-'));
  try {
    await mkdir(join(root, 'scan_0001'));
    await writeFile(join(root, 'scan_0001/a.dcm'), 'x');
    const runnable = example
      .replaceAll(/import (.*) from '(.*)';/g, "const $1 = await load('$2');")
      .replaceAll('/data/', `${root}/`)
      .replace('console.log(', 'said.push(');
    const modules: Readonly<Record<string, () => Promise<unknown>>> = {
      '@sendit/detector': () => import('../src/index.ts'),
      '@sendit/detector/node': () => import('../src/node.ts'),
    };
    const said: unknown[] = [];
    const load = (specifier: string): Promise<unknown> | undefined => modules[specifier]?.();
    const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as new (
      ...args: string[]
    ) => (...values: unknown[]) => Promise<void>;
    await new AsyncFunction('load', 'said', runnable)(load, said);
    expect(said.join(' ')).toBe(expected);
  } finally {
    await rm(root, { recursive: true });
  }
});
