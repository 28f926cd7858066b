import type { MountIdentity } from '@sendit/model';
import { createRecordingLogger } from '@sendit/testing';
import { expect, test } from 'vitest';
import { MountGuard } from './mount-guard.ts';

const SHARE: MountIdentity = { fsType: 'nfs4', source: 'nas:/export', root: '/', uuid: null, topInode: null };
const BARE: MountIdentity = { fsType: 'ext4', source: '/dev/sda1', root: '/mnt/share', uuid: null, topInode: null };

/** A watch path whose mount, memory and content are set by hand. */
function open(expected: MountIdentity | null) {
  const at = {
    expected,
    other: null as MountIdentity | null,
    seen: SHARE as MountIdentity | undefined | Error,
    key: '1:1' as string | undefined,
    isKnown: false,
    isAway: false,
  };
  const answer = <T>(value: () => T): Promise<T> =>
    at.isAway ? Promise.reject(new Error('away')) : Promise.resolve(value());
  const logger = createRecordingLogger();
  const guard = new MountGuard({
    root: { id: 'r1', name: 'data', path: '/mnt/share' },
    folder: '/mnt/share',
    readMount: () => (at.seen instanceof Error ? Promise.reject(at.seen) : Promise.resolve(at.seen)),
    readKey: () => Promise.resolve(at.key),
    memory: {
      expected: () => answer(() => at.expected),
      remember: (_, mount) => answer(() => void Object.assign(at, { expected: mount, other: null })),
      noteOther: (_, mount) => answer(() => void Object.assign(at, { other: mount })),
    },
    isKnownContent: () => answer(() => at.isKnown),
    logger,
  });
  return { at, guard, logger };
}

test('what lies there at the first look is remembered', async () => {
  const { at, guard } = open(null);
  expect(await guard.isInPlace()).toBe(false);
  expect(await guard.check()).toBeNull();
  expect(at.expected).toEqual(SHARE);
  expect(await guard.isInPlace()).toBe(true);
});

test('a bare mount point is a problem after a restart too, told once, until the share is back', async () => {
  const { at, guard, logger } = open(SHARE);
  at.seen = BARE;
  for (let look = 0; look < 3; look += 1) {
    expect(await guard.check()).toBe(
      'expected nfs4 nas:/export to be mounted there, got directory /mnt/share of ext4 /dev/sda1; nothing is taken from it, and nothing for vanished. Mount it again, or say `sendit root accept data --reason TEXT` if this is right',
    );
  }
  expect(await guard.isInPlace()).toBe(false);
  expect(at).toMatchObject({ expected: SHARE, other: BARE });
  expect(logger.said('WARNING')).toHaveLength(1);
  at.seen = SHARE;
  expect(await guard.check()).toBeNull();
  expect(await guard.isInPlace()).toBe(true);
  expect(at).toMatchObject({ expected: SHARE, other: null });
});

test('another directory at the path is out of place at once, before the next look at the mounts', async () => {
  const { at, guard } = open(null);
  await guard.check();
  at.key = '2:7';
  expect(await guard.isInPlace()).toBe(false);
  at.key = undefined;
  expect(await guard.isInPlace()).toBe(false);
});

test('a mount under another name that holds what is recorded is taken for the same from then on', async () => {
  const { at, guard, logger } = open(SHARE);
  Object.assign(at, { seen: BARE, isKnown: true });
  expect(await guard.check()).toBeNull();
  expect(at.expected).toEqual(BARE);
  expect(logger.said('WARNING')).toHaveLength(1);
  at.isKnown = false;
  expect(await guard.check()).toBeNull();
});

test('what a person accepts is right at the next look', async () => {
  const { at, guard } = open(SHARE);
  at.seen = BARE;
  expect(await guard.check()).not.toBeNull();
  Object.assign(at, { expected: BARE, other: null });
  expect(await guard.check()).toBeNull();
  at.seen = SHARE;
  expect(await guard.check()).not.toBeNull();
});

test('while the memory cannot be asked, what was right stays right and what was wrong stays wrong', async () => {
  const { at, guard } = open(SHARE);
  at.isAway = true;
  expect(await guard.check()).toBe('it is not known yet what is to be mounted there');
  at.isAway = false;
  expect(await guard.check()).toBeNull();
  at.isAway = true;
  expect(await guard.check()).toBeNull();
  at.seen = BARE;
  expect(await guard.check()).toContain('nothing is taken from it');
  at.isAway = false;
  expect(await guard.check()).toContain('nothing is taken from it');
  expect(at.other).toEqual(BARE);
});

test('a folder that cannot be opened, and a system that does not tell, are no problem of the mount', async () => {
  const { at, guard } = open(null);
  at.seen = new Error('ENOENT');
  expect(await guard.check()).toBeNull();
  expect(at.expected).toBeNull();
  at.seen = undefined;
  expect(await guard.check()).toBeNull();
  expect(at.expected).toBeNull();
});
