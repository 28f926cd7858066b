import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { DicomFacts, SeriesFacts } from '@sendit/detector';
import type { Attributes, TagSpec } from '@sendit/dicom';
import { readHeaderFile } from '@sendit/dicom/node';

const TAGS = [
  { keyword: 'SOPInstanceUID', tag: 0x0008_0018, vr: 'UI' },
  { keyword: 'SeriesInstanceUID', tag: 0x0020_000e, vr: 'UI' },
  { keyword: 'InstanceNumber', tag: 0x0020_0013, vr: 'IS' },
  { keyword: 'ImagePositionPatient', tag: 0x0020_0032, vr: 'DS' },
  { keyword: 'ImageOrientationPatient', tag: 0x0020_0037, vr: 'DS' },
  { keyword: 'ImagesInAcquisition', tag: 0x0020_1002, vr: 'IS' },
  { keyword: 'NumberOfSlices', tag: 0x0054_0081, vr: 'US' },
] as const satisfies readonly TagSpec[];

type Header = Attributes<(typeof TAGS)[number]['keyword']>;

/** Beyond this many files headers are left unread: an explanation is for a person who waits. */
const MOST_FILES = 20_000;

/** What the headers of a folder say of its completeness; undefined where it has too many files. Values stay in memory and are not shown. */
export async function readDicomFacts(folder: string): Promise<DicomFacts | undefined> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((): Dirent[] => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  if (files.length > MOST_FILES) return undefined;
  const bySeries = new Map<string, Map<string, Header>>();
  const truncated: string[] = [];
  for (const file of files.sort()) {
    const { header } = readHeaderFile(file, { tags: TAGS, checkTruncation: true });
    if (header.kind === 'truncated') truncated.push(relative(folder, file));
    if (header.kind !== 'dicom' && header.kind !== 'truncated') continue;
    const { SeriesInstanceUID: series = '', SOPInstanceUID: instance = file } = header.attributes;
    const instances = bySeries.get(series) ?? new Map<string, Header>();
    bySeries.set(series, instances.set(instance, header.attributes));
  }
  const series = [...bySeries.values()].map((instances) => toSeriesFacts([...instances.values()]));
  const instances = series.reduce((sum, one) => sum + one.instances, 0);
  return { instances, truncated: truncated.length, example: truncated[0] ?? null, series };
}

function toSeriesFacts(headers: readonly Header[]): SeriesFacts {
  const first = (keyword: 'ImagesInAcquisition' | 'NumberOfSlices'): number | null =>
    headers.map((header) => toNumbers(header[keyword])[0]).find((value) => value !== undefined) ?? null;
  return {
    instances: headers.length,
    instanceNumbers: headers.flatMap(({ InstanceNumber }) => toNumbers(InstanceNumber).slice(0, 1)),
    imagesInAcquisition: first('ImagesInAcquisition'),
    numberOfSlices: first('NumberOfSlices'),
    slicePositions: toPositions(headers),
  };
}

/** Along the normal of the slices; none where they do not share one orientation, as those of a localizer. */
function toPositions(headers: readonly Header[]): readonly number[] {
  const orientations = new Set(headers.map(({ ImageOrientationPatient }) => ImageOrientationPatient ?? ''));
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f, more] = toNumbers([...orientations][0]);
  if (orientations.size !== 1 || f === undefined || more !== undefined) return [];
  const normal = [b * f - c * e, c * d - a * f, a * e - b * d];
  return headers.flatMap(({ ImagePositionPatient }) => {
    const position = toNumbers(ImagePositionPatient);
    if (position.length !== 3) return [];
    return [position.reduce((sum, value, axis) => sum + value * (normal[axis] ?? 0), 0)];
  });
}

function toNumbers(text: string | undefined): readonly number[] {
  const numbers = (text ?? '').split('\\').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  return numbers.every(Number.isFinite) ? numbers : [];
}
