import { ByteWindow } from './byte-window.ts';
import { type ByteSource, toByteSource } from './byte-source.ts';
import { Collector } from './collect.ts';
import { type Encoding, toUint32 } from './element.ts';
import { DEFLATED_UID, EXPLICIT_LE, guessEncoding, settleEncoding, toEncoding } from './encoding.ts';
import { HEADER_LIMITS, type HeaderLimits } from './header-limits.ts';
import { inflateGradually, isWholeDeflate } from './inflate.ts';
import { readMeta } from './meta.ts';
import { toTagIndex } from './tag-index.ts';
import { type Attributes, HEADER_TAGS, type HeaderKeyword, type TagSpec } from './tags.ts';
import { walkElements } from './walk.ts';
import type { Walk } from './walk-state.ts';
import { isOutOfOrder } from './out-of-order.ts';
import { checkExtent, type Extent } from './whole-file.ts';

/** How to read a header. */
export interface HeaderOptions<K extends string = HeaderKeyword> {
  /** Tags to read; {@link HEADER_TAGS} by default. Reading stops after the highest of them. */
  readonly tags?: readonly TagSpec<K>[];
  /** Compare what the file declares with its size, up to and with the pixel data; false by default, costs a tenth to a fifth. */
  readonly checkTruncation?: boolean;
  /** Reused for every read; 8 KiB of its own by default, which covers most headers in one read. At least 256 bytes. */
  readonly buffer?: Uint8Array;
  readonly limits?: Partial<HeaderLimits>;
}

/** Result for a header, whatever the bytes are. */
export type HeaderResult<K extends string = HeaderKeyword> =
  /**
   * A data set. `isTextGuessed`: text of an attribute that was asked for has bytes beyond ASCII, and the Specific Character Set is missing or unknown.
   * `extent` is `whole` only when `checkTruncation` was asked for and held.
   */
  | {
      readonly kind: 'dicom';
      readonly transferSyntaxUid: string | null;
      readonly attributes: Attributes<K>;
      readonly extent: 'whole' | 'unchecked';
      /** Position of the data set in the file: what lies before it, the preamble and group 0002, says how the file was written. */
      readonly datasetAt: number;
      /**
       * Position of the pixel data in the file; null if there is none, if it is within a deflated stream, or if not
       * looked for.
       */
      readonly pixelDataAt: number | null;
      /** Whether an element of an odd group was passed: at top level, up to the last attribute asked for or, where checked, the pixel data. */
      readonly hasPrivate: boolean;
      readonly isTextGuessed: boolean;
    }
  /** Ends before what it declares; `attributes` are those found before, `at` is where the missing began to be needed. */
  | {
      readonly kind: 'truncated';
      readonly at: number;
      /** The file's size where group 0002 does not end. */
      readonly datasetAt: number;
      readonly transferSyntaxUid: string | null;
      readonly attributes: Attributes<K>;
      readonly isTextGuessed: boolean;
    }
  /** A media directory (PS3.10 §8.6), not an image. */
  | { readonly kind: 'dicomdir'; readonly transferSyntaxUid: string | null; readonly attributes: Attributes<K> }
  | { readonly kind: 'not-dicom'; readonly reason: 'no-dicom-prefix' }
  | { readonly kind: 'empty' }
  /** The deflated data set cannot be inflated. */
  | { readonly kind: 'damaged'; readonly reason: 'bad-deflate' }
  /** Would cost more than {@link HeaderLimits} allows. */
  | { readonly kind: 'limit'; readonly limit: keyof HeaderLimits };

const BUFFER_BYTES = 8 << 10;
const SMALLEST_BUFFER = 256;
const PREFIX_AT = 128;
const DICM = 0x4449_434d;
const DICOMDIR_SOP_CLASS = '1.2.840.10008.1.3.10';

/**
 * Reads the header of one DICOM object: walks top-level elements by their length up to the last attribute asked for. Never throws on
 * content and always ends; only what `source.read` throws comes through.
 */
export function readHeader(source: ByteSource, options?: HeaderOptions): HeaderResult;
export function readHeader<K extends string>(
  source: ByteSource,
  options: HeaderOptions<K> & { readonly tags: readonly TagSpec<K>[] },
): HeaderResult<K>;
export function readHeader(source: ByteSource, options: HeaderOptions<string> = {}): HeaderResult<string> {
  return readWindow(new ByteWindow(toBuffer(options.buffer)).slideOver(source), options);
}

/** As {@link readHeader}, through a window that its caller may use again. */
export function readWindow(window: ByteWindow, options: HeaderOptions<string>): HeaderResult<string> {
  if (window.size === 0) return { kind: 'empty' };
  const hasPrefix = hasDicomPrefix(window);
  const guess = hasPrefix ? EXPLICIT_LE : guessEncoding(window);
  if (guess === undefined) return { kind: 'not-dicom', reason: 'no-dicom-prefix' };

  const metaAt = hasPrefix ? PREFIX_AT + 4 : 0;
  const limits = options.limits === undefined ? HEADER_LIMITS : { ...HEADER_LIMITS, ...options.limits };
  const collector = new Collector(toTagIndex(options.tags ?? HEADER_TAGS));
  const meta = readMeta(
    { window, encoding: guess, limits, elementsLeft: limits.elements, hasPrivate: false },
    metaAt,
    collector,
  );
  if (meta.kind === 'limit') return meta;
  const transferSyntaxUid = meta.transferSyntaxUid ?? null;
  if (meta.kind === 'truncated') {
    return { ...meta, ...toFound({ collector, transferSyntaxUid, datasetAt: window.size }) };
  }

  const { datasetAt } = meta;
  const declared = datasetAt === 0 ? guess : toEncoding(meta.transferSyntaxUid);
  const checkTruncation = options.checkTruncation ?? false;
  const reading = { limits, collector, transferSyntaxUid, datasetAt, checkTruncation };
  const result =
    transferSyntaxUid === DEFLATED_UID
      ? readDeflated(reading, window, datasetAt)
      : readDataset(reading, window, { from: datasetAt, declared });
  const isDirectory = meta.sopClassUid === DICOMDIR_SOP_CLASS;
  return isDirectory ? { kind: 'dicomdir', transferSyntaxUid, attributes: collector.toAttributes() } : result;
}

/** One reading: what its steps share. */
interface Reading {
  readonly limits: HeaderLimits;
  readonly collector: Collector;
  readonly transferSyntaxUid: string | null;
  readonly datasetAt: number;
  readonly checkTruncation: boolean;
}

function readDataset(
  reading: Reading,
  window: ByteWindow,
  at: { readonly from: number; readonly declared: Encoding },
): HeaderResult<string> {
  const { collector, limits } = reading;
  const encoding = settleEncoding(window, at.from, at.declared);
  const walk: Walk = { window, encoding, limits, elementsLeft: limits.elements, hasPrivate: false };
  const end = walkElements(walk, at.from, {
    until: collector.index.last,
    collector,
    visit: (head) => {
      if (head.tag <= collector.index.last) return collector.collect(walk, head);
      return isOutOfOrder(walk, head, collector.index.last) ? undefined : 'stop';
    },
  });
  if (end.kind === 'limit') return end;
  const found = toFound(reading);
  if (end.kind === 'truncated') return { ...end, ...found };
  const { hasPrivate } = walk;
  if (!reading.checkTruncation) {
    return { kind: 'dicom', ...found, extent: 'unchecked', pixelDataAt: null, hasPrivate };
  }
  const extent: Extent = end.kind === 'end' ? { kind: 'whole', pixelDataAt: null } : checkExtent(walk, end.position);
  if (extent.kind === 'truncated') return { ...extent, ...found };
  return {
    kind: 'dicom',
    ...found,
    extent: extent.kind,
    pixelDataAt: extent.pixelDataAt,
    hasPrivate: walk.hasPrivate,
  };
}

/** Positions of a truncation are those in the file for the stream's end, or in the inflated data set. */
function readDeflated(reading: Reading, window: ByteWindow, from: number): HeaderResult<string> {
  const { limits, checkTruncation } = reading;
  for (const inflated of inflateGradually(window, from, limits.inflatedBytes)) {
    if (inflated.kind === 'too-large') break;
    if (inflated.kind === 'damaged') return { kind: 'damaged', reason: 'bad-deflate' };
    const inner = new ByteWindow(new Uint8Array(BUFFER_BYTES)).slideOver(toByteSource(inflated.bytes));
    const result = readDataset({ ...reading, checkTruncation: false }, inner, { from: 0, declared: EXPLICIT_LE });
    if (result.kind === 'truncated' && !inflated.whole) continue;
    if (result.kind !== 'dicom' || !checkTruncation) return result;
    const isWhole = isWholeDeflate(window, from, limits.inflatedBytes);
    if (isWhole === false) {
      return { kind: 'truncated', at: window.size, ...toFound(reading) };
    }
    return isWhole === true ? { ...result, extent: 'whole' } : result;
  }
  return { kind: 'limit', limit: 'inflatedBytes' };
}

function toFound({
  collector,
  datasetAt,
  transferSyntaxUid,
}: Pick<Reading, 'collector' | 'datasetAt' | 'transferSyntaxUid'>) {
  return { transferSyntaxUid, attributes: collector.toAttributes(), isTextGuessed: collector.isTextGuessed, datasetAt };
}

function hasDicomPrefix(window: ByteWindow): boolean {
  const at = window.at(0, PREFIX_AT + 4);
  return at >= 0 && toUint32(window.bytes, at + PREFIX_AT, false) === DICM;
}

function toBuffer(buffer: Uint8Array | undefined): Uint8Array {
  if (buffer === undefined) return new Uint8Array(BUFFER_BYTES);
  if (buffer.length >= SMALLEST_BUFFER) return buffer;
  throw new TypeError(`Expected a buffer of at least ${SMALLEST_BUFFER} bytes, got ${buffer.length}.`);
}
