import stringWidth from 'string-width';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderTable, toTableLayout } from './table.ts';

const shape = { head: ['ID', 'NAME', 'ROOT', 'FILES'], right: [3], spare: ['ROOT'] };
const rows = [
  ['1', 'a-very-long-directory-name-of-a-study', 'data', '12'],
  ['17', 'L2', 'data', '3'],
];

describe('a table', () => {
  test('is as wide as it gets where nobody looks at a terminal', () => {
    expect(renderTable(shape, rows, {}).split('\n')).toEqual([
      'ID  NAME                                   ROOT  FILES',
      '1   a-very-long-directory-name-of-a-study  data     12',
      '17  L2                                     data      3',
    ]);
  });

  test('loses its spare columns, then the middle of its longest text, to fit the terminal', () => {
    expect(renderTable(shape, rows, { width: 50 }).split('\n')[1]).toBe(
      '1   a-very-long-directory-name-of-a-study     12',
    );
    expect(renderTable(shape, rows, { width: 30 }).split('\n')).toEqual([
      'ID  NAME                 FILES',
      '1   a-very-lo…f-a-study     12',
      '17  L2                       3',
    ]);
  });

  test('shows the columns that are asked for, in their order, and names those there are for another', () => {
    expect(renderTable(shape, rows, { columns: ['files', 'id'] })).toBe('FILES  ID\n   12  1\n    3  17');
    expect(() => renderTable(shape, rows, { columns: ['nam'] })).toThrow('id, name, root, files, got nam');
  });

  test('never is wider than the terminal where texts can be cut, whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { minLength: 1 }), (names) => {
        const lines = renderTable(
          shape,
          names.map((name) => ['1', name, 'x', '2']),
          { width: 40 },
        ).split('\n');
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(40);
      }),
    );
  });

  test('is cut for a terminal only, and not with --wide', () => {
    const terminal = { isTTY: true, columns: 80 };
    expect(toTableLayout({ wide: false }, terminal).width).toBe(80);
    expect(toTableLayout({ wide: true }, terminal).width).toBeUndefined();
    expect(toTableLayout({ wide: false }, {}).width).toBeUndefined();
    expect(toTableLayout({ wide: false, columns: 'id, name,' }, {}).columns).toEqual(['id', 'name']);
  });
});
