import { createHash } from 'node:crypto';
import { chmodSync } from 'node:fs';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FolderSignature } from '@sendit/model';
import { DEFAULT_NAMES, judge, observe, profile } from '../src/index.ts';
import {
  createTurns,
  isUnchanged,
  lookAtFolder,
  readChildren,
  readDirectoryIdentity,
  readFolder,
  readIdentity,
  readSidecars,
  readStamp,
  readStorage,
  readTree,
  readWriters,
  seesEveryWriter,
} from '../src/node.ts';
import { asNobody, asOwner } from './nobody.ts';

const { signal } = new AbortController();
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sendit-detector-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

test('files are counted at any depth, and links are not followed', async () => {
  await mkdir(join(root, 'scan/deep/er'), { recursive: true });
  await writeFile(join(root, 'scan/a.dcm'), '123');
  await writeFile(join(root, 'scan/deep/er/b.dcm'), '4567');
  await symlink(root, join(root, 'scan/loop'));
  const listing = await readFolder(join(root, 'scan'), signal);
  expect(listing).toMatchObject({
    exists: true,
    isDirectory: true,
    files: 2,
    bytes: 7,
    unreadable: 0,
    problemCodes: [],
  });
  expect(listing.newestCtimeMs).toBeGreaterThan(0);
});

test('what is not there is a value, not an error', async () => {
  expect(await readFolder(join(root, 'no'), signal)).toMatchObject({ exists: false, isDirectory: false, files: 0 });
});

test('a file and a link to a directory are there, but are no directories', async () => {
  await writeFile(join(root, 'file'), 'x');
  await symlink(root, join(root, 'link'));
  expect(await readFolder(join(root, 'file'), signal)).toMatchObject({ exists: true, isDirectory: false, files: 0 });
  expect(await readFolder(join(root, 'link'), signal)).toMatchObject({ exists: true, isDirectory: false, files: 0 });
});

test('the manifest is that of the content: it survives a rename of the folder and tells another time or size', async () => {
  const scan = join(root, 'scan');
  await mkdir(scan);
  await writeFile(join(scan, 'a'), '1');
  const first = await readFolder(scan, signal);
  await rename(scan, join(root, 'other'));
  const moved = await readFolder(join(root, 'other'), signal);
  expect(moved.manifestDigest).toBe(first.manifestDigest);
  await utimes(join(root, 'other/a'), 1, 1);
  const older = await readFolder(join(root, 'other'), signal);
  expect(older.manifestDigest).not.toBe(first.manifestDigest);
});

test('the snapshot tells a change that leaves size and mtime alone', async () => {
  const file = join(root, 'a');
  await writeFile(file, '1');
  await utimes(file, 1, 1);
  const first = await readFolder(root, signal);
  expect(await readFolder(root, signal)).toEqual(first);
  await writeFile(file, '2');
  await utimes(file, 1, 1);
  const second = await readFolder(root, signal);
  expect(second.manifestDigest).toBe(first.manifestDigest);
  expect(second.snapshotDigest).not.toBe(first.snapshotDigest);
});

test('names that are not UTF-8 are counted too', async () => {
  const raw = Buffer.from([0x62, 0xe9]);
  await writeFile(Buffer.concat([Buffer.from(`${root}/`), raw]), 'x');
  await mkdir(Buffer.concat([Buffer.from(`${root}/d`), raw]));
  expect(await readFolder(root, signal)).toMatchObject({ files: 1, unreadable: 0 });
  expect(await readChildren(root, signal)).toMatchObject({
    directories: [{ name: 'db\ufffd', rawName: Buffer.from([0x64, 0x62, 0xe9]) }],
  });
});

test('a look gives the files that it saw, in byte order of the path, as often as asked', async () => {
  const raw = Buffer.from([0x62, 0xe9]);
  await mkdir(join(root, 'a'));
  for (const name of ['a/z', 'a.b', 'c']) await writeFile(join(root, name), name);
  await writeFile(Buffer.concat([Buffer.from(`${root}/`), raw]), 'x');
  await utimes(join(root, 'c'), 1, 2);
  await symlink(join(root, 'c'), join(root, 'link'));
  const { files, listing } = await lookAtFolder(root, signal);
  const seen = [...files];
  expect(seen.map(({ path }) => path)).toEqual(['a.b', 'a/z', 'b\ufffd', 'c']);
  expect(seen.map(({ rawPath }) => rawPath)).toEqual([undefined, undefined, raw, undefined]);
  const { birthtimeNs, ctimeNs: changedNs, ino } = await stat(join(root, 'c'), { bigint: true });
  const birth = birthtimeNs > 0n ? { bornNs: birthtimeNs } : {};
  expect(seen.at(-1)).toEqual({ path: 'c', bytes: 1, mtimeNs: 2_000_000_000n, inode: ino, changedNs, ...birth });
  expect([...files]).toEqual(seen);
  expect(seen).toHaveLength(listing.files);
});

describe('the signature of a folder', () => {
  const sign = async () => {
    const { signature } = await lookAtFolder(join(root, 'scan'), signal);
    if (signature === null) throw new Error('Expected a signature');
    return signature;
  };
  const isSame = (signature: FolderSignature) => isUnchanged(join(root, 'scan'), signature);

  beforeEach(async () => {
    await mkdir(join(root, 'scan/deep/er'), { recursive: true });
    await mkdir(Buffer.concat([Buffer.from(`${root}/scan/`), Buffer.from([0x66, 0xe9])]));
    await writeFile(join(root, 'scan/deep/er/a'), '1');
  });

  test('holds while no entry comes, goes or is renamed, at any depth', async () => {
    const first = await sign();
    expect(first.directories).toHaveLength(4);
    expect(await isSame(first)).toBe(true);
    expect(await isSame(JSON.parse(JSON.stringify(first)) as FolderSignature)).toBe(true);
    await writeFile(join(root, 'scan/deep/er/b'), '2');
    expect(await isSame(first)).toBe(false);
    const second = await sign();
    await rename(join(root, 'scan/deep/er/a'), join(root, 'scan/deep/er/c'));
    expect(await isSame(second)).toBe(false);
    const third = await sign();
    await rm(join(root, 'scan/deep'), { recursive: true });
    expect(await isSame(third)).toBe(false);
  });

  test('tells a directory that took the place of another, and one that is gone', async () => {
    const first = await sign();
    await rename(join(root, 'scan'), join(root, 'old'));
    expect(await isSame(first)).toBe(false);
    await mkdir(join(root, 'scan'));
    expect((await sign()).identity).not.toBe(first.identity);
    expect(await isSame(first)).toBe(false);
  });
});

test('a directory without permission is counted as unreadable', async () => {
  await mkdir(join(root, 'scan/locked'), { recursive: true });
  await chmod(root, 0o755);
  await chmod(join(root, 'scan/locked'), 0);
  const listing = await asNobody(() => readFolder(join(root, 'scan'), signal));
  await chmod(join(root, 'scan/locked'), 0o700);
  expect(listing).toMatchObject({ unreadable: 1, problemCodes: ['EACCES'] });
});

test('a directory that is refused while it is looked at is there, and not gone', async () => {
  await mkdir(join(root, 'above/scan'), { recursive: true });
  await writeFile(join(root, 'above/scan/a'), 'x');
  await chmod(root, 0o755);
  const isIgnored = (): boolean => {
    asOwner(() => chmodSync(join(root, 'above'), 0));
    return false;
  };
  const names = { ...DEFAULT_NAMES, isIgnored };
  const listing = await asNobody(() => readFolder(join(root, 'above/scan'), signal, { names }));
  await chmod(join(root, 'above'), 0o755);
  expect(listing).toMatchObject({ exists: true, isDirectory: false, unreadable: 1, problemCodes: ['EACCES'] });
});

test('the identity of a directory is null where there is none, and nothing where the system does not say', async () => {
  await mkdir(join(root, 'above/scan'), { recursive: true });
  await chmod(root, 0o755);
  const read = (name: string) => asNobody(() => readDirectoryIdentity(join(root, 'above', name)));
  expect(await read('scan')).toMatch(/^\d+:\d+:\d+$/);
  expect([await read('none'), await read('scan/../none/x'), await read('n'.repeat(300))]).toEqual([null, null, null]);
  await chmod(join(root, 'above'), 0);
  await expect(read('scan')).rejects.toMatchObject({ code: 'EACCES' });
  await chmod(join(root, 'above'), 0o755);
});

test('a path that cannot be looked at is unreadable, not gone', async () => {
  const listing = await readFolder(join(root, 'n'.repeat(300)), signal);
  expect(listing).toMatchObject({ exists: true, isDirectory: false, unreadable: 1, problemCodes: ['ENAMETOOLONG'] });
});

test('an aborted look rejects with the reason', async () => {
  const reason = new Error('stop');
  await expect(readFolder(root, AbortSignal.abort(reason))).rejects.toBe(reason);
  await expect(readChildren(root, AbortSignal.abort(reason))).rejects.toBe(reason);
});

test('looking while files come and go never fails', async () => {
  const churn = async (): Promise<void> => {
    for (let round = 0; round < 200; round++) {
      const dir = join(root, `d${round % 7}`);
      await mkdir(dir, { recursive: true });
      await writeFile(join(dir, 'f'), 'x');
      await rm(dir, { recursive: true });
    }
  };
  const churning = churn();
  for (let round = 0; round < 50; round++) expect((await readFolder(root, signal)).unreadable).toBe(0);
  await churning;
});

test('only the real directories right below are children, and the folder has an identity', async () => {
  await mkdir(join(root, 'a/b'), { recursive: true });
  await writeFile(join(root, 'file'), '');
  await symlink(join(root, 'a'), join(root, 'link'));
  const first = await readChildren(root, signal);
  expect(first).toMatchObject({ kind: 'listing', directories: [{ name: 'a' }] });
  const other = await readChildren(join(root, 'a'), signal);
  expect(other.kind === 'listing' && first.kind === 'listing' && other.identity !== first.identity).toBe(true);
});

test('a folder that is missing is unreadable, with the reason', async () => {
  expect(await readChildren(join(root, 'no'), signal)).toEqual({ kind: 'unreadable', code: 'ENOENT' });
});

describe('a folder that was renamed', () => {
  const ms = async (time: 'ctimeMs' | 'mtimeMs'): Promise<number> => (await lstat(join(root, 'scan')))[time];

  test('brought the files that were in it then, and none that came later', async () => {
    await mkdir(join(root, 'scan.tmp/deep'), { recursive: true });
    await writeFile(join(root, 'scan.tmp/a.dcm'), '1');
    await writeFile(join(root, 'scan.tmp/deep/b.dcm'), '2');
    await rename(join(root, 'scan.tmp'), join(root, 'scan'));
    const renamedAt = Date.now();
    const look = () => readFolder(join(root, 'scan'), signal, { renamedAt });
    expect(await look()).toMatchObject({ files: 2, renamedFiles: 2 });
    await vi.waitFor(async () => {
      await rm(join(root, 'scan/late.dcm'), { force: true });
      await writeFile(join(root, 'scan/late.dcm'), '3');
      expect(await ms('ctimeMs')).toBeGreaterThan(renamedAt + 1);
    });
    await vi.waitFor(async () => {
      await rm(join(root, 'scan/late.dcm'), { force: true });
      await writeFile(join(root, 'scan/late.dcm'), '3');
      expect(await look()).toMatchObject({ files: 3, renamedFiles: 2 });
    });
  });

  test('while it was empty brought nothing, though it is looked at when it is full', async () => {
    await mkdir(join(root, 'New folder'));
    await rename(join(root, 'New folder'), join(root, 'scan'));
    const renamedAt = Date.now();
    await vi.waitFor(async () => {
      await writeFile(join(root, 'scan/a.dcm'), '1');
      expect(await readFolder(join(root, 'scan'), signal, { renamedAt })).toMatchObject({ files: 1, renamedFiles: 0 });
    });
  });

  test('is not asked what it brought where nobody heard of it', async () => {
    expect(await readFolder(root, signal)).not.toHaveProperty('renamedFiles');
  });
});

describe('what speaks for a folder', () => {
  const names = { markers: ['.done'], manifests: ['manifest.json', 'SHA256SUMS'], counts: ['count.json'] };
  const look = () => readFolder(root, signal, names);
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

  test('a done-file proves it until a file changes after it', async () => {
    await writeFile(join(root, 'a.dcm'), '1');
    expect((await look()).marker).toEqual({ kind: 'absent' });
    await writeFile(join(root, '.done'), '12\n');
    const done = await look();
    expect(done).toMatchObject({
      marker: { kind: 'found', name: '.done', isOlder: false },
      expected: { instances: 12, source: 'marker' },
    });
    const facts = observe({ name: 'scan', arrival: 'created' }, done, 0);
    expect(judge(facts, profile('safe'), 0)).toMatchObject({ finished: true, grade: 'marker' });
    await vi.waitFor(async () => {
      await writeFile(join(root, 'late.dcm'), '2');
      expect((await look()).marker).toMatchObject({ isOlder: true });
    });
  });

  test('a number beside goes before that of the done-file, and other words are no number', async () => {
    await writeFile(join(root, '.done'), '12');
    await writeFile(join(root, 'count.json'), '{"instances": 7}');
    expect((await look()).expected).toEqual({ instances: 7, source: 'sidecar' });
    await writeFile(join(root, 'count.json'), '{"instances": -7}');
    await writeFile(join(root, '.done'), 'ok');
    expect((await look()).expected).toBeUndefined();
  });

  test('a file that is listed is not read through a link that took its place, nor through one on the way', async () => {
    const outside = join(root, '..', `${basename(root)}-outside`);
    await mkdir(outside);
    await writeFile(join(outside, 'b.dcm'), 'two');
    await mkdir(join(root, 'deep'));
    await writeFile(join(root, 'deep/b.dcm'), 'two');
    const { size, ino, dev, mtimeNs, ctimeNs } = await stat(join(root, 'deep/b.dcm'), { bigint: true });
    const identity = [dev, ino, size, mtimeNs, ctimeNs].join(':');
    const listed = { path: 'deep/b.dcm', bytes: 3, ctimeNs, identity };
    await writeFile(join(root, 'SHA256SUMS'), `${sha256('two')}  deep/b.dcm\n`);
    const list = await stat(join(root, 'SHA256SUMS'), { bigint: true });
    const listIdentity = [list.dev, list.ino, list.size, list.mtimeNs, list.ctimeNs].join(':');
    const sums = { path: 'SHA256SUMS', bytes: Number(list.size), ctimeNs: list.ctimeNs, identity: listIdentity };
    const read = () => readSidecars(root, [listed, sums], { ...names, signal });

    await rename(join(root, 'deep'), join(root, 'aside'));
    await symlink(outside, join(root, 'deep'));
    expect((await read()).manifest).toMatchObject({ wrongDigest: 1 });
    await rm(join(root, 'deep'));
    await mkdir(join(root, 'deep'));
    await symlink(join(outside, 'b.dcm'), join(root, 'deep/b.dcm'));
    expect((await read()).manifest).toMatchObject({ wrongDigest: 1 });
    await rm(join(root, 'deep'), { recursive: true });
    await rename(join(root, 'aside'), join(root, 'deep'));
    expect((await read()).manifest).toMatchObject({ wrongDigest: 0 });
    await rm(outside, { recursive: true });
  });

  test.skipIf(process.platform !== 'linux')('a file whose status cannot be read is not left open', async () => {
    const path = join(root, '.done');
    await writeFile(path, '12');
    const { ctimeNs } = await stat(path, { bigint: true });
    await using handle = await open(root);
    const stats = vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, 'stat').mockRejectedValue(refusal('EIO'));
    try {
      const done = { path: '.done', bytes: 2, ctimeNs, identity: 'any' };
      const { expected, refusedSidecars } = await readSidecars(root, [done], { ...names, signal });
      expect([expected, refusedSidecars]).toEqual([undefined, ['EIO']]);
      expect(stats).toHaveBeenCalledOnce();
    } finally {
      stats.mockRestore();
    }
    const own = await readdir('/proc/self/fd');
    const targets = await Promise.all(own.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
    expect(targets).not.toContain(path);
  });

  test.each(['.done', 'count.json', 'manifest.json', 'SHA256SUMS', 'a.dcm'])(
    'nothing proves a folder of which %s cannot be read, whatever else does',
    async (closed) => {
      await writeFile(join(root, 'a.dcm'), 'one');
      await writeFile(join(root, closed === 'count.json' ? closed : '.done'), '1');
      const list = closed === 'manifest.json' ? '{"files": []}' : `${sha256('one')}  a.dcm\n`;
      await writeFile(join(root, closed === 'manifest.json' ? closed : 'SHA256SUMS'), list);
      await chmod(root, 0o755);
      await chmod(join(root, closed), 0);
      const listing = await asNobody(look);
      expect(listing).toMatchObject({ unreadable: 0, refusedSidecars: ['EACCES'] });
      const quiet = observe(observe({ name: 'scan', arrival: 'renamed' }, listing, 0), listing, 1_000_000);
      expect(judge(quiet, profile('safe'), 1_000_000)).toMatchObject({
        finished: false,
        reason: 'it cannot be read: EACCES',
      });
      await chmod(join(root, closed), 0o644);
      expect(await asNobody(look)).not.toHaveProperty('refusedSidecars');
    },
  );

  test('a sidecar that vanished since the walk, and one without content, are no refusal', async () => {
    const gone = { path: '.done', bytes: 2, ctimeNs: 0n, identity: 'any' };
    expect(await readSidecars(root, [gone], { ...names, signal })).not.toHaveProperty('refusedSidecars');
    await writeFile(join(root, '.done'), '');
    await chmod(join(root, '.done'), 0);
    await chmod(root, 0o755);
    expect(await asNobody(look)).toMatchObject({ marker: { kind: 'found' } });
    expect(await asNobody(look)).not.toHaveProperty('refusedSidecars');
  });

  test('a manifest of either style is held against names, sizes and digests', async () => {
    await mkdir(join(root, 'deep'));
    await writeFile(join(root, 'a.dcm'), 'one');
    await writeFile(
      join(root, 'manifest.json'),
      JSON.stringify({ files: [{ path: 'a.dcm', bytes: 3 }, { path: 'deep/b.dcm' }] }),
    );
    expect((await look()).manifest).toMatchObject({ kind: 'compared', listed: 2, missing: 1, example: 'deep/b.dcm' });
    await writeFile(join(root, 'deep/b.dcm'), 'two');
    expect((await look()).manifest).toMatchObject({ missing: 0, wrongSize: 0, wrongDigest: 0, unlisted: 0 });
    await rm(join(root, 'manifest.json'));
    await writeFile(join(root, 'SHA256SUMS'), `${sha256('one')}  a.dcm\n${sha256('two')}  deep/b.dcm\n`);
    expect((await look()).manifest).toMatchObject({ listed: 2, wrongDigest: 0 });
    await writeFile(join(root, 'a.dcm'), 'eno');
    expect((await look()).manifest).toMatchObject({ wrongDigest: 1, example: 'a.dcm' });
  });

  test('nothing is read where nothing was asked for', async () => {
    await writeFile(join(root, '.done'), '12');
    const listing = await readFolder(root, signal);
    expect(listing).not.toHaveProperty('marker');
    expect(listing).not.toHaveProperty('manifest');
  });

  test('names of transfers that are not over are told, at any depth', async () => {
    await mkdir(join(root, 'series1'));
    await writeFile(join(root, 'series1/a.dcm'), '1');
    expect((await look()).siblings).toEqual({ arriving: 0, example: null });
    await mkdir(join(root, 'series2.tmp7'));
    await writeFile(join(root, 'series1/b.dcm.part'), '1');
    expect((await look()).siblings).toEqual({ arriving: 2, example: 'series1/b.dcm.part' });
  });

  test('what a killed rsync left counts no more once the file came under its final name after it', async () => {
    await mkdir(join(root, 'series1'));
    await writeFile(join(root, 'series1/.a.dcm.Xa9Kz1'), '1');
    expect((await look()).siblings).toEqual({ arriving: 1, example: 'series1/.a.dcm.Xa9Kz1' });
    await writeFile(join(root, 'series1/a.dcm'), '12');
    await waitForLaterTime(join(root, 'series1/a.dcm'), join(root, 'series1/.a.dcm.Xa9Kz1'));
    expect((await look()).siblings).toEqual({ arriving: 0, example: null });
    // An rsync of a later version of it goes on.
    await writeFile(join(root, 'series1/.a.dcm.Bc3dE4'), '1');
    await waitForLaterTime(join(root, 'series1/.a.dcm.Bc3dE4'), join(root, 'series1/a.dcm'));
    expect((await look()).siblings).toEqual({ arriving: 1, example: 'series1/.a.dcm.Bc3dE4' });
  });

  test('a file that is open for writing is told with its process; one that is only read is not', async () => {
    await writeFile(join(root, 'a.dcm'), '1');
    {
      await using _reader = await open(join(root, 'a.dcm'), 'r');
      expect((await readWriters(root, signal)).kind).toBe('none');
      await using _writer = await open(join(root, 'a.dcm'), 'a');
      expect(await readWriters(root, signal)).toEqual({
        kind: 'open',
        files: 1,
        pids: [process.pid],
        example: 'a.dcm',
      });
    }
    expect((await readWriters(root, signal)).kind).toBe('none');
  });

  test('of every process are seen by root, or the look says that it is not whole', async () => {
    expect(await seesEveryWriter()).toBe(process.getuid?.() === 0);
  });

  test('of the files that are asked for alone', async () => {
    await writeFile(join(root, 'a.dcm'), '1');
    await using _writer = await open(join(root, 'a.dcm'), 'a');
    expect(await readWriters(root, signal, { only: (path) => path === 'a.dcm' })).toMatchObject({ kind: 'open' });
    expect(await readWriters(root, signal, { only: (path) => path === 'b.dcm' })).toMatchObject({ kind: 'none' });
  });
});

describe('the files of a tree', () => {
  const list = async (below = ''): Promise<readonly string[]> => {
    const told: string[] = [];
    const skips = (name: string): boolean => name.startsWith('test');
    for await (const entries of readTree(root, { below, skips }, signal)) {
      told.push(
        ...entries.map((entry) => `${entry.kind} ${entry.path}${entry.kind === 'other' ? `: ${entry.reason}` : ''}`),
      );
    }
    return told.sort();
  };

  test('are told at any depth; what is not final, not regular, not UTF-8 or skipped is not looked into', async () => {
    await mkdir(join(root, 'S1/series 1'), { recursive: true });
    await mkdir(join(root, 'S1/series 2.tmp3'));
    await mkdir(join(root, 'test_1'));
    await mkdir(join(root, 'S1/@eaDir'));
    const files = [
      'loose',
      'x.part',
      'S1/@eaDir/IM1@SynoEAStream',
      'S1/series 1/test',
      'S1/series 2.tmp3/b',
      'test_1/c',
    ];
    for (const path of files) await writeFile(join(root, path), '1');
    await symlink(root, join(root, 'S1/loop'));
    await writeFile(Buffer.concat([Buffer.from(`${root}/`), Buffer.of(0x66, 0xe9)]), '1');
    expect(await list()).toEqual([
      'file S1/series 1/test',
      'file loose',
      'ignored S1/@eaDir',
      'other S1/loop: it is not a regular file',
      'other f\ufffd: its name is not valid UTF-8; rename it',
      'unfinished S1/series 2.tmp3',
      'unfinished x.part',
    ]);
    expect(await list('S1/series 1')).toEqual(['file S1/series 1/test']);
    expect(await list('gone')).toEqual([]);
  });

  test('come in portions, however many lie in one directory', async () => {
    await Promise.all(Array.from({ length: 1_200 }, (_, index) => writeFile(join(root, `f${index}`), '')));
    const sizes: number[] = [];
    for await (const entries of readTree(root, { below: '', skips: () => false }, signal)) sizes.push(entries.length);
    expect(sizes).toEqual([512, 512, 176]);
  });

  test('have a stamp each, which a change changes; what is no file is said', async () => {
    await writeFile(join(root, 'a'), '1');
    const before = await readStamp(root, 'a');
    expect(before).toMatchObject({ kind: 'stamp', stamp: { bytes: 1 } });
    expect(await readStamp(root, 'a')).toEqual(before);
    await writeFile(join(root, 'a'), '22');
    expect(await readStamp(root, 'a')).toMatchObject({ kind: 'stamp', stamp: { bytes: 2 } });
    await mkdir(join(root, 'd'));
    expect(await readStamp(root, 'd')).toMatchObject({ kind: 'directory' });
    expect(await readStamp(root, 'd/no')).toEqual({ kind: 'gone' });
    expect(await readStamp(root, 'a/no')).toEqual({ kind: 'gone' });
    await symlink('a', join(root, 'link'));
    expect(await readStamp(root, 'link')).toEqual({ kind: 'other', reason: 'it is not a regular file' });
    expect(await readIdentity(join(root, 'd'))).toMatchObject({ kind: 'identity' });
    expect(await readIdentity(join(root, 'no'))).toEqual({ kind: 'unreadable', code: 'ENOENT' });
  });
});

function refusal(code: string): Error {
  return Object.assign(new Error(code), { code, syscall: 'fstat' });
}

/** Touches a file until its change time is after another's: the kernel's clock for them is coarse. */
async function waitForLaterTime(path: string, other: string): Promise<void> {
  const { ctimeNs } = await lstat(other, { bigint: true });
  while ((await lstat(path, { bigint: true })).ctimeNs <= ctimeNs) await chmod(path, 0o644);
}

test('a look in this thread sees what one through the threads of the system sees', async () => {
  await mkdir(join(root, 'scan/deep/er'), { recursive: true });
  await writeFile(join(root, 'scan/a.dcm'), '123');
  await writeFile(join(root, 'scan/deep/er/b.dcm'), '4567');
  await writeFile(Buffer.concat([Buffer.from(join(root, 'scan/')), Buffer.from([0xff])]), 'x');
  await mkdir(join(root, 'scan/@eaDir'));
  await symlink(root, join(root, 'scan/loop'));
  await writeFile(join(root, 'file'), 'x');
  for (const name of ['scan', 'file', 'no', 'scan/loop']) {
    const [near, far] = await Promise.all(
      [createTurns(), undefined].map(async (turns) => {
        const { files, ...look } = await lookAtFolder(join(root, name), signal, { turns });
        return { ...look, files: [...files] };
      }),
    );
    expect(near).toEqual(far);
  }
});

test('of a local folder nothing is fetched over a network; of one that is gone nothing is known', async () => {
  expect(await readStorage(root)).toMatchObject({ isNetwork: false });
  expect(await readStorage(join(root, 'gone'))).toEqual({ isNear: false, isNetwork: false, keepsInodes: false });
});
