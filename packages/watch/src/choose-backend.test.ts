import { statfs } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { chooseBackend } from './choose-backend.ts';
import { loadInotifyBinding } from './inotify/binding.ts';

vi.mock('node:fs/promises', () => ({ statfs: vi.fn<typeof statfs>() }));
vi.mock('./inotify/binding.ts', () => ({ loadInotifyBinding: vi.fn<typeof loadInotifyBinding>() }));

const withType = (type: number): void => {
  vi.mocked(statfs).mockResolvedValue({ type, bsize: 0, blocks: 0, bfree: 0, bavail: 0, files: 0, ffree: 0 });
};

describe('chooseBackend', () => {
  beforeEach(() => {
    vi.stubGlobal('process', { ...process, platform: 'linux' });
    vi.mocked(loadInotifyBinding).mockResolvedValue({ kind: 'loaded', binding: {} as never });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetAllMocks();
  });

  test.each([
    [0xef53, 'Linux, ext4'],
    [0x01021994, 'Linux, tmpfs'],
    [0x794c7630, 'Linux, overlay'],
    [0xabcd, 'Linux, file system type 0xabcd'],
  ])('takes inotify on a local file system: 0x%s', async (type, reason) => {
    withType(type);
    expect(await chooseBackend('/data')).toEqual({ backend: 'inotify', reason });
  });

  test.each([
    [0x6969, 'NFS'],
    [0xff534d42, 'CIFS'],
    [0xff534d42 | 0, 'CIFS'],
    [0xfe534d42, 'SMB2'],
    [0x65735546, 'FUSE'],
    [0x01021997, '9p'],
  ])('polls where other hosts can change the files: 0x%s', async (type, name) => {
    withType(type);
    const reason = `Linux, ${name}: changes made elsewhere raise no event here`;
    expect(await chooseBackend('/data')).toEqual({ backend: 'polling', reason });
  });

  test('falls back to chokidar where koffi cannot be loaded, and says why', async () => {
    withType(0xef53);
    const reason = 'koffi could not be loaded: no binary';
    vi.mocked(loadInotifyBinding).mockResolvedValue({ kind: 'unavailable', reason });
    expect(await chooseBackend('/data')).toEqual({ backend: 'chokidar', reason });
  });

  test('takes chokidar on other platforms, without looking at the file system', async () => {
    vi.stubGlobal('process', { ...process, platform: 'darwin' });
    expect(await chooseBackend('/data')).toEqual({ backend: 'chokidar', reason: 'no inotify on darwin' });
  });

  test('takes what was asked for', async () => {
    expect(await chooseBackend('/data', 'polling')).toEqual({ backend: 'polling', reason: 'asked for' });
  });

  test('fails with a hint where the path cannot be looked at', async () => {
    vi.mocked(statfs).mockRejectedValue(Object.assign(new Error('no'), { code: 'ENOENT' }));
    await expect(chooseBackend('/data')).rejects.toMatchObject({ code: 'watch-failed', hint: expect.any(String) });
  });
});
