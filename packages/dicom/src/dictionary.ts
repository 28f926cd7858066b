import { DICTIONARY_DATA } from './dictionary-data.ts';
import { toVrCode } from './element.ts';
import type { TagSpec } from './tags.ts';
import { toValueKind } from './value.ts';

/** An attribute of the standard (PS3.6). */
export interface DictionaryEntry extends TagSpec {
  /** Whether the standard allows several values. */
  readonly isMultiple: boolean;
}

const PIXEL_DATA_GROUP = 0x7fe0_0000;

let byTag: ReadonlyMap<number, DictionaryEntry> | undefined;
let textTags: readonly DictionaryEntry[] | undefined;

/** The attributes of the standard by tag; made at the first call. Groups 50xx and 60xx are there by their first member only. */
export function loadDictionary(): ReadonlyMap<number, DictionaryEntry> {
  byTag ??= new Map(
    DICTIONARY_DATA.trim()
      .split('\n')
      .map(toEntry)
      .map((entry) => [entry.tag, entry]),
  );
  return byTag;
}

/** Every attribute before the pixel data whose values are text or numbers, to be read by {@link readHeader}. */
export function loadTextTags(): readonly DictionaryEntry[] {
  textTags ??= [...loadDictionary().values()].filter(
    ({ tag, vr }) => tag < PIXEL_DATA_GROUP && toValueKind(toVrCode(vr)) !== undefined,
  );
  return textTags;
}

/** The attributes of {@link loadTextTags} with these keywords, in the order given, and the keywords that name none. */
export function findTextTags(keywords: readonly string[]): {
  readonly tags: readonly DictionaryEntry[];
  readonly unknown: readonly string[];
} {
  const byKeyword = new Map(loadTextTags().map((entry) => [entry.keyword, entry]));
  const tags = keywords.flatMap((keyword) => byKeyword.get(keyword) ?? []);
  return { tags, unknown: keywords.filter((keyword) => !byKeyword.has(keyword)) };
}

function toEntry(line: string): DictionaryEntry {
  return {
    tag: Number.parseInt(line.slice(0, 8), 16),
    vr: line.slice(8, 10),
    isMultiple: line[10] === 'n',
    keyword: line.slice(11),
  };
}
