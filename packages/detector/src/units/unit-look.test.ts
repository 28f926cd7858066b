import { expect, test } from 'vitest';
import type { FileStamp, UnitFile } from './unit-file.ts';
import { toUnitLook } from './unit-look.ts';

const STAMP: FileStamp = { bytes: 10, mtimeNs: 5n, ctimeNs: 7_000_000n, device: 1n, inode: 3n };

function file(path: string, stamp: Partial<FileStamp> = {}, broughtBy: string | null = null): UnitFile {
  return { path, stamp: { ...STAMP, ...stamp }, sighting: { kind: 'none', reason: 'it is empty' }, broughtBy };
}

test('a look has the files in the order of their paths, with what the seal keeps of each', () => {
  const look = toUnitLook([file('b', { bornNs: 2n }), file('a')], 'series');
  expect(look.files).toEqual([
    { path: 'a', bytes: 10, mtimeNs: 5n, inode: 3n, changedNs: 7_000_000n },
    { path: 'b', bytes: 10, mtimeNs: 5n, inode: 3n, bornNs: 2n, changedNs: 7_000_000n },
  ]);
  expect(look.listing).toMatchObject({ exists: true, files: 2, bytes: 20 });
});

test.each([
  [[7_000_000n, 9_000_000n, 8_000_000n], 'b', 9],
  [[9_000_000n, 8_000_000n, 7_000_000n], 'a', 9],
  // Of files that changed at once, the first by its path.
  [[9_000_000n, 9_000_000n, 7_000_000n], 'a', 9],
])('the newest of the change times %s is of %s', (times, newestPath, newestCtimeMs) => {
  const files = times.map((ctimeNs, index) => file('abc'.charAt(index), { ctimeNs }));
  for (const order of [files, files.toReversed()]) {
    expect(toUnitLook(order, 'study').listing).toMatchObject({ newestPath, newestCtimeMs });
  }
});

test('a look at nothing', () => {
  const { files, listing } = toUnitLook([], 'study');
  expect(files).toEqual([]);
  expect(listing).toMatchObject({ exists: false, files: 0, bytes: 0, newestPath: null, newestCtimeMs: null });
});

test('the signature tells whether other files took the place, by birth time where there is one, else by inode', () => {
  const signatureOf = (...stamps: Partial<FileStamp>[]): unknown =>
    toUnitLook(
      stamps.map((stamp, index) => file(`f${index}`, stamp)),
      'series',
    ).signature;
  expect(signatureOf({ bornNs: 1n, inode: 3n })).toEqual(signatureOf({ bornNs: 1n, inode: 4n }));
  expect(signatureOf({ bornNs: 1n })).not.toEqual(signatureOf({ bornNs: 2n }));
  expect(signatureOf({ inode: 3n })).not.toEqual(signatureOf({ inode: 4n }));
});

test('files that a rename brought are counted', () => {
  const look = toUnitLook([file('a', {}, 'd'), file('b'), file('c', {}, 'd')], 'study');
  expect(look.listing.renamedFiles).toBe(2);
});
