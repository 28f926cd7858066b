import { describe, expect, test } from 'vitest';
import { openWorkingFolder } from './folder.ts';

const watchingWith = (processor: string, others: Record<string, string>) => ({
  'sendit.config.json': JSON.stringify({ watchPaths: [['data', 'IN_CREATE', processor]] }),
  ...others,
});

const typed = `import { greet } from './greet.ts';
enum Colour { Red }
export class Mine { constructor(private readonly colour: Colour = Colour.Red) {} name(): string { return greet('mine'); } }
export const factory = () => new Mine();
export const nothing = null;
export const five = 5;
export default { name: () => 'default' };`;
const files = { 'my.ts': typed, 'greet.ts': 'export const greet = (name: string): string => name;' };

describe('a processor of the user', () => {
  test.each([
    ['./my.ts#Mine', 'Mine', 'function'],
    ['./my.ts#factory', 'factory', 'function'],
    ['./my.ts', 'default', 'object'],
    ['./common.cjs', 'default', 'function'],
    ['./common.cjs#Inner', 'Inner', 'function'],
    ['./await.mjs#late', 'late', 'object'],
    ['installed#Mine', 'Mine', 'function'],
  ])('%s is loaded', async (specifier, exportName, type) => {
    await using folder = await openWorkingFolder(
      watchingWith(specifier, {
        ...files,
        'common.cjs': 'module.exports = class Outer {}; module.exports.Inner = class Inner {};',
        'await.mjs': 'export const late = await Promise.resolve({});',
        'node_modules/installed/package.json': '{"name": "installed", "type": "module", "exports": "./index.js"}',
        'node_modules/installed/index.js': 'export class Mine {}',
      }),
    );
    const [watchPath] = (await folder.settings()).watchPaths;
    expect(watchPath?.processor).toBe(specifier);
    const kind = watchPath?.processorKind;
    expect(kind).toMatchObject({ kind: 'module', exportName });
    expect(typeof (kind?.kind === 'module' ? kind.value : undefined)).toBe(type);
  });

  test.each([
    [
      './my.ts#Mien',
      'expected the export Mien in ./my.ts, which exports Mine, default, factory, five, nothing (did you mean Mine?)',
    ],
    ['./empty.ts', 'expected the export default in ./empty.ts, which exports nothing'],
    ['./my.ts#five', 'expected five of ./my.ts to be a class, function or object, got a number'],
    ['./my.ts#nothing', 'expected nothing of ./my.ts to be a class, function or object, got null'],
    ['./throws.ts', 'expected a module that loads, got ./throws.ts: boom'],
    ['./broken.ts', 'expected a module that loads, got ./broken.ts: syntax error: '],
    ['./imports.ts', "expected a module that loads, got ./imports.ts: Cannot find module './gone.ts'"],
    ['./my.ts#toString', 'expected the export toString in ./my.ts'],
    ['not-installed#Mine', 'got "not-installed", which is neither built in nor installed'],
  ])('%s is refused', async (specifier, expected) => {
    await using folder = await openWorkingFolder(
      watchingWith(specifier, {
        ...files,
        'empty.ts': '',
        'throws.ts': `throw new Error('boom');`,
        'broken.ts': 'export const = 5;',
        'imports.ts': `import { gone } from './gone.ts'; export default gone;`,
      }),
    );
    const problems = await folder.problems();
    expect(problems).toEqual([expect.stringContaining(`watchPaths[0][2]: `)]);
    expect(problems[0]).toContain(expected);
  });

  test('may import what the program offers, installed beside it or not', async () => {
    await using folder = await openWorkingFolder(
      watchingWith('./my.ts', { 'my.ts': `import { base } from '@sendit/processors'; export default base;` }),
    );
    const base = { of: 'the program' };
    const settings = await folder.settings({ modules: { '@sendit/processors': { base } } });
    expect(settings.watchPaths[0]?.processorKind).toMatchObject({ value: base });
  });

  test.each([
    ['./my.ts', 'export default { version: 1 };'],
    ['./my.mjs', 'export default { version: await 1 };'],
    ['./my.cjs', 'module.exports = { version: 1 };'],
  ])('%s is read anew at every loading', async (specifier, content) => {
    await using folder = await openWorkingFolder(watchingWith(specifier, { [specifier]: content }));
    await folder.settings();
    await folder.write(specifier, content.replace('1', '2'));
    expect((await folder.settings()).watchPaths[0]?.processorKind).toMatchObject({ value: { version: 2 } });
  });
});
