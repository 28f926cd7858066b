import { basename, dirname } from 'node:path';
import type { Settings } from '@sendit/config';
import { type FolderListing, toNameRules } from '@sendit/detector';
import { lookAtFolder, readWriters } from '@sendit/detector/node';
import { HeaderFacts, isCountExpected } from '@sendit/intake';
import { SenditError } from '@sendit/model';
import { type LeftAloneReason, readLeftAlone } from '../disk/left-alone.ts';
import { toSidecarNames } from '../disk/sidecar-names.ts';
import { readHeaders } from '../disk/unit-disk.ts';
import { type DirectoryExplanation, type Known, readKnown, tellSight, toKnownNotes } from './tell-sight.ts';

/** Of more files headers are read only where they are counted: doubts alone are not worth the wait. */
const MOST_HEADERS = 20_000;

/**
 * Looks at a directory and judges it as the watcher would, with what a running one knows of it: how it came, and since when it is unchanged.
 * @throws SenditError `not-found` when nothing is there.
 */
export async function explainDirectory(settings: Settings, path: string): Promise<DirectoryExplanation> {
  const { signal } = new AbortController();
  const known = await readKnown(settings, { ref: path, isPending: (one) => one.path === path });
  const watchPath = settings.watchPaths.find(({ folder }) => folder === dirname(path));
  const seen = await lookAtFolder(path, signal, {
    ...(watchPath === undefined ? {} : toSidecarNames(watchPath)),
    limits: settings.limits,
    names: toNameRules(watchPath),
  });
  const look = seen.listing;
  if (!look.exists && known.batch === undefined) {
    throw new SenditError(`There is nothing at ${path}.`, {
      code: 'not-found',
      hint: 'Give the directory as it stands in a watch path, for example /data/L123456.',
    });
  }
  const writers = look.isDirectory ? await readWriters(path, signal) : undefined;
  const isAsked = isCountExpected(look, undefined) || watchPath?.rules !== undefined;
  const isCounted = isAsked || look.files <= MOST_HEADERS;
  const dicom = look.isDirectory && isCounted ? await new HeaderFacts(readHeaders).read(path, seen, signal) : undefined;
  const listing = { ...look, ...(writers === undefined ? {} : { writers }), ...(dicom === undefined ? {} : { dicom }) };
  const told = tellSight(settings, { path, name: basename(path), listing, watchPath }, known);
  const alone = known.batch === undefined ? await readLeftAlone(path, watchPath, settings) : undefined;
  return {
    ...told,
    ...(alone === undefined ? {} : toSkipped(alone)),
    notes: toNotes(settings, path, known, look.ignored),
  };
}

/** A lasting obstacle overrides the rules' answer. */
function toSkipped({ reason, toFinish }: LeftAloneReason): Partial<DirectoryExplanation> {
  return { finished: false, outcome: 'skipped', grade: null, reason, recheckAt: null, toFinish: [toFinish] };
}

function toNotes(settings: Settings, path: string, known: Known, ignored: FolderListing['ignored']): readonly string[] {
  const isSealed = known.batch !== undefined && known.pending === undefined;
  const notes = [...toKnownNotes(known, isSealed)];
  if (isSealed) {
    notes.push(
      'What changes in it now is not processed; delete it and send it again to have it taken as the next generation.',
    );
    return notes;
  }
  if (!known.folders.includes(dirname(path))) {
    notes.push('It does not lie directly in a watch path that is known here; it is judged by the general settings.');
  }
  if (ignored !== undefined) {
    const { count, example } = ignored;
    notes.push(`${count} ${count === 1 ? 'name in it is' : 'names in it are'} ignored, such as ${example}.`);
  }
  return notes;
}
