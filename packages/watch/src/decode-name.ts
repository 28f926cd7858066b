import { isUtf8 } from 'node:buffer';

/** A file name as text, and as bytes where it is not text. */
export interface DecodedName {
  readonly name: string;
  /** The name's bytes where it is not valid UTF-8. */
  readonly rawName?: Uint8Array;
}

/** A file name from its bytes: what is not UTF-8 shows U+FFFD and keeps a copy of the bytes. */
export function decodeName(bytes: Buffer): DecodedName {
  const name = bytes.toString('utf8');
  if (!name.includes('\uFFFD') || isUtf8(bytes)) return { name };
  return { name, rawName: Uint8Array.from(bytes) };
}

/** As {@link decodeName}, from one latin1 character per byte. */
export function decodeKey(key: string): DecodedName {
  return /^[\0-\x7f]*$/u.test(key) ? { name: key } : decodeName(Buffer.from(key, 'latin1'));
}
