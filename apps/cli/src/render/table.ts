import { Flags } from '@oclif/core';
import { printable } from '@sendit/daemon';
import { SenditError } from '@sendit/model';
import { toSuggestion } from '@sendit/config';
import stringWidth from 'string-width';

/** How a table is laid out. */
export interface TableLayout {
  /** Columns of the terminal; undefined: as wide as it gets, as in a file or pipe. */
  readonly width?: number | undefined;
  /** Only these columns, in this order. */
  readonly columns?: readonly string[] | undefined;
}

/** Options of a table. */
export interface TableShape {
  readonly head: readonly string[];
  /** Places of columns that hold numbers. */
  readonly right?: readonly number[];
  /** Columns that are left out first where the terminal is narrow. */
  readonly spare?: readonly string[];
}

/** `--columns` and `--wide`, for commands that print a table. */
export const tableFlags = {
  columns: Flags.string({ summary: 'Only these columns of the table, by their heads: id,name,status.' }),
  wide: Flags.boolean({ default: false, summary: 'All columns in full, wider than the terminal if need be.' }),
};

/** The layout that flags and the terminal ask for. */
export function toTableLayout(
  flags: { readonly columns?: string | undefined; readonly wide: boolean },
  stdout: { readonly isTTY?: boolean; readonly columns?: number } = process.stdout,
): TableLayout {
  const columns = flags.columns
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return { width: flags.wide || stdout.isTTY !== true ? undefined : stdout.columns, columns };
}

const GAP = 2;
/** No text is cut to less. */
const LEAST = 12;

/** Lines up columns. What is wider than the terminal loses its spare columns, then the middle of its longest texts. */
export function renderTable(
  { head, right = [], spare = [] }: TableShape,
  rows: readonly (readonly string[])[],
  layout: TableLayout = toTableLayout({ wide: false }),
): string {
  const cells = [head, ...rows.map((row) => row.map(printable))];
  let shown = layout.columns === undefined ? head.map((_, index) => index) : findColumns(head, layout.columns);
  const widthOf = (column: number): number => Math.max(...cells.map((row) => stringWidth(row[column] ?? '')));
  const natural = head.map((_, column) => widthOf(column));
  const total = (widths: readonly number[]): number =>
    shown.reduce((sum, column) => sum + (widths[column] ?? 0) + GAP, -GAP);
  const { width } = layout;
  const leftOut = [...(layout.columns === undefined ? spare : [])];
  while (width !== undefined && total(natural) > width && leftOut.length > 0) {
    const next = head.indexOf(leftOut.shift() ?? '');
    shown = shown.filter((column) => column !== next);
  }
  const widths = width === undefined ? natural : narrow(natural, shown, { right, excess: total(natural) - width });
  return cells
    .map((row) =>
      shown
        .map((column) => {
          const text = cut(row[column] ?? '', widths[column] ?? 0);
          const padding = ' '.repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(text)));
          return right.includes(column) ? `${padding}${text}` : `${text}${padding}`;
        })
        .join(' '.repeat(GAP))
        .trimEnd(),
    )
    .join('\n');
}

/** Takes from the widest text again and again until all fit, or none can be cut further. */
function narrow(
  natural: readonly number[],
  shown: readonly number[],
  { right, excess }: { readonly right: readonly number[]; readonly excess: number },
): readonly number[] {
  const widths = [...natural];
  const texts = shown.filter((column) => !right.includes(column));
  for (let left = excess; left > 0; left -= 1) {
    const widest = texts.reduce<number | undefined>(
      (best, column) => (best === undefined || (widths[column] ?? 0) > (widths[best] ?? 0) ? column : best),
      undefined,
    );
    if (widest === undefined || (widths[widest] ?? 0) <= LEAST) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

/** The begin and the end of a text: names and paths differ at either. */
function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  const letters = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
  const head = take(letters, Math.ceil((width - 1) / 2));
  const tail = take(letters.toReversed(), width - 1 - stringWidth(head.join('')));
  return `${head.join('')}…${tail.toReversed().join('')}`;
}

function take(letters: readonly string[], width: number): readonly string[] {
  let left = width;
  const end = letters.findIndex((letter) => (left -= stringWidth(letter)) < 0);
  return letters.slice(0, end === -1 ? letters.length : end);
}

/** @throws SenditError `bad-arguments` */
function findColumns(head: readonly string[], names: readonly string[]): readonly number[] {
  return names.map((name) => {
    const found = head.findIndex((one) => one.toLowerCase() === name.toLowerCase());
    if (found !== -1) return found;
    throw new SenditError(`Expected --columns to name some of ${head.join(', ').toLowerCase()}, got ${name}.`, {
      code: 'bad-arguments',
      hint: `Write them with commas between${toSuggestion(name, head)}.`,
    });
  });
}
