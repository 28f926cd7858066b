import { type Arrival, type FolderListing, type FolderSight, isArrival } from './facts.ts';
import type { RecordedStep } from './replay.ts';
import { isFinishedName } from './rules/name.ts';

/** The life of one folder, as it was seen. */
export interface Recording {
  readonly sight: FolderSight;
  /** `live`: looks of a recorder; `reconstructed`: from the times of the files that are there now. */
  readonly source: 'live' | 'reconstructed';
  /** In the order of time; ms since the first. */
  readonly steps: readonly RecordedStep[];
}

/** The recording, or which line is wrong and how. */
export type ParsedRecording =
  | { readonly kind: 'recording'; readonly recording: Recording }
  | { readonly kind: 'invalid'; readonly reason: string };

const FORMAT = 'sendit-recording';

/**
 * A recording as lines of JSON, without names and without header values. The first line is
 * `{"format":"sendit-recording","version":1,"source":"live","arrival":"created","isFinalName":true}`, the others are steps, each with `at` in ms:
 *
 * {"kind":"look","at":0,"listing":{…}}   a look, with what it saw
 * {"kind":"same","at":500}               a look that saw the same as the one before
 * {"kind":"change","at":700}             an event spoke of a change
 */
export function* toRecordingLines({ sight, source, steps }: Recording): Generator<string> {
  const { arrival, name } = sight;
  yield JSON.stringify({ format: FORMAT, version: 1, source, arrival, isFinalName: isFinishedName(name) });
  let before: string | undefined;
  for (const step of steps) {
    const listing = step.kind === 'look' ? JSON.stringify(withoutNames(step.listing)) : undefined;
    if (listing === undefined) yield JSON.stringify(step);
    else if (listing === before) yield JSON.stringify({ kind: 'same', at: step.at });
    else yield `{"kind":"look","at":${step.at},"listing":${listing}}`;
    before = listing ?? before;
  }
}

/** Reads the lines of {@link toRecordingLines}; a last line that is cut is left out: the recorder was killed. */
export function parseRecording(text: string): ParsedRecording {
  const lines = text.split('\n');
  const isCut = lines.at(-1) !== '';
  const [first = '', ...rest] = lines.slice(0, -1);
  const head = parseJson(isCut && lines.length === 1 ? '' : first);
  const arrival = readField(head, 'arrival');
  if (readField(head, 'format') !== FORMAT || readField(head, 'version') !== 1 || !isArrival(arrival)) {
    return { kind: 'invalid', reason: `line 1: expected {"format":"${FORMAT}","version":1,"arrival":…}` };
  }
  const steps: RecordedStep[] = [];
  let listing: FolderListing | undefined;
  for (const [index, line] of rest.entries()) {
    const step = parseJson(line);
    const [kind, at, seen] = [readField(step, 'kind'), readField(step, 'at'), readField(step, 'listing')];
    const isInOrder = typeof at === 'number' && at >= (steps.at(-1)?.at ?? -Infinity);
    if (kind === 'look' && isListing(seen)) listing = seen;
    const known = kind === 'change' || (kind === 'look' && isListing(seen)) || kind === 'same';
    if (!isInOrder || !known || (kind === 'same' && listing === undefined)) {
      return {
        kind: 'invalid',
        reason: `line ${index + 2}: expected a look, a same or a change, in the order of \`at\``,
      };
    }
    if (kind === 'change' || listing === undefined) steps.push({ kind: 'change', at });
    else steps.push({ kind: 'look', at, listing });
  }
  const name = readField(head, 'isFinalName') === false ? 'folder.tmp' : 'folder';
  const source = readField(head, 'source') === 'reconstructed' ? 'reconstructed' : 'live';
  return { kind: 'recording', recording: { sight: { name, arrival: arrival satisfies Arrival }, source, steps } };
}

/** Names of files may say who the patient is, and headers do. */
function withoutNames(listing: FolderListing): FolderListing {
  const { dicom, manifest, marker, siblings, writers, ...seen } = listing;
  return {
    ...seen,
    newestPath: null,
    ...(siblings && { siblings: { ...siblings, example: null } }),
    ...(marker && { marker: marker.kind === 'found' ? { ...marker, name: 'marker' } : marker }),
    ...(manifest && { manifest: withoutExample(manifest) }),
    ...(writers && { writers: writers.kind === 'open' ? { ...writers, example: '' } : writers }),
    ...(dicom && { dicom: { ...dicom, example: null, series: [] } }),
  };
}

function withoutExample(manifest: NonNullable<FolderListing['manifest']>): NonNullable<FolderListing['manifest']> {
  if (manifest.kind === 'absent') return manifest;
  return manifest.kind === 'compared'
    ? { ...manifest, name: 'manifest', example: null }
    : { ...manifest, name: 'manifest' };
}

function isListing(value: unknown): value is FolderListing {
  return typeof readField(value, 'snapshotDigest') === 'string' && typeof readField(value, 'exists') === 'boolean';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readField(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
}
