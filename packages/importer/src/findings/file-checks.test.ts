import { expect, test } from 'vitest';
import { checkFile, type FileFacts, toTomorrow } from './file-checks.ts';
import { isSideFile, toOtherFinding } from './side-files.ts';

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

test.each([
  ['notes and checksums', ['readme.txt', 'README', 'a/SHA256SUMS.sha256', 'MD5SUM', 'list.csv', 'VERSION', 'LOCKFILE']],
  ['what systems leave', ['.DS_Store', '._IM0001.dcm', '__MACOSX/IM1', 'x/Thumbs.db', '.directory', '.nfs000001']],
  ['what a NAS leaves', ['@eaDir/SYNO_THUMB_M.jpg', 'a/@eaDir/IM1@SynoEAStream', '#recycle/IM1', '.@__thumb/IM1.jpg']],
  ['the files of BIDS', ['a.nii.gz', 'a.nii', 'a.bval', 'a.bvec', 'dataset.json', 'a.tsv', 'CHANGES']],
  ['the viewer of a CD', ['AUTORUN.INF', 'viewer.exe', 'bin/lib.dll', 'INDEX.HTM']],
])('%s are expected beside images', (_, paths) => {
  expect(paths.filter((path) => !isSideFile(path))).toEqual([]);
});

test('what may be an image, or hold some, is not expected beside them', () => {
  const paths = ['IM0001', 'image.dcm', 'scan.bin', 'a.txt/IM1', 'study.zip', 'IM0001.dcm.gz', 'a.jpg', 'VERSION/IM1'];
  expect(paths.filter(isSideFile)).toEqual([]);
});

test('a file without an image is a side file, an archive, empty, or unknown', () => {
  expect(toOtherFinding('notes.txt', false)).toMatchObject({ code: 'side-files', path: 'notes.txt' });
  expect(toOtherFinding('study.done', true)).toMatchObject({ code: 'side-files' });
  expect(toOtherFinding('IM1', true)).toMatchObject({ code: 'empty-file' });
  expect(toOtherFinding('IM1', false)).toMatchObject({ code: 'not-dicom', message: 'Not a DICOM file; skipped.' });
  expect(toOtherFinding('a/study.ZIP', false)).toMatchObject({ message: expect.stringMatching(/^An archive/) });
});
