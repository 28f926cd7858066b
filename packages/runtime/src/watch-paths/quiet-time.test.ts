import { expect, test } from 'vitest';
import { readQuietTime, toQuietTime } from './quiet-time.ts';

const SSHFS = { ms: 21_000, told: 'default', remedy: 'dir_cache=no' } as const;
const USUAL = { name: 'data', quietMs: 15_000, isSet: false };

test('on a mount that shows everything at once the quiet time is as set', () => {
  expect(toQuietTime(USUAL, undefined)).toEqual({ isLate: false, quietMs: 15_000, info: null, problem: null });
});

test('one that nobody set reaches beyond what the mount caches', () => {
  expect(toQuietTime(USUAL, SSHFS)).toEqual({
    isLate: true,
    quietMs: 36_000,
    info: 'The quiet time of the watch path data is 36 s, since what is mounted there shows changes up to 21 s late (by default). For less, mount it with dir_cache=no, or set quietMs.',
    problem: null,
  });
});

test('one that a person set stays, and is told when it is too short', () => {
  expect(toQuietTime({ ...USUAL, quietMs: 600, isSet: true }, { ...SSHFS, told: 'options' })).toEqual({
    isLate: true,
    quietMs: 600,
    info: null,
    problem:
      'quietMs of the watch path data is 0.6 s, and what is mounted there shows changes up to 21 s late (by its options): directories may be sealed before all of their files are seen. Set quietMs to 21600 or more, or mount it with dir_cache=no.',
  });
  const long = { ...USUAL, quietMs: 21_001, isSet: true };
  expect(toQuietTime(long, SSHFS)).toEqual({ isLate: true, quietMs: 21_001, info: null, problem: null });
});

test('a mount that never looks again is told whatever the quiet time is', () => {
  const never = { ms: Number.POSITIVE_INFINITY, told: 'options', remedy: 'cache=none' } as const;
  for (const isSet of [true, false]) {
    expect(toQuietTime({ ...USUAL, isSet }, never)).toMatchObject({
      quietMs: 15_000,
      problem: expect.stringContaining('cache=none'),
    });
  }
});

test('while a share is not mounted, it is what the share will need', async () => {
  const setting = { ...USUAL, folder: '/nowhere' };
  expect(await readQuietTime(setting, { fsType: 'nfs4', source: 'nas:/x' })).toMatchObject({ quietMs: 75_000 });
  expect(await readQuietTime(setting, null)).toMatchObject({ quietMs: 15_000 });
});
