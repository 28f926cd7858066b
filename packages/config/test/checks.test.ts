import { expect, test } from 'vitest';
import { openWorkingFolder } from './folder.ts';

const MODULE = `
  export const few = { code: 'own-few', check: () => [], severity: 'info' };
  export const bad = { code: 'few', check: () => [] };
  export const none = () => [];
`;

const withChecks = (checks: readonly unknown[], rest: object = {}) => ({
  'sendit.config.json': JSON.stringify({ worker: { checks }, ...rest }),
  'checks.ts': MODULE,
});

test('checks come from modules; commands that only look load none', async () => {
  await using folder = await openWorkingFolder(withChecks(['./checks.ts#few'], { findings: { 'own-few': 'error' } }));
  const settings = await folder.settings();
  expect(settings.worker.checks).toEqual([{ code: 'own-few', check: expect.any(Function), severity: 'info' }]);
  expect(settings.findings).toEqual({ 'own-few': 'error' });
  expect((await folder.settings({ checkFolders: false })).worker.checks).toEqual([]);
  expect((await folder.settings({ checkFolders: false, loadSteps: true })).worker.checks).toHaveLength(1);
});

test('each that is none is a problem, with its place; so is a code of findings that nobody knows', async () => {
  await using folder = await openWorkingFolder(
    withChecks(['./checks.ts#bad', './checks.ts#none', './nowhere.ts', './checks.ts#few', './checks.ts#few']),
  );
  expect(await folder.problems()).toEqual([
    expect.stringMatching(
      /^worker\.checks\[0\]: expected \.\/checks\.ts#bad to be what defineCheck gives, with code: a code such as own-few-slices/,
    ),
    expect.stringMatching(/^worker\.checks\[1\]: expected \.\/checks\.ts#none to be what defineCheck gives/),
    expect.stringMatching(/^worker\.checks\[2\]: expected a module such as .*got "\.\/nowhere\.ts"/),
    expect.stringMatching(/^worker\.checks\[4\]: expected a code of its own, got own-few again/),
  ]);
  await folder.write('sendit.config.json', JSON.stringify({ findings: { own_few: 'info', truncatd: 'info' } }));
  expect(await folder.problems()).toEqual([
    expect.stringMatching(/^findings\.own_few: unknown setting/),
    expect.stringMatching(/^findings\.truncatd: unknown setting \(did you mean truncated/),
  ]);
});
