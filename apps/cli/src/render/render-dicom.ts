import { printable } from '@sendit/daemon';
import { type DicomElement, loadDictionary, readTreeFile } from '@sendit/dicom/tree';
import type { ShownFile } from '../show-file.ts';
import { renderTable } from './table.ts';

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
