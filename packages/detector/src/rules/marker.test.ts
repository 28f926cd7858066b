import { expect, test } from 'vitest';
import { folder } from '../../test/folder.ts';
import { marker } from './marker.ts';

const answer = (sighting?: Parameters<typeof folder>[1]) => marker.judge(folder({}, sighting), 0);

test('a done-file proves it, unless a file changed after it', () => {
  expect(answer({ marker: { kind: 'found', name: '.done', isOlder: false } })).toMatchObject({ answer: 'yes' });
  expect(answer({ marker: { kind: 'found', name: '.done', isOlder: true }, newestPath: 'late.dcm' })).toMatchObject({
    answer: 'no',
    evidence: { marker: '.done', newest: 'late.dcm' },
    recheckAt: null,
  });
});

test('one that is not there proves nothing, and one that nobody looked for is unknown', () => {
  expect(answer({ marker: { kind: 'absent' } })).toMatchObject({ answer: 'no', reason: 'there is no done-file' });
  expect(answer()).toMatchObject({ answer: 'unknown' });
});
