import type { ManifestFile } from '@sendit/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareFiles } from './changed-files.ts';

const toBytes = ({ path, rawPath }: ManifestFile) => Buffer.from((rawPath ?? path) as Uint8Array);

/** Any names, also such that sort otherwise as UTF-16 than as bytes, or that are no UTF-8. */
const name = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }).map((path) => ({ path })),
  fc.constantFrom(0xe9, 0xff).map((byte) => ({ path: '\ufffd', rawPath: Buffer.from([byte]) })),
);
const file: fc.Arbitrary<ManifestFile> = fc
  .record({ name, bytes: fc.integer({ min: 0, max: 2 }), mtimeNs: fc.bigInt({ min: 0n, max: 1n }) })
  .map(({ name: { ...names }, ...rest }) => ({ ...names, ...rest, inode: 1n }));
const manifest = fc
  .uniqueArray(file, { maxLength: 12, selector: (one) => toBytes(one).toString('hex') })
  .map((files) => files.toSorted((one, other) => Buffer.compare(toBytes(one), toBytes(other))));

async function* toParts(files: readonly ManifestFile[], size: number): AsyncGenerator<readonly ManifestFile[]> {
  for (let start = 0; start < files.length; start += size) yield files.slice(start, start + size);
}

test('a file is changed where the newest manifest that has its path has another size or time, or none has it', async () => {
  await fc.assert(
    fc.asyncProperty(
      manifest,
      fc.array(manifest, { maxLength: 3 }),
      fc.integer({ min: 1, max: 4 }),
      async (now, earlier, size) => {
        const { changed } = await compareFiles(
          now,
          earlier.map((files) => toParts(files, size)),
        );
        const expected = now.filter((one) => {
          const key = toBytes(one).toString('hex');
          const known = earlier.flatMap((files) => files.filter((other) => toBytes(other).toString('hex') === key))[0];
          return known === undefined || known.bytes !== one.bytes || known.mtimeNs !== one.mtimeNs;
        });
        expect(changed).toEqual(expected);
      },
    ),
  );
});

test.each([
  [1n, 1n, 0],
  [1n, 2n, 1],
  [undefined, 2n, 0],
  [1n, undefined, 0],
])('a file that was born at %s and one that was born at %s: %i changed', async (before, now, count) => {
  const born = (bornNs: bigint | undefined): ManifestFile => ({
    path: 'a',
    bytes: 1,
    mtimeNs: 1n,
    inode: 1n,
    ...(bornNs !== undefined && { bornNs }),
  });
  expect((await compareFiles([born(now)], [toParts([born(before)], 1)])).changed).toHaveLength(count);
});

test.each([
  [1n, 1n, true, 0],
  [1n, 2n, true, 1],
  [1n, 2n, false, 0],
  [undefined, 2n, true, 0],
])(
  'a file whose inode changed at %s and one at %s, inodes kept %s: %i touched',
  async (before, now, keepsInodes, count) => {
    const changed = (changedNs: bigint | undefined): ManifestFile => ({
      path: 'a',
      bytes: 1,
      mtimeNs: 1n,
      inode: 1n,
      ...(changedNs !== undefined && { changedNs }),
    });
    const earlier = [toParts([], 1), toParts([changed(before)], 1)];
    const compared = await compareFiles([changed(now)], earlier, { keepsInodes });
    expect(compared).toEqual({ changed: [], touched: count === 0 ? [] : [{ file: changed(now), earlier: 1 }] });
  },
);
