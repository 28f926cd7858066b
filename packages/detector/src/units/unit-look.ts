import { createHash } from 'node:crypto';
import type { FolderSignature } from '@sendit/model';
import { toDicomFacts } from '../dicom-facts.ts';
import type { FolderListing } from '../facts.ts';
import type { FolderLook } from '../read-folder.ts';
import { toArrival } from './unit-arrival.ts';
import type { UnitFile } from './unit-file.ts';
import type { FileUnitKind } from './unit-key.ts';

/** A look at a unit, as of its files, in any order: what a look at a folder is for a directory. Paths are below the watch path. */
export function toUnitLook(files: readonly UnitFile[], unit: FileUnitKind): FolderLook {
  const sorted = [...files].sort((one, other) => Buffer.compare(Buffer.from(one.path), Buffer.from(other.path)));
  return {
    listing: toListing(sorted, unit),
    files: sorted.map(({ path, stamp: { bornNs, bytes, ctimeNs: changedNs, inode, mtimeNs } }) => ({
      path,
      bytes,
      mtimeNs,
      inode,
      ...(bornNs === undefined ? {} : { bornNs }),
      changedNs,
    })),
    signature: toSignature(sorted),
  };
}

/**
 * Tells of a unit whether others took the place of its files: by their times of birth, else by their inodes. It stands where a directory has the
 * stamps of its directories.
 */
function toSignature(sorted: readonly UnitFile[]): FolderSignature {
  const files = createHash('sha256');
  for (const { path, stamp } of sorted) files.update(`${path}\0${stamp.bornNs ?? stamp.inode}\n`);
  return { identity: '', directories: [['', files.digest('hex')]] };
}

function toListing(sorted: readonly UnitFile[], unit: FileUnitKind): FolderListing {
  const manifest = createHash('sha256');
  const snapshot = createHash('sha256');
  let bytes = 0;
  let newest: UnitFile | undefined;
  for (const file of sorted) {
    const { path, stamp } = file;
    manifest.update(`${path}\0${stamp.bytes}\0${stamp.mtimeNs}\n`);
    snapshot.update(`${path}\0${stamp.device}\0${stamp.inode}\0${stamp.bytes}\0${stamp.mtimeNs}\0${stamp.ctimeNs}\n`);
    bytes += stamp.bytes;
    if (newest === undefined || stamp.ctimeNs > newest.stamp.ctimeNs) newest = file;
  }
  const headed = sorted.flatMap(({ path, sighting }) =>
    sighting.kind === 'header' ? [{ path, header: sighting.header }] : [],
  );
  return {
    exists: sorted.length > 0,
    isDirectory: true,
    files: sorted.length,
    bytes,
    manifestDigest: manifest.digest('hex'),
    snapshotDigest: snapshot.digest('hex'),
    newestCtimeMs: newest === undefined ? null : Number(newest.stamp.ctimeNs / 1_000_000n),
    unreadable: 0,
    problemCodes: [],
    newestPath: newest?.path ?? null,
    arrival: toArrival(sorted, unit),
    renamedFiles: sorted.filter(({ broughtBy }) => broughtBy !== null).length,
    dicom: toDicomFacts(headed),
  };
}
