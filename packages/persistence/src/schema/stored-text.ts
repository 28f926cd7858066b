import { createHash } from 'node:crypto';

const MAX_KEY_LENGTH = 255;

/** Text that PostgreSQL takes: NUL and lone surrogates, which it refuses, become U+FFFD. */
export function toStoredText(text: string): string {
  return text.replace(/\0|\p{Surrogate}/gu, '\uFFFD');
}

/** {@link toStoredText} for what may be absent. */
export function toStoredTextOrNull(text: string | null): string | null {
  return text === null ? null : toStoredText(text);
}

/** Text for a unique column. An index row holds about 2,700 bytes and a damaged header far more: a long one ends in its digest. */
export function toStoredKey(text: string): string {
  const stored = toStoredText(text);
  if (stored.length <= MAX_KEY_LENGTH) return stored;
  const digest = createHash('sha256').update(text).digest('hex');
  return `${toStoredText(stored.slice(0, 100))}…sha256:${digest}`;
}

/** A number that fits `integer`, or null: headers hold any number. */
export function toStoredInteger(value: number | null): number | null {
  return value !== null && Number.isInteger(value) && Math.abs(value) <= 0x7fff_ffff ? value : null;
}

/** Whether a value has the form of a DICOM UID (PS3.5 §9.1: digits and dots); anything else names nothing outside its batch. */
export function isUid(value: string): boolean {
  return /^[0-9][0-9.]*$/.test(value);
}
