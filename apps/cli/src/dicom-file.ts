import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readHeaderFile } from '@sendit/dicom/node';
import { type DicomElement, loadDictionary, loadTextTags, readTreeFile } from '@sendit/dicom/tree';
import { SenditError, toMessage } from '@sendit/model';
import { printable } from '@sendit/daemon';
import { renderTable } from './render/table.ts';

/** One file as `sendit dicom show --json` prints it. */
export interface ShownFile {
  readonly file: string;
  /**
   * Kind of the header reader's result: `dicom`, `dicomdir`, `truncated`, `not-dicom`, `empty`, `damaged`, `limit`,
   * `unreadable`.
   */
  readonly kind: string;
  readonly transferSyntaxUid: string | null;
  /** Top-level attributes of the standard with text or numbers; several values as a list. */
  readonly attributes: Readonly<Record<string, string | readonly string[]>>;
}

/** Reads one file for `--json`. */
export function readShownFile(file: string): ShownFile {
  const tags = loadTextTags();
  const { header } = readHeaderFile(file, { tags, checkTruncation: true });
  if (!('attributes' in header)) return { file, kind: header.kind, transferSyntaxUid: null, attributes: {} };
  const attributes: Record<string, string | readonly string[]> = {};
  for (const { keyword, isMultiple } of tags) {
    const value = header.attributes[keyword];
    if (value !== undefined) attributes[keyword] = isMultiple && value.includes('\\') ? value.split('\\') : value;
  }
  return { file, kind: header.kind, transferSyntaxUid: header.transferSyntaxUid, attributes };
}

/** Regular files below a directory, in order; the file itself when it is one. @throws SenditError `not-found` when nothing is there. */
export async function listShownFiles(
  path: string,
): Promise<{ readonly isDirectory: boolean; readonly files: string[] }> {
  if (!(await isDirectory(path))) return { isDirectory: false, files: [path] };
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return { isDirectory: true, files: files.toSorted() };
}

/** @throws SenditError `not-found` when nothing is there. */
export async function isDirectory(path: string): Promise<boolean> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw new SenditError(`Expected a file or a directory at ${path}, got: ${toMessage(cause)}.`, {
      code: 'not-found',
      hint: 'Check the spelling and the permissions.',
      cause,
    });
  });
  return stats.isDirectory();
}

/** Every element on a line, sequences indented with their items. */
export function renderTree(file: string): string {
  return readTreeFile(file)
    .flatMap((element) => renderElement(element, ''))
    .join('\n');
}

function renderElement({ tag, vr, length, value, items }: DicomElement, indent: string): string[] {
  const hex = tag.toString(16).padStart(8, '0').toUpperCase();
  const entry = loadDictionary().get(tag);
  const name = entry?.keyword ?? (Math.floor(tag / 0x1_0000) % 2 === 1 ? 'private' : 'unknown');
  const shown = value === null ? renderLength(length, items) : `[${printable(value)}]`;
  const line = `${indent}(${hex.slice(0, 4)},${hex.slice(4)}) ${vr} ${name} ${shown}`;
  const inner = (items ?? []).flatMap((item, index) => [
    `${indent}  item ${index + 1}`,
    ...item.flatMap((element) => renderElement(element, `${indent}    `)),
  ]);
  return [line, ...inner];
}

function renderLength(length: number | null, items: DicomElement['items']): string {
  if (items !== null) return `${items.length} ${items.length === 1 ? 'item' : 'items'}`;
  return length === null ? 'encapsulated' : `${length} bytes`;
}

/** One line for each file of a directory. */
export function renderFiles(files: readonly ShownFile[]): string {
  const text = (file: ShownFile, keyword: string): string => {
    const value = file.attributes[keyword] ?? '–';
    return typeof value === 'string' ? value : value.join('\\');
  };
  return renderTable(
    { head: ['FILE', 'KIND', 'MODALITY', 'SERIES', 'INSTANCE', 'SIZE', 'DESCRIPTION'], right: [3, 4] },
    files.map((file) => [
      file.file,
      file.kind,
      text(file, 'Modality'),
      text(file, 'SeriesNumber'),
      text(file, 'InstanceNumber'),
      `${text(file, 'Columns')}×${text(file, 'Rows')}`,
      text(file, 'SeriesDescription'),
    ]),
  );
}
