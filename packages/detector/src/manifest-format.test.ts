import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareManifest, parseManifest } from './manifest-format.ts';

const A = 'a'.repeat(64);

describe('parseManifest', () => {
  test('reads JSON', () => {
    const text = JSON.stringify({
      files: [{ path: 'a.dcm', bytes: 3, sha256: A.toUpperCase() }, { path: './s/b.dcm' }],
    });
    expect(parseManifest(text)).toEqual({
      kind: 'manifest',
      entries: [
        { path: 'a.dcm', bytes: 3, sha256: A },
        { path: 's/b.dcm', bytes: null, sha256: null },
      ],
    });
  });

  test('reads the lines of sha256sum, text and binary', () => {
    expect(parseManifest(`${A}  a.dcm\n${A} *./dir/b c.dcm\r\n`)).toEqual({
      kind: 'manifest',
      entries: [
        { path: 'a.dcm', bytes: null, sha256: A },
        { path: 'dir/b c.dcm', bytes: null, sha256: A },
      ],
    });
  });

  test.each([
    ['{"files": [{"path": "a"', 'it is not JSON with a list `files`'],
    ['{}', 'it is not JSON with a list `files`'],
    ['{"files": [{"path": 3}]}', 'a file has no `path`, or a wrong `bytes` or `sha256`'],
    ['{"files": [{"path": "a", "bytes": -1}]}', 'a file has no `path`, or a wrong `bytes` or `sha256`'],
    ['{"files": [{"path": "../a"}]}', 'a path leads out of the folder'],
    ['{"files": [{"path": "/a"}]}', 'a path leads out of the folder'],
    ['{"files": [{"path": "a"}, {"path": "./a"}]}', 'a path is listed twice'],
    [`${A}  a.dcm`, 'its last line is not ended'],
    [`${A}  a.dcm\nhello\n`, 'a line is not of sha256sum'],
  ])('%s: %s', (text, reason) => {
    expect(parseManifest(text)).toEqual({ kind: 'unreadable', reason });
  });

  test('no beginning of a JSON manifest, and no cut line of the other style, passes for the whole', () => {
    const json = JSON.stringify({
      files: [
        { path: 'a.dcm', bytes: 3 },
        { path: 'b.dcm', sha256: A },
      ],
    });
    fc.assert(
      fc.property(fc.nat(json.length - 1), (cut) => {
        expect(parseManifest(json.slice(0, cut)).kind).toBe('unreadable');
      }),
    );
    const lines = `${A}  a.dcm\n${A}  b.dcm\n`;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: lines.length - 1 }), (cut) => {
        fc.pre(lines[cut - 1] !== '\n');
        expect(parseManifest(lines.slice(0, cut)).kind).toBe('unreadable');
      }),
    );
  });
});

describe('compareManifest', () => {
  const entries = [
    { path: 'a', bytes: 3, sha256: null },
    { path: 'b', bytes: null, sha256: A },
  ];
  test.each([
    [
      [
        { path: 'a', bytes: 3 },
        { path: 'b', bytes: 9, sha256: A },
      ],
      { example: null },
    ],
    [[{ path: 'a', bytes: 3 }], { missing: 1, example: 'b' }],
    [
      [
        { path: 'a', bytes: 2 },
        { path: 'b', bytes: 9, sha256: A },
      ],
      { wrongSize: 1, example: 'a' },
    ],
    [
      [
        { path: 'a', bytes: 3 },
        { path: 'b', bytes: 9, sha256: 'c' },
      ],
      { wrongDigest: 1, example: 'b' },
    ],
    [
      [
        { path: 'a', bytes: 3 },
        { path: 'b', bytes: 9 },
      ],
      { wrongDigest: 1, example: 'b' },
    ],
    [
      [
        { path: 'a', bytes: 3 },
        { path: 'b', bytes: 9, sha256: A },
        { path: 'c', bytes: 0 },
      ],
      { unlisted: 1, example: 'c' },
    ],
  ])('%o', (files, found) => {
    const none = { missing: 0, wrongSize: 0, wrongDigest: 0, unlisted: 0 };
    expect(compareManifest('m', entries, files)).toEqual({ kind: 'compared', name: 'm', listed: 2, ...none, ...found });
  });
});
