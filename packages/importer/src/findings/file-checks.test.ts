import { expect, test } from 'vitest';
import { checkFile, type FileFacts, toTomorrow } from './file-checks.ts';
import { isSideFile } from './side-files.ts';

const CT = '1.2.840.10008.5.1.4.1.1.2';
const FILE: FileFacts = {
  modality: 'CT',
  sopClassUid: CT,
  imageType: 'ORIGINAL\\PRIMARY\\AXIAL',
  burnedInAnnotation: null,
  hasPrivate: false,
  isTextGuessed: false,
  dates: ['20240102', '19700101'],
  texts: ['SYNTHETIC^ONE', null],
  tomorrow: '20260102',
};

test.each<[string, Partial<FileFacts>, string[]]>([
  ['a plain slice', {}, []],
  ['a flag of burned-in annotation', { burnedInAnnotation: 'YES' }, ['burned-in']],
  ['ultrasound', { modality: 'US', sopClassUid: '1.2.840.10008.5.1.4.1.1.6.1' }, ['burned-in-likely']],
  [
    'ultrasound flagged as free',
    { modality: 'US', sopClassUid: '1.2.840.10008.5.1.4.1.1.6.1', burnedInAnnotation: 'NO' },
    [],
  ],
  ['a secondary capture', { modality: 'CT', sopClassUid: '1.2.840.10008.5.1.4.1.1.7' }, ['burned-in-likely']],
  ['a screen save', { imageType: 'DERIVED\\SECONDARY\\SCREEN SAVE' }, ['burned-in-likely']],
  ['no SOP class', { sopClassUid: null }, ['unexpected-sop-class']],
  ['a SOP class that stores nothing', { sopClassUid: '1.2.840.10008.1.1' }, ['unexpected-sop-class']],
  ['a CT class on an MR image', { modality: 'MR' }, ['unexpected-sop-class']],
  ['tomorrow', { dates: ['20260102'] }, []],
  ['the day after', { dates: ['20260103'] }, ['future-date']],
  ['what is no date', { dates: ['2099.1.1', '99', '20991301'] }, []],
  ['bytes that are no text', { texts: ['A\uFFFDB'] }, ['undecodable-text']],
  ['text that was guessed', { isTextGuessed: true }, ['charset-guessed']],
  ['private elements', { hasPrivate: true }, ['private-data']],
])('%s', (_, changes, codes) => {
  expect(checkFile({ ...FILE, ...changes })).toEqual(codes);
});

test('tomorrow is the next day by UTC, over the end of a year', () => {
  expect(toTomorrow(new Date('2025-12-31T23:00:00Z'))).toBe('20260101');
});

test('notes, checksums and what systems leave are expected beside images, unknown files are not', () => {
  expect(
    ['readme.txt', 'a/SHA256SUMS.sha256', '.DS_Store', 'x/Thumbs.db', 'README', 'list.csv'].map(isSideFile),
  ).not.toContain(false);
  expect(['IM0001', 'image.dcm', 'scan.bin', 'a.txt/IM1'].map(isSideFile)).not.toContain(true);
});
