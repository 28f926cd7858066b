import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rules as composed } from '../examples/compose-rules.ts';
import { rules as ownRules } from '../examples/own-rule.ts';
import { waitForFolder } from '../examples/watch-one-folder.ts';
import { firstFinished } from '../examples/what-would-have-been.ts';
import { judge, toOwnRules } from '../src/index.ts';
import { folder } from './folder.ts';

test('a folder is waited for while it is written, and then finished', async () => {
  const root = await mkdtemp(join(tmpdir(), 'sendit-example-'));
  try {
    const waiting = waitForFolder(root, 300, new AbortController().signal);
    for (let file = 0; file < 20; file++) await writeFile(join(root, `${file}.dcm`), 'x');
    expect(await waiting).toMatchObject({ finished: true, grade: 'quiet' });
  } finally {
    await rm(root, { recursive: true });
  }
});

test('a rule of one’s own holds up what is only quiet', () => {
  const quiet = folder({ observedAt: 60_000 });
  const own = toOwnRules(ownRules);
  const withOwn = own.kind === 'rules' ? own.rules : [];
  expect(judge(quiet, withOwn, 60_000)).toMatchObject({ finished: false, reason: 'it lacks a series of the protocol' });
  expect(judge({ ...quiet, arrival: 'renamed' }, withOwn, 60_000).finished).toBe(true);
});

test('composed rules want a done-file, or a rename and the count', () => {
  const counted = {
    dicom: { instances: 3, truncated: 0, example: null, series: [] },
    expected: { instances: 3, source: 'sidecar' },
  } as const;
  expect(judge(folder({ arrival: 'renamed' }, counted), composed, 0)).toMatchObject({ finished: true, grade: 'count' });
  expect(judge(folder({ arrival: 'created' }, counted), composed, 0).finished).toBe(false);
  const done = { marker: { kind: 'found', name: '.done', isOlder: false } } as const;
  expect(judge(folder({}, done), composed, 0)).toMatchObject({ finished: true, grade: 'marker' });
  expect(judge(folder(), composed, 8_000_000).outcome).toBe('quarantine');
});

test('a recording is judged by every profile', () => {
  const { listing } = folder();
  const steps = [0, 10_000, 20_000].map((at) => ({ kind: 'look', at, listing }) as const);
  expect(firstFinished({ name: 'scan', arrival: 'created' }, steps)).toEqual({
    legacy: null,
    safe: 20_000,
    strict: null,
  });
});
