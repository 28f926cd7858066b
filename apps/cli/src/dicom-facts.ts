import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type DicomFacts, type HeadedFile, toDicomFacts } from '@sendit/detector';
import { readHeaderFile } from '@sendit/dicom/node';
import { UNIT_TAGS, toHeaderSighting } from './header-sighting.ts';

/** Beyond this many files headers are left unread: an explanation is for a person who waits. */
const MOST_FILES = 20_000;

/** What the headers of a folder say of its completeness; undefined where it has too many files. Values stay in memory and are not shown. */
export async function readDicomFacts(folder: string): Promise<DicomFacts | undefined> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((): Dirent[] => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  if (files.length > MOST_FILES) return undefined;
  const headed = files.sort().flatMap((file): readonly HeadedFile[] => {
    const { header } = readHeaderFile(file, { tags: UNIT_TAGS, checkTruncation: true });
    const sighting = toHeaderSighting(header);
    return sighting.kind === 'header' ? [{ path: relative(folder, file), header: sighting.header }] : [];
  });
  return toDicomFacts(headed);
}
