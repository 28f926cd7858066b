import { expect, test } from 'vitest';
import { compareWords, toWordFindings, type Words } from './entity-words.ts';

test('what is said beside a row adds where that is silent, and differs where it says otherwise', () => {
  const known = { patientId: 'P1', studyDate: null, studyTime: '10', accessionNumber: 'A' };
  const said = { patientId: 'P2', studyDate: '20240131', studyTime: '10', accessionNumber: null };
  expect(compareWords(known, said)).toEqual({ added: { studyDate: '20240131' }, differing: ['patientId'] });
});

const findings = (known: Words, said: Words) =>
  toWordFindings([{ known, said }]).map(({ code, message }) => `${code} ${message.slice(0, message.indexOf(':'))}`);

test.each<[string, Words, Words, string[]]>([
  [
    'another patient',
    { patientId: 'P1', patientName: 'A^B' },
    { patientId: 'P2', patientName: 'C' },
    ['patient-differs PatientID, PatientName'],
  ],
  [
    'another birth date',
    { patientBirthDate: '19700101' },
    { patientBirthDate: '19700102' },
    ['patient-differs PatientBirthDate'],
  ],
  [
    'a patient and an accession number',
    { patientSex: 'M', accessionNumber: 'A' },
    { patientSex: 'F', accessionNumber: 'B' },
    ['patient-differs PatientSex', 'study-differs AccessionNumber'],
  ],
  ['another modality', { modality: 'CT' }, { modality: 'MR' }, ['series-differs Modality']],
  [
    'a name in other letters, with components that are empty',
    { patientName: 'Doe^Jane' },
    { patientName: 'DOE^JANE^^' },
    [],
  ],
  ['a name whose other representations are empty', { patientName: 'Doe^Jane==' }, { patientName: 'Doe^Jane' }, []],
  ['another description', { studyDescription: 'Head' }, { studyDescription: 'Skull' }, []],
  ['silence', { patientId: 'P1' }, { patientId: null }, []],
])('%s', (_title, known, said, expected) => {
  expect(findings(known, said)).toEqual(expected);
});

test('entities that differ in the same attributes are one finding with their number, without a value', () => {
  const one = { known: { patientId: 'P1' }, said: { patientId: 'ANON7' } };
  const [first, ...rest] = toWordFindings([one, one]);
  expect(rest).toEqual([]);
  expect(first?.message).toBe('PatientID: other than an earlier batch has said of 2 studies; the first word is kept.');
});
