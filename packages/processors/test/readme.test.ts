import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { toProcessor } from '../src/to-processor.ts';
import { createContext } from './context.ts';
import { dirEvent, fileEvent } from '@sendit/testing';

test('the processor of the README is at most ten lines, loads, and does what it says', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```js\n(?<code>[\s\S]*?)\n```/.exec(readme)?.groups?.['code'] ?? '';
  expect(example.split('\n').length).toBeLessThanOrEqual(10);

  const directory = await mkdtemp(join(tmpdir(), 'sendit-processors-'));
  try {
    const file = join(directory, 'my-processor.mjs');
    const entry = new URL('../src/index.ts', import.meta.url).href;
    await writeFile(file, example.replace("'@sendit/processors'", JSON.stringify(entry)));
    const module = (await import(pathToFileURL(file).href)) as { readonly default: unknown };
    const result = toProcessor(module.default, './my-processor.mjs');
    if (result.kind === 'problem') throw new Error(result.message);

    const context = createContext();
    await result.processor.handle(fileEvent('IN_CREATE', 'a.dcm'), context);
    await result.processor.handle(dirEvent('IN_MOVED_TO', 'scan'), context);
    await result.processor.handle(fileEvent('IN_ATTRIB', 'a.dcm'), context);
    expect(context.logger.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'INFO new: a.dcm',
      'DEBUG IN_ATTRIB',
    ]);
    expect(context.submitted).toEqual([{ name: 'scan', path: '/data/scan', arrival: 'renamed' }]);
  } finally {
    await rm(directory, { recursive: true });
  }
});
