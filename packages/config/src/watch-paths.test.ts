import { IN } from '@sendit/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toDrafts } from './watch-paths.ts';

const origin = { source: 'file sendit.config.ts', base: '/etc/sendit' };
const namesOf = (...folders: string[]) =>
  toDrafts(
    folders.map((folder) => [folder, 'IN_CREATE', 'DicomQueue']),
    origin,
  ).map((draft) => draft.name);

test('a tuple and an object mean the same', () => {
  const [tuple, object] = toDrafts(
    [
      ['/data', 'IN_CREATE|IN_MOVED_TO', 'DicomQueue'],
      { folder: '/data', events: ['IN_CREATE', 'IN_MOVED_TO'], processor: 'DicomQueue', name: 'data' },
    ],
    origin,
  );
  for (const draft of [tuple, object]) {
    expect(draft).toMatchObject({
      folder: '/data',
      events: 'IN_CREATE | IN_MOVED_TO',
      mask: IN.IN_CREATE | IN.IN_MOVED_TO,
      name: 'data',
      processor: 'DicomQueue',
      backend: 'auto',
      rescanMs: 60_000,
    });
  }
  expect(tuple?.pathOf('processor')).toBe('watchPaths[0][2]');
  expect(object?.pathOf('processor')).toBe('watchPaths[1].processor');
});

test('a relative folder starts from where it was given', () => {
  expect(toDrafts([['in/../incoming/', 'IN_CREATE', 'DicomQueue']], origin)[0]?.folder).toBe('/etc/sendit/incoming');
});

test('a name is the whole path', () => {
  expect(namesOf('/a/data', '/b/data', '/data', '/')).toEqual(['a/data', 'b/data', 'data', '/']);
});

test('a name depends on its folder alone, so that neither adding nor reordering watch paths changes one', () => {
  const folders = fc.uniqueArray(
    fc.array(fc.constantFrom('a', 'b', 'data'), { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('/')}`),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(folders, (list) => {
      const names = namesOf(...list);
      expect(new Set(names).size).toBe(names.length);
      expect(namesOf(...list.toReversed())).toEqual(names.toReversed());
    }),
  );
});

test('anything at all in place of the list is survived', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(Array.isArray(toDrafts(value, origin))).toBe(true);
      expect(toDrafts([value], origin)).toHaveLength(1);
    }),
  );
});
