/** One group of a person name (PN): its five components, empty where absent. */
export interface PersonNameGroup {
  readonly familyName: string;
  readonly givenName: string;
  readonly middleName: string;
  readonly prefix: string;
  readonly suffix: string;
}

/** A person name in up to three scripts (PS3.5 §6.2.1.1). */
export interface PersonName {
  readonly alphabetic: PersonNameGroup;
  /** Undefined where the name has no such group. */
  readonly ideographic: PersonNameGroup | undefined;
  readonly phonetic: PersonNameGroup | undefined;
}

/** A day as the header has it; it exists in the calendar. */
export interface DicomDate {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
}

/** A time of day; what the header does not say is undefined, not zero. */
export interface DicomTime {
  readonly hours: number;
  readonly minutes: number | undefined;
  /** 60 is a leap second. */
  readonly seconds: number | undefined;
  /** Millionths of a second. */
  readonly microseconds: number | undefined;
}

/** The values of an attribute with several, which are joined by `\`. Not for LT, ST and UT: in them it is a character. */
export function splitValues(text: string): string[] {
  return text.split('\\');
}

/** Takes a person name apart. Never fails: what is no component of the standard goes with the one before. */
export function parsePersonName(text: string): PersonName {
  const [alphabetic = '', ideographic, phonetic] = splitAtMost(text, '=', 3);
  return {
    alphabetic: toGroup(alphabetic),
    ideographic: ideographic === undefined ? undefined : toGroup(ideographic),
    phonetic: phonetic === undefined ? undefined : toGroup(phonetic),
  };
}

/** A date (DA): `YYYYMMDD`, or `YYYY.MM.DD` of ACR-NEMA; undefined for anything else, and for a day that no calendar has. */
export function parseDate(text: string): DicomDate | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(text) ?? /^(\d{4})\.(\d{2})\.(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  const isThere = month >= 1 && month <= 12 && day >= 1 && day <= toDaysOf(year, month);
  return isThere ? { year, month, day } : undefined;
}

/** A time (TM): `HH`, `HHMM`, `HHMMSS` or `HHMMSS.FFFFFF`, or with the colons of ACR-NEMA; undefined for anything else. */
export function parseTime(text: string): DicomTime | undefined {
  const match = /^(\d{2})(?::?(\d{2})(?::?(\d{2})(?:\.(\d{1,6}))?)?)?$/.exec(text);
  if (match === null) return undefined;
  const [hours = 0, minutes, seconds] = match.slice(1, 4).map((part) => (part === undefined ? part : Number(part)));
  if (hours > 23 || (minutes ?? 0) > 59 || (seconds ?? 0) > 60) return undefined;
  const fraction = match[4];
  return { hours, minutes, seconds, microseconds: fraction === undefined ? fraction : Number(fraction.padEnd(6, '0')) };
}

/** One integer string (IS): within 32 bits with a sign; undefined for anything else, several values too. */
export function parseInteger(text: string): number | undefined {
  if (!/^[+-]?\d{1,11}$/.test(text)) return undefined;
  const number = Number(text);
  return number === (number | 0) ? number | 0 : undefined;
}

/** One decimal string (DS), of any length, since writers go beyond the 16 bytes of the standard; undefined for anything else. */
export function parseDecimal(text: string): number | undefined {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d+)?$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

function toGroup(text: string): PersonNameGroup {
  const [familyName = '', givenName = '', middleName = '', prefix = '', suffix = ''] = splitAtMost(text, '^', 5);
  return { familyName, givenName, middleName, prefix, suffix };
}

function splitAtMost(text: string, separator: string, count: number): string[] {
  const parts = text.split(separator);
  const last = parts.slice(count - 1).join(separator);
  return (parts.length < count ? parts : [...parts.slice(0, count - 1), last]).map((part) => part.trim());
}

function toDaysOf(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}
