import type { SyntheticElement, SyntheticValue } from './synthetic-element.ts';

const DICTIONARY = {
  SpecificCharacterSet: [0x0008_0005, 'CS'],
  ImageType: [0x0008_0008, 'CS'],
  SOPClassUID: [0x0008_0016, 'UI'],
  SOPInstanceUID: [0x0008_0018, 'UI'],
  StudyDate: [0x0008_0020, 'DA'],
  SeriesDate: [0x0008_0021, 'DA'],
  StudyTime: [0x0008_0030, 'TM'],
  AccessionNumber: [0x0008_0050, 'SH'],
  Modality: [0x0008_0060, 'CS'],
  Manufacturer: [0x0008_0070, 'LO'],
  ReferringPhysicianName: [0x0008_0090, 'PN'],
  StudyDescription: [0x0008_1030, 'LO'],
  SeriesDescription: [0x0008_103e, 'LO'],
  ReferencedImageSequence: [0x0008_1140, 'SQ'],
  PatientName: [0x0010_0010, 'PN'],
  PatientID: [0x0010_0020, 'LO'],
  PatientBirthDate: [0x0010_0030, 'DA'],
  PatientSex: [0x0010_0040, 'CS'],
  BodyPartExamined: [0x0018_0015, 'CS'],
  SliceThickness: [0x0018_0050, 'DS'],
  ProtocolName: [0x0018_1030, 'LO'],
  StudyInstanceUID: [0x0020_000d, 'UI'],
  SeriesInstanceUID: [0x0020_000e, 'UI'],
  StudyID: [0x0020_0010, 'SH'],
  SeriesNumber: [0x0020_0011, 'IS'],
  AcquisitionNumber: [0x0020_0012, 'IS'],
  InstanceNumber: [0x0020_0013, 'IS'],
  ImagePositionPatient: [0x0020_0032, 'DS'],
  ImageOrientationPatient: [0x0020_0037, 'DS'],
  FrameOfReferenceUID: [0x0020_0052, 'UI'],
  SliceLocation: [0x0020_1041, 'DS'],
  SamplesPerPixel: [0x0028_0002, 'US'],
  PhotometricInterpretation: [0x0028_0004, 'CS'],
  NumberOfFrames: [0x0028_0008, 'IS'],
  Rows: [0x0028_0010, 'US'],
  Columns: [0x0028_0011, 'US'],
  PixelSpacing: [0x0028_0030, 'DS'],
  BitsAllocated: [0x0028_0100, 'US'],
  BitsStored: [0x0028_0101, 'US'],
  HighBit: [0x0028_0102, 'US'],
  PixelRepresentation: [0x0028_0103, 'US'],
  BurnedInAnnotation: [0x0028_0301, 'CS'],
  WindowCenter: [0x0028_1050, 'DS'],
  WindowWidth: [0x0028_1051, 'DS'],
  RescaleIntercept: [0x0028_1052, 'DS'],
  RescaleSlope: [0x0028_1053, 'DS'],
  PixelData: [0x7fe0_0010, 'OW'],
} as const satisfies Record<string, readonly [number, string]>;

/** Keyword of an attribute that the synthetic writer knows by name (PS3.6). */
export type SyntheticKeyword = keyof typeof DICTIONARY;

/** Attribute values by keyword. */
export type SyntheticAttributes = { readonly [keyword in SyntheticKeyword]?: SyntheticValue };

/** Turns named attributes into elements in tag order; undefined values are left out. */
export function toSyntheticElements(attributes: SyntheticAttributes): SyntheticElement[] {
  const keywords = Object.keys(attributes).filter((key): key is SyntheticKeyword => key in DICTIONARY);
  return keywords
    .flatMap((keyword) => {
      const value = attributes[keyword];
      const [tag, vr] = DICTIONARY[keyword];
      return value === undefined ? [] : [{ tag, vr, value }];
    })
    .toSorted((a, b) => a.tag - b.tag);
}
