import { expect, test } from 'vitest';
import { openWorkingFolder } from './folder.ts';

const withProfile = (profile: string) => ({
  'sendit.config.json': JSON.stringify({
    watchPaths: [{ folder: 'data', events: 'IN_CREATE', processor: 'DicomQueue', profile }],
  }),
  'mine.ts': `const one = { name: 'mine', kind: 'proof', grade: 'marker', judge: () => ({ answer: 'yes' }) };
export const rules = [one];
export const made = ({ quietMs }: { quietMs?: number }) => [{ ...one, name: 'quiet' + quietMs }];
export const wrong = [{ name: 'x' }];`,
});

test.each(['./mine.ts#rules', './mine.ts#made'])('rules of the user’s own are loaded: %s', async (profile) => {
  await using folder = await openWorkingFolder(withProfile(profile));
  const [watching] = (await folder.settings()).watchPaths;
  expect(watching).toMatchObject({ profile, rules: expect.anything() });
  const [looking] = (await folder.settings({ checkFolders: false })).watchPaths;
  expect(looking?.rules).toBeDefined();
});

test('a profile of sendit has none', async () => {
  await using folder = await openWorkingFolder(withProfile('strict'));
  expect((await folder.settings()).watchPaths[0]).toMatchObject({ profile: 'strict', rules: undefined });
});

test.each([
  ['saef', /^watchPaths\[0\]\.profile: expected one of legacy, safe, strict, or a module .*got "saef"/],
  ['./nowhere.ts', /^watchPaths\[0\]\.profile: expected one of legacy, .*got "\.\/nowhere\.ts", which is no file/],
  ['./mine.ts#rulse', /^watchPaths\[0\]\.profile: expected the export rulse .*mean rules/],
  [
    './mine.ts#wrong',
    /^watchPaths\[0\]\.profile: expected rules with a name, a kind .*number 1 .*\(\.\/mine\.ts#wrong\)/,
  ],
])('%s is a problem', async (profile, problem) => {
  await using folder = await openWorkingFolder(withProfile(profile));
  expect(await folder.problems()).toEqual([expect.stringMatching(problem)]);
});

test('a worker or command that lacks the module goes on, warned', async () => {
  await using folder = await openWorkingFolder(withProfile('./nowhere.ts#rules'));
  const result = await folder.load({ checkFolders: false });
  expect(result).toMatchObject({ kind: 'ok', warnings: [expect.stringContaining('"./nowhere.ts"')] });
});
