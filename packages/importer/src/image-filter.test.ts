import { expect, test } from 'vitest';
import { toExclusion } from './image-filter.ts';

const ALL = { modalities: [], imageTypes: [], excludeBurnedIn: false };
const CT = { Modality: 'CT', ImageType: 'ORIGINAL\\PRIMARY\\AXIAL' };

test('without a filter every image is wanted', () => {
  expect(toExclusion({}, ALL)).toBeUndefined();
  expect(toExclusion({ ...CT, BurnedInAnnotation: 'YES' }, ALL)).toBeUndefined();
});

test('modality, image type and burned-in annotation decide, and say why', () => {
  expect(toExclusion(CT, { modalities: ['CT', 'MR'], imageTypes: ['AXIAL'], excludeBurnedIn: true })).toBeUndefined();
  expect(toExclusion(CT, { ...ALL, modalities: ['MR'] })).toMatch(/modality/);
  expect(toExclusion({}, { ...ALL, modalities: ['MR'] })).toMatch(/modality/);
  expect(toExclusion({ ...CT, ImageType: 'ORIGINAL\\PRIMARY\\LOCALIZER' }, { ...ALL, imageTypes: ['AXIAL'] })).toMatch(
    /type/,
  );
  expect(toExclusion({ ...CT, ImageType: 'NONAXIAL' }, { ...ALL, imageTypes: ['AXIAL'] })).toMatch(/type/);
  expect(toExclusion({ ...CT, BurnedInAnnotation: 'YES' }, { ...ALL, excludeBurnedIn: true })).toMatch(/burned-in/);
});
