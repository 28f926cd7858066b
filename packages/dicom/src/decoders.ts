import { TextDecoder } from 'node:util';

/** Turns the bytes of one text value into text; bytes that are no character become U+FFFD. Never throws. */
export type TextReader = (bytes: Uint8Array) => string;

const decoders = new Map<string, TextDecoder | undefined>();

/** Decodes by a label of the WHATWG Encoding Standard; as ISO 8859-1 where this Node build has no table for it. */
export function decodeAs(label: string, bytes: Uint8Array): string {
  if (!decoders.has(label)) decoders.set(label, openDecoder(label));
  return decoders.get(label)?.decode(bytes) ?? toLatin1(bytes);
}

/** ISO 8859-1: each byte is its code point. (The label `latin1` means windows-1252 on the web, and differs.) */
export function toLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/**
 * The label under which {@link decodeAs} knows a name of the Encoding Standard, in any case; undefined for an unknown
 * name. UTF-16 does not qualify: its bytes are not a superset of ASCII.
 */
export function findLabel(name: string): string | undefined {
  const encoding = openDecoder(name)?.encoding;
  return encoding === undefined || encoding.startsWith('utf-16') ? undefined : encoding;
}

function openDecoder(label: string): TextDecoder | undefined {
  try {
    return new TextDecoder(label, { ignoreBOM: true });
  } catch (error) {
    if (error instanceof RangeError) return undefined; // a Node built with little ICU data
    throw error;
  }
}
