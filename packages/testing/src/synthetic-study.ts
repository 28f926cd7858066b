import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@sendit/model';
import type { SyntheticAttributes } from './synthetic-attributes.ts';
import { type SyntheticSyntax, toDicomFile } from './synthetic-file.ts';

export { toScannerElements } from './synthetic-scanner.ts';
export { toDicomFile };

/** One series to make up. */
export interface SyntheticSeries {
  /** `CT` or `MR`; anything else is written as secondary capture. Default `CT`. */
  readonly modality?: string;
  /** Files in the series; 3 by default. */
  readonly instances?: number;
  /** 64 by default; 0 leaves the pixel data out. */
  readonly rows?: number;
  /** As `rows` by default. */
  readonly columns?: number;
  readonly description?: string;
}

export interface SyntheticStudyOptions {
  /** Same seed, same bytes; 1 by default. */
  readonly seed?: number | string;
  /** One CT series of three small slices by default. */
  readonly series?: readonly SyntheticSeries[];
  /** `SYNTHETIC^ONE` / `SYN-0001` by default. */
  readonly patient?: { readonly name: string; readonly id: string };
  /** `YYYYMMDD`; `20240102` by default. */
  readonly studyDate?: string;
  readonly syntax?: SyntheticSyntax;
  /** `flat` (default): all files in the directory; `by-series`: one folder for each series. */
  readonly layout?: 'flat' | 'by-series';
  /** Pause before each file but the first, as a slow sender makes; none by default. */
  readonly fileDelayMs?: number;
  /** Stops between two files by rejecting with the signal's reason; what was written stays. */
  readonly signal?: AbortSignal;
  /** Called after each file is written, with its absolute path. */
  readonly onFile?: (path: string) => void;
}

/** The written study; `files` are absolute, in the order of writing. */
export interface SyntheticStudy {
  readonly files: string[];
  readonly studyInstanceUid: string;
  readonly seriesInstanceUids: string[];
  readonly sopInstanceUids: string[];
}

const SOP_CLASSES: Readonly<Record<string, string>> = {
  CT: '1.2.840.10008.5.1.4.1.1.2',
  MR: '1.2.840.10008.5.1.4.1.1.4',
};
const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';

/** Writes one made-up study into a directory, file after file, creating the directory where it is missing. */
export async function writeSyntheticStudy(
  directory: string,
  options: SyntheticStudyOptions = {},
): Promise<SyntheticStudy> {
  const seed = String(options.seed ?? 1);
  const seriesList = options.series ?? [{}];
  const study = toSyntheticUid(`${seed}/study`);
  const files: string[] = [];
  const seriesInstanceUids: string[] = [];
  const sopInstanceUids: string[] = [];
  await mkdir(directory, { recursive: true });
  for (const [seriesIndex, series] of seriesList.entries()) {
    const seriesUid = toSyntheticUid(`${seed}/${seriesIndex}`);
    seriesInstanceUids.push(seriesUid);
    const prefix = `IM-${String(seriesIndex + 1).padStart(4, '0')}-`;
    const folder = options.layout === 'by-series' ? join(directory, `series-${seriesIndex + 1}`) : directory;
    await mkdir(folder, { recursive: true });
    const pixels = toSyntheticPixels(`${seed}/${seriesIndex}`, series.rows ?? 64, series.columns ?? series.rows ?? 64);
    for (let index = 0; index < (series.instances ?? 3); index++) {
      if (files.length > 0 && options.fileDelayMs !== undefined) {
        await systemClock.sleep(options.fileDelayMs, options.signal);
      }
      options.signal?.throwIfAborted();
      const sopInstanceUid = toSyntheticUid(`${seed}/${seriesIndex}/${index}`);
      if (pixels.length >= 4) new DataView(pixels.buffer, pixels.byteOffset).setUint32(0, index, true);
      const path = join(folder, `${prefix}${String(index + 1).padStart(4, '0')}.dcm`);
      const attributes = {
        ...toStudyAttributes(options, study, seed),
        ...toSeriesAttributes(series, seriesIndex, seriesUid),
        ...toImageAttributes(series, index),
        SOPInstanceUID: sopInstanceUid,
        ...(pixels.length === 0 ? {} : { PixelData: pixels }),
      };
      await writeFile(path, toDicomFile(attributes, { syntax: options.syntax ?? 'explicit-le' }));
      files.push(path);
      sopInstanceUids.push(sopInstanceUid);
      options.onFile?.(path);
    }
  }
  return { files, studyInstanceUid: study, seriesInstanceUids, sopInstanceUids };
}

/** A UID under 2.25 (PS3.5 §B.2) that depends on the text alone. */
export function toSyntheticUid(text: string): string {
  const digest = createHash('sha256').update(`sendit synthetic ${text}`).digest('hex');
  return `2.25.${BigInt(`0x${digest.slice(0, 32)}`)}`;
}

function toStudyAttributes(options: SyntheticStudyOptions, study: string, seed: string): SyntheticAttributes {
  return {
    SpecificCharacterSet: 'ISO_IR 100',
    StudyDate: options.studyDate ?? '20240102',
    StudyTime: '101500',
    AccessionNumber: `SYN${seed}`.slice(0, 16),
    ReferringPhysicianName: 'SYNTHETIC^REFERRER',
    StudyDescription: 'SYNTHETIC STUDY',
    PatientName: options.patient?.name ?? 'SYNTHETIC^ONE',
    PatientID: options.patient?.id ?? 'SYN-0001',
    PatientBirthDate: '19700101',
    PatientSex: 'O',
    StudyInstanceUID: study,
    StudyID: 'SYN1',
    FrameOfReferenceUID: toSyntheticUid(`${seed}/frame`),
  };
}

function toSeriesAttributes(series: SyntheticSeries, index: number, uid: string): SyntheticAttributes {
  const modality = series.modality ?? 'CT';
  return {
    ImageType: 'ORIGINAL\\PRIMARY\\AXIAL',
    SOPClassUID: SOP_CLASSES[modality] ?? SECONDARY_CAPTURE,
    Modality: modality,
    Manufacturer: 'SENDIT SYNTHETIC',
    SeriesDescription: series.description ?? `SYNTHETIC ${modality} ${index + 1}`,
    BodyPartExamined: modality === 'MR' ? 'HEAD' : 'CHEST',
    ProtocolName: `SYNTHETIC ${modality}`,
    SliceThickness: '2.5',
    SeriesInstanceUID: uid,
    SeriesNumber: String(index + 1),
    AcquisitionNumber: '1',
  };
}

function toImageAttributes(series: SyntheticSeries, index: number): SyntheticAttributes {
  const rows = series.rows ?? 64;
  const position = (index * 2.5).toFixed(1);
  return {
    InstanceNumber: String(index + 1),
    ImagePositionPatient: `-125\\-125\\${position}`,
    ImageOrientationPatient: '1\\0\\0\\0\\1\\0',
    SliceLocation: position,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: rows,
    Columns: series.columns ?? rows,
    PixelSpacing: '0.5\\0.5',
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    WindowCenter: '40',
    WindowWidth: '400',
    RescaleIntercept: (series.modality ?? 'CT') === 'CT' ? '-1024' : '0',
    RescaleSlope: '1',
  };
}

/** Twelve-bit noise that depends on the text alone (xorshift32). */
function toSyntheticPixels(text: string, rows: number, columns: number): Uint8Array {
  const pixels = new Uint16Array(rows * columns);
  let state = createHash('sha256').update(text).digest().readUInt32LE(0) | 1;
  for (let index = 0; index < pixels.length; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    pixels[index] = state & 0x0fff;
  }
  return new Uint8Array(pixels.buffer);
}
