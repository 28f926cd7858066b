/** An attribute to read: its tag (`0x00100010` for (0010,0010)), and the VR that the dictionary gives it (used where the file gives none). */
export interface TagSpec<K extends string = string> {
  readonly keyword: K;
  readonly tag: number;
  readonly vr: string;
}

/** Tags read by default: identity, grouping and a few facts worth showing. All at or before (0028,0301), PS3.6. */
export const HEADER_TAGS = [
  { keyword: 'TransferSyntaxUID', tag: 0x0002_0010, vr: 'UI' },
  { keyword: 'SpecificCharacterSet', tag: 0x0008_0005, vr: 'CS' },
  { keyword: 'ImageType', tag: 0x0008_0008, vr: 'CS' },
  { keyword: 'SOPClassUID', tag: 0x0008_0016, vr: 'UI' },
  { keyword: 'SOPInstanceUID', tag: 0x0008_0018, vr: 'UI' },
  { keyword: 'StudyDate', tag: 0x0008_0020, vr: 'DA' },
  { keyword: 'StudyTime', tag: 0x0008_0030, vr: 'TM' },
  { keyword: 'AccessionNumber', tag: 0x0008_0050, vr: 'SH' },
  { keyword: 'Modality', tag: 0x0008_0060, vr: 'CS' },
  { keyword: 'Manufacturer', tag: 0x0008_0070, vr: 'LO' },
  { keyword: 'StudyDescription', tag: 0x0008_1030, vr: 'LO' },
  { keyword: 'SeriesDescription', tag: 0x0008_103e, vr: 'LO' },
  { keyword: 'PatientName', tag: 0x0010_0010, vr: 'PN' },
  { keyword: 'PatientID', tag: 0x0010_0020, vr: 'LO' },
  { keyword: 'PatientBirthDate', tag: 0x0010_0030, vr: 'DA' },
  { keyword: 'PatientSex', tag: 0x0010_0040, vr: 'CS' },
  { keyword: 'BodyPartExamined', tag: 0x0018_0015, vr: 'CS' },
  { keyword: 'ProtocolName', tag: 0x0018_1030, vr: 'LO' },
  { keyword: 'StudyInstanceUID', tag: 0x0020_000d, vr: 'UI' },
  { keyword: 'SeriesInstanceUID', tag: 0x0020_000e, vr: 'UI' },
  { keyword: 'StudyID', tag: 0x0020_0010, vr: 'SH' },
  { keyword: 'SeriesNumber', tag: 0x0020_0011, vr: 'IS' },
  { keyword: 'InstanceNumber', tag: 0x0020_0013, vr: 'IS' },
  { keyword: 'NumberOfFrames', tag: 0x0028_0008, vr: 'IS' },
  { keyword: 'Rows', tag: 0x0028_0010, vr: 'US' },
  { keyword: 'Columns', tag: 0x0028_0011, vr: 'US' },
  { keyword: 'BurnedInAnnotation', tag: 0x0028_0301, vr: 'CS' },
] as const satisfies readonly TagSpec[];

/** Keyword of an attribute that is read by default. */
export type HeaderKeyword = (typeof HEADER_TAGS)[number]['keyword'];

/**
 * Values by keyword: text decoded by the Specific Character Set, numbers in decimal, several values joined by `\`, spaces and NUL
 * trimmed, otherwise as in the file. Absent: not in the header. Empty string: there, with no value.
 */
export type Attributes<K extends string = HeaderKeyword> = { readonly [keyword in K]?: string };
