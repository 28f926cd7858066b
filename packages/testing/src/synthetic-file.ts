import { deflateRawSync } from 'node:zlib';
import { type SyntheticAttributes, toSyntheticElements } from './synthetic-attributes.ts';
import { type SyntheticElement, toElementBytes, toHeaderBytes, toItemHeader } from './synthetic-element.ts';

/** Transfer syntaxes that the writer produces; `encapsulated` looks like JPEG baseline, its fragments are not an image. */
export const SYNTHETIC_SYNTAXES = {
  'explicit-le': '1.2.840.10008.1.2.1',
  'implicit-le': '1.2.840.10008.1.2',
  'explicit-be': '1.2.840.10008.1.2.2',
  deflated: '1.2.840.10008.1.2.1.99',
  encapsulated: '1.2.840.10008.1.2.4.50',
} as const;

/** One word of {@link SYNTHETIC_SYNTAXES}. */
export type SyntheticSyntax = keyof typeof SYNTHETIC_SYNTAXES;

/** How to write a synthetic file. */
export interface DicomFileOptions {
  /** `explicit-le` by default. */
  readonly syntax?: SyntheticSyntax;
  /** Declared transfer syntax, if it should differ from the real one. */
  readonly declaredSyntaxUid?: string;
  /** 128 zero bytes and `DICM`; true by default. */
  readonly preamble?: boolean;
  /** File meta information, group 0002; true by default. */
  readonly meta?: boolean;
  /** (0002,0002), from (0008,0016) by default; set it to make a DICOMDIR. */
  readonly mediaStorageSopClassUid?: string;
  /** (0002,0016), the title of the application entity that sent it; none by default. */
  readonly sender?: string;
  /** Sequences with undefined lengths and delimiters; false by default. */
  readonly undefinedLengths?: boolean;
  /** Keep only this many bytes; a negative number counts from the end. */
  readonly truncateAt?: number;
}

const META = { explicitVr: true, littleEndian: true, undefinedLengths: false };
const PIXEL_DATA = 0x7fe0_0010;

/** Writes one DICOM file in memory: attributes by keyword (tag order), or elements exactly in the order given. */
export function toDicomFile(
  content: SyntheticAttributes | readonly SyntheticElement[],
  options: DicomFileOptions = {},
): Uint8Array {
  const elements = isElementList(content) ? content : toSyntheticElements(content);
  const syntax = options.syntax ?? 'explicit-le';
  const parts: Uint8Array[] = [];
  if (options.preamble !== false) parts.push(Buffer.alloc(128), Buffer.from('DICM'));
  if (options.meta !== false) parts.push(toMetaBytes(elements, syntax, options));
  parts.push(toDatasetBytes(elements, syntax, options.undefinedLengths ?? false));
  const file = Buffer.concat(parts);
  return new Uint8Array(options.truncateAt === undefined ? file : file.subarray(0, options.truncateAt));
}

function isElementList(
  content: SyntheticAttributes | readonly SyntheticElement[],
): content is readonly SyntheticElement[] {
  return Array.isArray(content);
}

function toDatasetBytes(elements: readonly SyntheticElement[], syntax: SyntheticSyntax, undefinedLengths: boolean) {
  const encoding = {
    explicitVr: syntax !== 'implicit-le',
    littleEndian: syntax !== 'explicit-be',
    undefinedLengths,
  };
  if (syntax === 'deflated') return deflateRawSync(toElementBytes(elements, encoding));
  if (syntax !== 'encapsulated') return toElementBytes(elements, encoding);
  return Buffer.concat(
    elements.map((element) =>
      element.tag === PIXEL_DATA && element.value instanceof Uint8Array
        ? toFragments(element.value)
        : toElementBytes([element], encoding),
    ),
  );
}

/** Encapsulated pixel data: an empty offset table, one fragment, the sequence delimiter (PS3.5 §A.4). */
function toFragments(fragment: Uint8Array): Uint8Array {
  const even = fragment.length % 2 === 0 ? fragment : Buffer.concat([fragment, Buffer.alloc(1)]);
  return Buffer.concat([
    toHeaderBytes({ tag: PIXEL_DATA, vr: 'OB' }, 0xffff_ffff, META),
    toItemHeader(0xe000, 0, true),
    toItemHeader(0xe000, even.length, true),
    even,
    toItemHeader(0xe0dd, 0, true),
  ]);
}

function toMetaBytes(elements: readonly SyntheticElement[], syntax: SyntheticSyntax, options: DicomFileOptions) {
  const valueOf = (tag: number): string => {
    const value = elements.find((element) => element.tag === tag)?.value;
    return typeof value === 'string' ? value : '';
  };
  const body = toElementBytes(
    [
      { tag: 0x0002_0001, vr: 'OB', value: Buffer.of(0, 1) },
      { tag: 0x0002_0002, vr: 'UI', value: options.mediaStorageSopClassUid ?? valueOf(0x0008_0016) },
      { tag: 0x0002_0003, vr: 'UI', value: valueOf(0x0008_0018) },
      { tag: 0x0002_0010, vr: 'UI', value: options.declaredSyntaxUid ?? SYNTHETIC_SYNTAXES[syntax] },
      { tag: 0x0002_0012, vr: 'UI', value: '2.25.302473842347651123498712340987123' },
      { tag: 0x0002_0013, vr: 'SH', value: 'SENDIT_SYNTH' },
      ...(options.sender === undefined ? [] : [{ tag: 0x0002_0016, vr: 'AE', value: options.sender }]),
    ],
    META,
  );
  return Buffer.concat([toElementBytes([{ tag: 0x0002_0000, vr: 'UL', value: body.length }], META), body]);
}
