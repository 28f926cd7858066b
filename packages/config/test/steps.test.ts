import { expect, test } from 'vitest';
import { describeSettings, toJsonSchema } from '../src/index.ts';
import { openWorkingFolder } from './folder.ts';

const MODULE = `
  export const thumbnails = { name: 'thumbs', run: () => undefined, attempts: 3, timeoutMs: 5_000 };
  export const plain = () => undefined;
  export const five = { five: 5 };
  export default () => undefined;
`;

const withSteps = (...steps: readonly unknown[]) => ({
  'sendit.config.json': JSON.stringify({ worker: { steps } }),
  'steps.ts': MODULE,
});

test('steps come from modules, in order; the configuration has its say before the step', async () => {
  await using folder = await openWorkingFolder(
    withSteps(
      './steps.ts#thumbnails',
      './steps.ts#plain',
      { module: './steps.ts', name: 'third' },
      {
        module: './steps.ts#thumbnails',
        name: 'again',
        attempts: 1,
      },
    ),
  );
  const settings = await folder.settings();
  const run = expect.any(Function);
  expect(settings.worker.steps).toEqual([
    { kind: 'step', name: 'thumbs', run, timeoutMs: 5_000, attempts: 3, backoffMs: 1_000 },
    { kind: 'step', name: 'plain', run, timeoutMs: 600_000, attempts: 10, backoffMs: 1_000 },
    { kind: 'step', name: 'third', run, timeoutMs: 600_000, attempts: 10, backoffMs: 1_000 },
    { kind: 'step', name: 'again', run, timeoutMs: 5_000, attempts: 1, backoffMs: 1_000 },
  ]);
  expect(describeSettings(settings).find(({ path }) => path === 'worker.steps')).toMatchObject({
    value: 'thumbs, plain, third, again',
    source: 'file sendit.config.json',
  });
});

test('in TypeScript a step may stand in the configuration itself', async () => {
  await using folder = await openWorkingFolder({
    'sendit.config.ts': `import { thumbnails } from './steps.ts';
      export default { worker: { steps: [thumbnails, { name: 'own', run: () => undefined }] } };`,
    'steps.ts': MODULE,
  });
  expect((await folder.settings()).worker.steps.map(({ name }) => name)).toEqual(['thumbs', 'own']);
});

test('a worker loads them, and a command that only looks does not', async () => {
  await using folder = await openWorkingFolder(withSteps('./steps.ts#plain', './nowhere.ts#gone'));
  const looking = await folder.settings({ checkFolders: false });
  expect(looking.worker.steps.map(({ name, run }) => [name, run])).toEqual([
    ['plain', undefined],
    ['gone', undefined],
  ]);
  expect(await folder.problems({ checkFolders: false, loadSteps: true })).toEqual([
    expect.stringMatching(/^worker\.steps\[1\]: expected a module such as .*got "\.\/nowhere\.ts"/),
  ]);
});

test('each that is none is a problem, with its place', async () => {
  await using folder = await openWorkingFolder(
    withSteps(
      './steps.ts#plan',
      './steps.ts#five',
      './steps.ts',
      './steps.ts#plain',
      './steps.ts#plain',
      {
        name: 'nothing',
      },
      { module: './steps.ts', nmae: 'x' },
      5,
    ),
  );
  expect(await folder.problems()).toEqual([
    'worker.steps[5]: expected an object with either module or run, got an object',
    expect.stringMatching(/^worker\.steps\[6\]\.nmae: unknown setting \(did you mean name/),
    expect.stringMatching(/^worker\.steps\[7\]: expected a module such as .*, got 5/),
  ]);
  await folder.write(
    'sendit.config.json',
    JSON.stringify({
      worker: { steps: ['./steps.ts#plan', './steps.ts#five', './steps.ts', './steps.ts#plain', './steps.ts#plain'] },
    }),
  );
  expect(await folder.problems()).toEqual([
    expect.stringMatching(/^worker\.steps\[0\]: expected the export plan in \.\/steps\.ts.*mean plain/),
    expect.stringMatching(
      /^worker\.steps\[1\]: expected \.\/steps\.ts#five to be what defineStep gives, or a function, got an object with five/,
    ),
    expect.stringMatching(/^worker\.steps\[2\]: expected a name for the step of \.\/steps\.ts/),
    expect.stringMatching(/^worker\.steps\[4\]: expected a name of its own, got plain again/),
  ]);
});

test('the JSON schema knows modules, and no functions', () => {
  expect(/"run":\{[^{}]*"not":\{\}/.test(JSON.stringify(toJsonSchema()))).toBe(true);
});
