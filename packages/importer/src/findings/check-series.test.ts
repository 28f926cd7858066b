import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkSeries } from './check-series.ts';
import type { ImageFacts } from './facts.ts';
import { SeriesTally } from './series-tally.ts';

const AXIAL = '1\\0\\0\\0\\1\\0';

/** Slice `index` of a series that has nothing to be found. */
function toSlice(index: number, changes: Partial<ImageFacts> = {}): ImageFacts {
  return {
    path: `IM${index + 1}`,
    instanceNumber: index + 1,
    frames: null,
    rows: '512',
    columns: '512',
    imageType: 'ORIGINAL\\PRIMARY\\AXIAL',
    orientation: AXIAL,
    position: `-120\\-120\\${(index * 2.5).toFixed(1)}`,
    imagesInAcquisition: null,
    numberOfSlices: null,
    ...changes,
  };
}

const toStack = (count: number, changes: Partial<ImageFacts> = {}): ImageFacts[] =>
  Array.from({ length: count }, (_, index) => toSlice(index, changes));
const findingsOf = (images: readonly ImageFacts[], modality: string | null) => {
  const [first] = images;
  const tally = first && new SeriesTally(modality, first);
  for (const image of images) tally?.add(image);
  const facts = tally?.toFacts();
  return facts === undefined ? [] : checkSeries(facts);
};
const codesOf = (images: readonly ImageFacts[], modality: string | null = 'CT'): string[] =>
  findingsOf(images, modality).map(({ code }) => code);

test('a complete stack has no findings', () => {
  expect(codesOf(toStack(20))).toEqual([]);
});

test('any slice taken out of the middle is found twice, and the order of files does not matter', () => {
  fc.assert(
    fc.property(fc.integer({ min: 8, max: 60 }), fc.nat(), fc.boolean(), (count, at, isReversed) => {
      const stack = toStack(count).toSpliced(1 + (at % (count - 2)), 1);
      expect(codesOf(isReversed ? stack.toReversed() : stack)).toEqual(['missing-instance-numbers', 'slice-gap']);
    }),
  );
});

test('a missing head is found by its numbers, a missing tail by what the scanner says', () => {
  expect(codesOf(toStack(20).slice(1))).toEqual(['missing-instance-numbers']);
  expect(codesOf(toStack(20).slice(0, -1))).toEqual([]);
  expect(codesOf(toStack(20, { imagesInAcquisition: 20 }).slice(0, -1))).toEqual(['below-vendor-count']);
  expect(codesOf(toStack(20, { numberOfSlices: 20 }).slice(0, -1), 'PT')).toEqual(['below-vendor-count']);
});

test('a scanner’s count that divides the images is right: echoes and phases', () => {
  expect(codesOf(toStack(20, { imagesInAcquisition: 10 }))).toEqual([]);
  expect(codesOf(toStack(20, { numberOfSlices: 10 }), 'PT')).toEqual([]);
});

test('of two phases a missing slice is an uneven position', () => {
  const second = toStack(10).map((image, index) => ({ ...image, path: `B${index}`, instanceNumber: index + 11 }));
  expect(codesOf([...toStack(10), ...second])).toEqual([]);
  expect(codesOf([...toStack(10), ...second.slice(0, -1)])).toEqual(['uneven-slices']);
});

test('slices that lie closer or wider than the usual are uneven; what scanners round is not', () => {
  const moved = (mm: number) => codesOf(toStack(10).with(4, toSlice(4, { position: `-120\\-120\\${10 + mm}` })));
  expect(moved(0.1)).toEqual([]);
  expect(moved(-0.1)).toEqual([]);
  expect(moved(0.2)).toEqual(['uneven-spacing']);
  expect(moved(-0.2)).toEqual(['uneven-spacing']);
  expect(
    codesOf(toStack(10).map((image, at) => ({ ...image, position: `0\\0\\${at * 0.5 + (at % 2) * 0.02}` }))),
  ).toEqual([]);
});

test('a series of two spacings is uneven, and a gap in an even one is not', () => {
  const two = toStack(20).map((image, at) => ({
    ...image,
    position: `0\\0\\${at < 12 ? at * 2 : 22 + (at - 11) * 1}`,
  }));
  expect(codesOf(two)).toEqual(['uneven-spacing']);
});

test('numbers that repeat are only told', () => {
  const found = findingsOf([...toStack(5), ...toStack(5)], 'MR');
  expect(found).toMatchObject([{ code: 'repeated-instance-numbers', severity: 'info' }]);
});

describe('no verdict on', () => {
  test.each([
    ['multi-frame images', toStack(5, { frames: 10 }).slice(1), 'MR'],
    ['localizers', toStack(5, { imageType: 'ORIGINAL\\PRIMARY\\LOCALIZER' }).slice(1), 'CT'],
    ['other modalities', toStack(5).slice(1), 'US'],
    ['series without a modality', toStack(5).slice(1), null],
    ['images without numbers or positions', toStack(5, { instanceNumber: null, position: null }).slice(1), 'CT'],
    ['positions that are no numbers', toStack(5, { position: 'x\\y\\z', instanceNumber: null }).slice(1), 'CT'],
    ['a single image', toStack(1), 'CT'],
    ['no image', [], 'CT'],
  ])('%s', (_, images, modality) => {
    expect(codesOf(images, modality)).toEqual([]);
  });
});

test('orientations that differ by rounding are one, others are mixed', () => {
  const turned = (orientation: string) => toStack(6).with(3, toSlice(3, { orientation }));
  expect(codesOf(turned('0.9999\\0.0001\\0\\0\\1\\0'))).toEqual([]);
  expect(codesOf(turned('0\\1\\0\\0\\0\\-1'))).toEqual(['mixed-orientation']);
});

test('different rows or columns are mixed', () => {
  expect(codesOf(toStack(6).with(3, toSlice(3, { rows: '256' })))).toEqual(['mixed-size']);
});

test('whatever the header says, the checks end and name codes', () => {
  const text = fc.option(fc.oneof(fc.string(), fc.constantFrom(AXIAL, '1\\2\\3', '0\\0\\0\\0\\0\\0', '1e999\\1\\1')));
  const number = fc.option(fc.oneof(fc.integer(), fc.constantFrom(0, 1, 2)));
  const image = fc.record({
    path: fc.string(),
    instanceNumber: number,
    frames: number,
    rows: text,
    columns: text,
    imageType: text,
    orientation: text,
    position: text,
    imagesInAcquisition: number,
    numberOfSlices: number,
  });
  fc.assert(
    fc.property(fc.array(image, { maxLength: 8 }), (images) => {
      expect(new Set(codesOf(images)).size).toBe(codesOf(images).length);
    }),
  );
});
