import type { HeaderFacts, HeaderSighting } from '@sendit/detector';
import type { Attributes, TagSpec } from '@sendit/dicom';
import type { FileHeaderResult } from '@sendit/dicom/node';

/** Header tags that completeness needs. */
export const UNIT_TAGS = [
  { keyword: 'SOPInstanceUID', tag: 0x0008_0018, vr: 'UI' },
  { keyword: 'StudyInstanceUID', tag: 0x0020_000d, vr: 'UI' },
  { keyword: 'SeriesInstanceUID', tag: 0x0020_000e, vr: 'UI' },
  { keyword: 'InstanceNumber', tag: 0x0020_0013, vr: 'IS' },
  { keyword: 'ImagePositionPatient', tag: 0x0020_0032, vr: 'DS' },
  { keyword: 'ImageOrientationPatient', tag: 0x0020_0037, vr: 'DS' },
  { keyword: 'ImagesInAcquisition', tag: 0x0020_1002, vr: 'IS' },
  { keyword: 'NumberOfSlices', tag: 0x0054_0081, vr: 'US' },
] as const satisfies readonly TagSpec[];

type UnitKeyword = (typeof UNIT_TAGS)[number]['keyword'];

/**
 * Extracts the facts for completeness from a header that was read with {@link UNIT_TAGS} and for truncation. A file
 * truncated behind its identity has them too.
 */
export function toHeaderSighting(header: FileHeaderResult<UnitKeyword>): HeaderSighting {
  switch (header.kind) {
    case 'dicom':
      return { kind: 'header', header: toFacts(header.attributes, true) };
    case 'truncated':
      return { kind: 'header', header: toFacts(header.attributes, false) };
    case 'dicomdir':
      return { kind: 'none', reason: 'it is a media directory (DICOMDIR), not an image' };
    case 'empty':
      return { kind: 'none', reason: 'it is empty' };
    case 'not-dicom':
      return { kind: 'none', reason: 'it is not a DICOM file' };
    case 'damaged':
    case 'limit':
      return { kind: 'none', reason: 'its header cannot be read' };
    case 'unreadable':
      return { kind: 'none', reason: `it cannot be read: ${header.code}` };
  }
}

function toFacts(attributes: Attributes<UnitKeyword>, isWhole: boolean): HeaderFacts {
  return {
    studyInstanceUid: toText(attributes.StudyInstanceUID),
    seriesInstanceUid: toText(attributes.SeriesInstanceUID),
    sopInstanceUid: toText(attributes.SOPInstanceUID),
    instanceNumber: toNumbers(attributes.InstanceNumber)[0] ?? null,
    imagesInAcquisition: toNumbers(attributes.ImagesInAcquisition)[0] ?? null,
    numberOfSlices: toNumbers(attributes.NumberOfSlices)[0] ?? null,
    position: toNumbers(attributes.ImagePositionPatient),
    orientation: attributes.ImageOrientationPatient ?? '',
    isWhole,
  };
}

function toText(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value;
}

function toNumbers(text: string | undefined): readonly number[] {
  const numbers = (text ?? '').split('\\').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  return numbers.every(Number.isFinite) ? numbers : [];
}
