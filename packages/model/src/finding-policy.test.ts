import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FINDING_CODES, type FindingRecord, toFinding } from './finding.ts';
import { FINDING_LEVELS, judgeFinding, toErrorReason } from './finding-policy.ts';

const findings = fc.record({ code: fc.constantFrom(...FINDING_CODES), path: fc.option(fc.string()) });

test('a finding has the level that the policy gives its code, and is not told where that is off', () => {
  fc.assert(
    fc.property(findings, fc.constantFrom(...FINDING_LEVELS), ({ code, path }, level) => {
      const finding = toFinding(code, path);
      expect(judgeFinding(finding, { [code]: level })).toEqual(
        level === 'off' ? undefined : { ...finding, severity: level },
      );
      expect(judgeFinding(finding, {})).toEqual(finding);
    }),
  );
});

test('a finding that is milder than its code usually is stays so', () => {
  const note: FindingRecord = { ...toFinding('not-dicom', 'README'), severity: 'info' };
  expect(judgeFinding(note, { 'not-dicom': 'error' })).toEqual(note);
  expect(judgeFinding(note, { 'not-dicom': 'off' })).toBeUndefined();
});

test('a batch ends in ERROR for its errors, in the words of the only one about all of it', () => {
  const error = (code: FindingRecord['code'], path: string | null): FindingRecord => ({
    ...toFinding(code, path, 'In words.'),
    severity: 'error',
  });
  expect(toErrorReason([toFinding('truncated', 'a')])).toBeNull();
  expect(toErrorReason([toFinding('truncated', 'a'), error('several-study-dates', null)])).toBe('In words.');
  expect(toErrorReason([error('truncated', 'a'), error('truncated', 'b'), error('several-studies', null)])).toBe(
    'It has findings that are errors: truncated, several-studies.',
  );
});
