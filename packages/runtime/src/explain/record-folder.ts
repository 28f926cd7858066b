import { open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Arrival, type FolderListing, type RecordedStep, toRecordingLines } from '@sendit/detector';
import { lookAtFolder, type LookOptions, readWriters, type SidecarNames } from '@sendit/detector/node';
import { type FileEvent, IN, SenditError, silentLogger } from '@sendit/model';
import { openWatchSource } from '@sendit/watch';

/** The recorded folder, the output file and the interval. */
export interface RecordOptions {
  readonly folder: string;
  readonly out: string;
  readonly everyMs: number;
  readonly names: SidecarNames;
}

/** How the folder came, and when that was heard of. */
interface Came {
  readonly arrival: Arrival;
  readonly heardAt?: number | undefined;
}

const FOUND: Came = { arrival: 'found' };

/** How a recording went. */
export interface RecordResult {
  readonly out: string;
  readonly arrival: Arrival;
  readonly looks: number;
  readonly recordedMs: number;
}

/**
 * Looks at a folder again and again and writes what it sees, line by line, until aborted. A folder that is not there yet is waited for: then it
 * is known how it came. Every line is on its way to the disk when the next look begins.
 * @throws SenditError `bad-arguments` when the file is there already, `watch-failed` when the folder around it cannot be watched
 */
export async function recordFolder(options: RecordOptions, signal: AbortSignal): Promise<RecordResult> {
  const { everyMs, folder, names, out } = options;
  const parent = await openWatchSource({
    path: dirname(folder),
    mask: IN.IN_CREATE | IN.IN_MOVED_TO,
    backend: 'auto',
    logger: silentLogger,
  });
  await using _parent = parent;
  const first = await lookAtFolder(folder, signal);
  const came = first.listing.exists ? FOUND : await toArrival(parent.events(signal), folder);
  await using file = await open(out, 'wx').catch((cause: unknown) => {
    throw new SenditError(`Expected to create ${out}, that was not possible.`, {
      code: 'bad-arguments',
      hint: 'Name a file that is not there yet, in a folder that can be written.',
      cause,
    });
  });
  const startedAt = performance.now();
  let before: FolderListing | undefined;
  let looks = 0;
  while (!signal.aborted && came !== undefined) {
    const step = await look(folder, { names: { ...names, renamedAt: came.heardAt }, startedAt, signal });
    if (step === undefined) break;
    const recording = {
      sight: { name: basename(folder), arrival: came.arrival },
      source: 'live',
      steps: [step],
    } as const;
    const [head, line] = toRecordingLines(recording);
    if (before === undefined) await file.appendFile(`${head}\n`);
    const isSame = before !== undefined && JSON.stringify(before) === JSON.stringify(step.listing);
    await file.appendFile(isSame ? `{"kind":"same","at":${step.at}}\n` : `${line}\n`);
    before = step.listing;
    looks += 1;
    await setTimeout(everyMs, undefined, { signal }).catch(() => undefined);
  }
  return { out, arrival: came?.arrival ?? 'found', looks, recordedMs: Math.round(performance.now() - startedAt) };
}

async function look(
  folder: string,
  {
    names,
    signal,
    startedAt,
  }: { readonly names: LookOptions; readonly signal: AbortSignal; readonly startedAt: number },
): Promise<(RecordedStep & { readonly kind: 'look' }) | undefined> {
  try {
    const { listing } = await lookAtFolder(folder, signal, names);
    const writers = listing.isDirectory ? await readWriters(folder, signal) : undefined;
    const at = Math.round(performance.now() - startedAt);
    return { kind: 'look', at, listing: writers === undefined ? listing : { ...listing, writers } };
  } catch (thrown) {
    if (signal.aborted) return undefined;
    throw thrown;
  }
}

/** Waits for the folder; undefined when aborted before it came. */
async function toArrival(events: AsyncIterable<FileEvent>, folder: string): Promise<Came | undefined> {
  for await (const { heardAt, mask, name } of events) {
    if (name !== basename(folder)) continue;
    return (mask & IN.IN_MOVED_TO) === 0 ? { arrival: 'created' } : { arrival: 'renamed', heardAt };
  }
  return undefined;
}
