import { expect, test } from 'vitest';
import { folder } from '../../test/folder.ts';
import type { ManifestSighting } from '../facts.ts';
import { manifest } from './manifest.ts';

const compared = {
  kind: 'compared',
  name: 'm',
  listed: 3,
  missing: 0,
  wrongSize: 0,
  wrongDigest: 0,
  unlisted: 0,
} as const;
const answer = (sighting: Partial<typeof compared> | Record<string, number>) =>
  manifest.judge(folder({}, { manifest: { ...compared, example: 'a.dcm', ...sighting } as ManifestSighting }), 0);

test('a folder that holds exactly what is listed is proven', () => {
  expect(answer({})).toMatchObject({ answer: 'yes', evidence: { manifest: 'm', listed: 3 } });
});

test.each([
  [{ missing: 1 }, 'files of its manifest are missing'],
  [{ wrongSize: 1 }, 'files differ from its manifest'],
  [{ wrongDigest: 1 }, 'files differ from its manifest'],
  [{ unlisted: 1 }, 'it has files that its manifest does not list'],
  [{ listed: 0 }, 'its manifest lists no file'],
])('%o is not', (sighting, reason) => {
  expect(answer(sighting)).toMatchObject({ answer: 'no', reason });
});

test('a manifest that cannot be read proves nothing yet, and none looked for is unknown', () => {
  const unreadable = { kind: 'unreadable', name: 'm', reason: 'half of it' } as const;
  expect(manifest.judge(folder({}, { manifest: unreadable }), 0)).toMatchObject({ answer: 'no', recheckAt: null });
  expect(manifest.judge(folder({}, { manifest: { kind: 'absent' } }), 0)).toMatchObject({ answer: 'no' });
  expect(manifest.judge(folder(), 0)).toMatchObject({ answer: 'unknown' });
});
