import { expect, test } from 'vitest';
import { openWorkingFolder } from './folder.ts';

const withModule = (...modules: readonly string[]) => ({
  'sendit.config.json': JSON.stringify({
    watchPaths: [
      {
        folder: 'data',
        events: 'IN_CREATE',
        processor: 'DicomQueue',
        actions: modules.map((module, at) => ({ kind: 'module', name: `a${at}`, module })),
      },
    ],
  }),
  'mine.ts':
    'export const store = (): void => undefined; export const five = {}; export default async () => undefined;',
});

test('the function of a module action is loaded once, by the name of its export', async () => {
  await using folder = await openWorkingFolder(withModule('./mine.ts#store', './mine.ts', './mine.ts#store'));
  const [watchPath] = (await folder.settings()).watchPaths;
  const [store, other, again] = watchPath?.actions ?? [];
  expect(store).toMatchObject({ kind: 'module', module: './mine.ts#store', timeoutMs: 600_000, attempts: 10 });
  expect(store).toHaveProperty('run', expect.any(Function));
  expect(other).toHaveProperty('run', expect.any(Function));
  expect(again).toHaveProperty('run', store !== undefined && 'run' in store ? store.run : undefined);
});

test('commands that only look do not run it', async () => {
  await using folder = await openWorkingFolder(withModule('./mine.ts#store'));
  const [watchPath] = (await folder.settings({ checkFolders: false })).watchPaths;
  expect(watchPath?.actions[0]).toHaveProperty('run', undefined);
});

test('each that is none is a problem, with its path', async () => {
  await using folder = await openWorkingFolder(withModule('./mine.ts#stroe', './nowhere.ts', './mine.ts#five'));
  expect(await folder.problems()).toEqual([
    expect.stringMatching(
      /^watchPaths\[0\]\.actions\[0\]\.module: expected the export stroe in \.\/mine\.ts.*mean store/,
    ),
    expect.stringMatching(/^watchPaths\[0\]\.actions\[1\]\.module: expected a module such as .*got "\.\/nowhere\.ts"/),
    'watchPaths[0].actions[2].module: expected ./mine.ts#five to be a function, got an object',
  ]);
});
