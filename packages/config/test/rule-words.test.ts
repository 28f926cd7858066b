import { expect, test } from 'vitest';
import { toRuleWords } from '../src/index.ts';
import { json, openWorkingFolder } from './folder.ts';

const watching = (fields: object) => ({ folder: 'data', events: 'IN_CREATE', processor: 'DicomQueue', ...fields });

async function words(fields: object): Promise<readonly string[]> {
  await using at = await openWorkingFolder(json({ watchPaths: [watching(fields)] }));
  const [watchPath] = (await at.settings()).watchPaths;
  return watchPath === undefined ? [] : toRuleWords(watchPath);
}

test('the rules of a watch path are said in words', async () => {
  expect(await words({})).toEqual([
    'Each directory right below the folder becomes a batch.',
    'What is named as unfinished (.tmp and what transfer tools use) waits for its final name.',
    'Directories whose name begins with test are logged, not imported.',
    'It is complete when it was renamed to its name with its files, or nothing has changed for 15 s.',
    'What is not complete 6 h after its first look is held for a person.',
    'Files that come or change after the seal are counted and reported, not imported.',
  ]);
});

test('what is set is named', async () => {
  const said = await words({
    unit: 'series',
    manifest: 'LIST',
    marker: 'DONE',
    quietMs: 90_000,
    minFiles: 3,
    testPrefix: false,
    maxWaitMs: false,
    ignore: ['*.bak'],
    actions: [{ kind: 'webhook', url: 'https://host.example/secret-path', secret: 'sixteen characters or more' }],
  });
  expect(said).toContain(
    'It is complete when every file that LIST lists is there, or the sender has left DONE, or it was renamed to its name with its files, or nothing has changed for 90 s and it holds at least 3 files.',
  );
  expect(said).toContain('Besides what is always ignored, so is *.bak.');
  expect(said).toContain('It may wait for ever.');
  expect(said).toContain('After the import: webhook (send to https://host.example/***).');
  expect(said.join('\n')).not.toMatch(/secret|sixteen/);
  expect(await words({ profile: 'strict', count: 'N' })).toContain(
    'It is complete when it holds as many instances as N says; nothing less.',
  );
});
