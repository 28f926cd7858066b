import type { TagSpec } from '@sendit/dicom';
import { findTextTags } from '@sendit/dicom/tree';
import { IMPORT_TAGS, type ImportKeyword } from './import-tags.ts';

type ImportTags = readonly TagSpec<ImportKeyword>[];

const lists = new Map<string, ImportTags>();

/**
 * The import's tags plus extra attributes. Returns the same list for the same keywords, because what reading learnt
 * from earlier files is cached by list. The type covers only the import's own keywords.
 */
export function toTags(extra: readonly string[] | undefined): ImportTags {
  if (extra === undefined || extra.length === 0) return IMPORT_TAGS;
  const key = extra.join();
  const known = lists.get(key);
  if (known !== undefined) return known;
  const own = new Set<number>(IMPORT_TAGS.map(({ tag }) => tag));
  const more = findTextTags(extra).tags.filter(({ tag }) => !own.has(tag));
  const tags = [...IMPORT_TAGS, ...more] as ImportTags;
  lists.set(key, tags);
  return tags;
}

/** Those of the extra attributes that a header has; null where none was asked for. */
export function pickExtra(
  attributes: Readonly<Record<string, string | undefined>>,
  extra: readonly string[] | undefined,
): Readonly<Record<string, string>> | null {
  if (extra === undefined || extra.length === 0) return null;
  const picked: Record<string, string> = {};
  for (const keyword of extra) {
    const value = attributes[keyword];
    if (value !== undefined) picked[keyword] = value;
  }
  return picked;
}
