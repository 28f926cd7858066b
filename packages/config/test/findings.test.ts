import { expect, test } from 'vitest';
import { describeSettings } from '../src/index.ts';
import { json, openWorkingFolder } from './folder.ts';

test('a watch path judges findings by its own word before the general one, and oneStudyDate is a word too', async () => {
  const path = { folder: 'data', events: 'IN_CREATE', processor: 'DicomQueue' };
  await using folder = await openWorkingFolder({
    ...json({
      findings: { truncated: 'error', 'private-data': 'off' },
      watchPaths: [
        { ...path, oneStudyDate: true, findings: { truncated: 'info' } },
        { ...path, folder: 'other' },
      ],
    }),
    'other/file': '',
  });
  const settings = await folder.settings();
  expect(settings.watchPaths.map(({ findings }) => findings)).toEqual([
    { truncated: 'info', 'private-data': 'off', 'several-study-dates': 'error' },
    { truncated: 'error', 'private-data': 'off' },
  ]);
  const shown = new Map(describeSettings(settings).map(({ path: at, value }) => [at, value]));
  expect(shown.get('findings')).toBe('truncated: error, private-data: off');
  expect(shown.get('watchPaths[1].findings')).toBe('truncated: error, private-data: off');
  expect(shown.get('watchPaths[1].oneStudyDate')).toBe(false);
});

test('the environment gives pairs, and what is no pair is a problem', async () => {
  await using folder = await openWorkingFolder(json({ findings: { truncated: 'info' } }));
  const { findings } = await folder.settings({ env: { SENDIT_FINDINGS: 'truncated=error:slice-gap=off' } });
  expect(findings).toEqual({ truncated: 'error', 'slice-gap': 'off' });
  expect(await folder.problems({ env: { SENDIT_FINDINGS: 'truncated' } })).toEqual([
    expect.stringMatching(/^environment SENDIT_FINDINGS \(findings\): expected an object of codes .* got "truncated"$/),
  ]);
});
