import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readHeaderFile } from '@sendit/dicom/node';
import { loadTextTags } from '@sendit/dicom/tree';
import { SenditError, toMessage } from '@sendit/model';

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
