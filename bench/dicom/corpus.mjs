// Makes CT slices of real size (a header of 200 elements, 512 × 512 pixels) to read, once for each size of corpus.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toDicomFile, toScannerElements, toSyntheticUid } from '@sendit/testing/synthetic';

/** Absolute paths of `count` slices below `directory`. */
export function makeSlices(directory, count) {
  const path = join(directory, `ct-${count}`);
  if (!existsSync(path)) {
    rmSync(`${path}.tmp`, { recursive: true, force: true });
    mkdirSync(`${path}.tmp`, { recursive: true });
    const pixels = toNoise(512 * 512);
    for (let index = 0; index < count; index++) {
      writeFileSync(join(`${path}.tmp`, toFileName(index)), toSlice(index, pixels));
    }
    renameSync(`${path}.tmp`, path);
  }
  return readdirSync(path)
    .toSorted()
    .map((name) => join(path, name));
}

/** The name of a file by its number. */
export const toFileName = (index) => `IM${String(index).padStart(6, '0')}.dcm`;

/** A file with the header of a CT slice as scanners write it, but for the elements that are given, and square pixels. */
export function toSlice(index, pixels, elements = {}) {
  const side = Math.sqrt(pixels.length / 2);
  return toDicomFile(
    toScannerElements({
      SpecificCharacterSet: 'ISO_IR 100',
      ImageType: 'ORIGINAL\\PRIMARY\\AXIAL',
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
      SOPInstanceUID: toSyntheticUid(`bench/${index}`),
      StudyDate: '20240102',
      StudyTime: '101500',
      AccessionNumber: 'SYN1',
      Modality: 'CT',
      Manufacturer: 'SENDIT SYNTHETIC',
      StudyDescription: 'SYNTHETIC CHEST',
      SeriesDescription: 'SYNTHETIC AXIAL 1.25',
      PatientName: Buffer.from('SYNTHETIC^J\u00fcrgen', 'latin1'),
      PatientID: 'SYN-0001',
      PatientBirthDate: '19700101',
      PatientSex: 'O',
      BodyPartExamined: 'CHEST',
      SliceThickness: '1.25',
      ProtocolName: 'SYNTHETIC CT',
      StudyInstanceUID: toSyntheticUid('bench/study'),
      SeriesInstanceUID: toSyntheticUid('bench/series'),
      StudyID: 'SYN1',
      SeriesNumber: '2',
      AcquisitionNumber: '1',
      InstanceNumber: String(index + 1),
      ImagePositionPatient: `-125.0\\-125.0\\${(index * 1.25).toFixed(2)}`,
      ImageOrientationPatient: '1.0\\0.0\\0.0\\0.0\\1.0\\0.0',
      FrameOfReferenceUID: toSyntheticUid('bench/frame'),
      SliceLocation: (index * 1.25).toFixed(2),
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      Rows: side,
      Columns: side,
      PixelSpacing: '0.488281\\0.488281',
      BitsAllocated: 16,
      BitsStored: 12,
      HighBit: 11,
      PixelRepresentation: 0,
      WindowCenter: '40',
      WindowWidth: '400',
      RescaleIntercept: '-1024',
      RescaleSlope: '1',
      PixelData: pixels,
      ...elements,
    }),
  );
}

/** As many 16-bit pixels that do not compress. */
export function toNoise(count) {
  const pixels = new Uint16Array(count);
  let state = 1;
  for (let index = 0; index < count; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    pixels[index] = state & 0x0fff;
  }
  return new Uint8Array(pixels.buffer);
}
