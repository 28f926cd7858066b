import { describe, expect, test } from 'vitest';
import { DEFAULT_IGNORE, toNameRules } from './name-rules.ts';

describe('ignored by default', () => {
  const rules = toNameRules();

  test.each([...DEFAULT_IGNORE.filter((glob) => !/[*[]/.test(glob)), '.Trash-1000', '.nfs000000000a3f00120000000b'])(
    '%s, at any depth',
    (name) => {
      expect([name, rules.isIgnored(name), rules.isIgnored(`L1/${name}`)]).toEqual([name, true, true]);
      expect(rules.isIgnored(`${name}/L1`)).toBe(false);
      expect(rules.isBelowIgnored(`${name}/L1/IM1.dcm`)).toBe(true);
    },
  );

  test.each([
    'L123456',
    'Trash',
    '.hidden',
    'lost',
    'eaDir',
    '.Trasher',
    'snapshot',
    '.nfs',
    'nfs01',
    'IM0001.dcm',
    'recycle',
  ])('%s is not', (name) => {
    expect([name, rules.isIgnored(name), rules.isBelowIgnored(`L1/${name}/IM1`)]).toEqual([name, false, false]);
  });
});

test('own globs come on top: names at any depth, paths from the watch path', () => {
  const rules = toNameRules({ ignore: ['*.log', 'old-[0-9]*', 'inbox/raw/**', '/top.txt'] });
  const ignored = ['a.log', 'L1/b.log', 'old-3', 'inbox/raw/x', 'inbox/raw/x/y', 'top.txt', '@eaDir'];
  expect(ignored.filter((path) => !rules.isIgnored(path))).toEqual([]);
  const kept = ['a.logs', 'other/inbox/raw/x', 'L1/top.txt', 'older'];
  expect(kept.filter(rules.isIgnored)).toEqual([]);
});

test('an exception takes a name back, out of the defaults too', () => {
  const rules = toNameRules({ ignore: ['!.snapshot', 'x*', '!x1'] });
  expect(['.snapshot', 'x1', 'x2', '.zfs'].map((name) => rules.isIgnored(name))).toEqual([false, false, true, true]);
});

test('own unfinished names stand beside the known ones', () => {
  const rules = toNameRules({ arrivingNames: ['*.incoming', '__up_*'] });
  const paths = ['L1.incoming', 'L1/IM1.incoming', '__up_3', 'IM1.part', '.rsync-partial/IM1', 'IM1.dcm'];
  expect(paths.map((path) => rules.isArriving(path))).toEqual([true, true, true, true, true, false]);
  expect(paths.map((path) => rules.isNamedArriving(path))).toEqual([true, true, true, false, false, false]);
});
