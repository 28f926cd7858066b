// Control characters, and the marks that reorder or hide text around them.
const INVISIBLE = /[\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

/** A name from disk with characters that would hide or reorder text written out as `\u{202e}`. */
export function toVisible(name: string): string {
  return name.replace(INVISIBLE, (mark) => `\\u{${mark.codePointAt(0)?.toString(16) ?? ''}}`);
}
