import type { DicomFacts, SeriesFacts } from './facts.ts';
import type { HeaderFacts } from './units/unit-file.ts';

/** A file with a header, by any name that tells it from the others. */
export interface HeadedFile {
  readonly path: string;
  readonly header: HeaderFacts;
}

/**
 * Derives the facts about a delivery's completeness from its headers. The first of several files with one
 * SOPInstanceUID counts.
 */
export function toDicomFacts(files: readonly HeadedFile[]): DicomFacts {
  const bySeries = new Map<string, Map<string, HeaderFacts>>();
  for (const { path, header } of files) {
    const series = header.seriesInstanceUid ?? '';
    const instance = header.sopInstanceUid ?? path;
    const instances = bySeries.get(series) ?? new Map<string, HeaderFacts>();
    if (!instances.has(instance)) instances.set(instance, header);
    bySeries.set(series, instances);
  }
  const series = [...bySeries.values()].map((instances) => toSeriesFacts([...instances.values()]));
  const truncated = files.filter(({ header }) => !header.isWhole);
  return {
    instances: series.reduce((sum, one) => sum + one.instances, 0),
    truncated: truncated.length,
    example: truncated[0]?.path ?? null,
    series,
  };
}

function toSeriesFacts(headers: readonly HeaderFacts[]): SeriesFacts {
  const first = (keyword: 'imagesInAcquisition' | 'numberOfSlices'): number | null =>
    headers.find((header) => header[keyword] !== null)?.[keyword] ?? null;
  return {
    instances: headers.length,
    instanceNumbers: headers.flatMap(({ instanceNumber }) => (instanceNumber === null ? [] : [instanceNumber])),
    imagesInAcquisition: first('imagesInAcquisition'),
    numberOfSlices: first('numberOfSlices'),
    slicePositions: toPositions(headers),
  };
}

/** Along the normal of the slices; none where they do not share one orientation, as those of a localizer. */
function toPositions(headers: readonly HeaderFacts[]): readonly number[] {
  const orientations = new Set(headers.map(({ orientation }) => orientation));
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f, more] = ([...orientations][0] ?? '').split('\\').map(toNumber);
  if (orientations.size !== 1 || f === undefined || more !== undefined) return [];
  const normal = [b * f - c * e, c * d - a * f, a * e - b * d];
  if (!normal.every(Number.isFinite)) return [];
  return headers.flatMap(({ position }) => {
    if (position.length !== 3) return [];
    return [position.reduce((sum, value, axis) => sum + value * (normal[axis] ?? 0), 0)];
  });
}

function toNumber(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
