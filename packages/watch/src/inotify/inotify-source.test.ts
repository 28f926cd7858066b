import { constants } from 'node:os';
import { IN_ALL_EVENTS, SenditError, silentLogger } from '@sendit/model';
import { describe, expect, test } from 'vitest';
import type { InotifyBinding } from './binding.ts';
import { openInotifySource } from './inotify-source.ts';

const { errno } = constants;

/** System calls that all succeed, with the descriptors they leave open. */
function fakeBinding(failing: Partial<InotifyBinding>): { binding: InotifyBinding; open: Set<number> } {
  const open = new Set<number>();
  const opened = (fd: number): number => {
    if (fd >= 0) open.add(fd);
    return fd;
  };
  const rest = { removeWatch: () => 0, openDirectory: () => -1, readDirectory: () => 0 };
  const calls = { init: () => 100, addWatch: () => 1, pipe: () => -1, ...rest, ...failing };
  const binding: InotifyBinding = {
    ...calls,
    init: () => opened(calls.init()),
    duplicate: () => 0,
    close: (fd) => (open.delete(fd) ? 0 : -errno.EBADF),
  };
  return { binding, open };
}

function openFailing(binding: InotifyBinding): SenditError {
  try {
    openInotifySource({ path: '/data', mask: IN_ALL_EVENTS, reason: 'test', logger: silentLogger, binding });
  } catch (thrown) {
    if (thrown instanceof SenditError) return thrown;
    throw thrown;
  }
  throw new Error('Expected the source to be refused');
}

describe('a watch that the system refuses ends in watch-failed, names the limit or the permission, and leaks nothing', () => {
  test.each([
    ['instances', { init: () => -errno.EMFILE }, 'EMFILE', 'fs.inotify.max_user_instances'],
    ['watches', { addWatch: () => -errno.ENOSPC }, 'ENOSPC', 'fs.inotify.max_user_watches'],
    ['permission', { addWatch: () => -errno.EACCES }, 'EACCES', 'permission'],
    ['existence', { addWatch: () => -errno.ENOENT }, 'ENOENT', 'Create the directory'],
    ['a directory', { addWatch: () => -errno.ENOTDIR }, 'ENOTDIR', 'Name a directory'],
    ['descriptors', { pipe: () => -errno.EMFILE }, 'EMFILE', 'ulimit -n'],
    ['inotify itself', { init: () => -errno.ENOSYS }, 'ENOSYS', '`polling`'],
  ])('%s', (_, failing, code, hint) => {
    const { binding, open } = fakeBinding(failing);
    expect(openFailing(binding)).toMatchObject({
      code: 'watch-failed',
      message: expect.stringContaining(`/data`),
      hint: expect.stringContaining(hint),
    });
    expect(openFailing(binding).message).toContain(code);
    expect(open).toEqual(new Set());
  });
});
