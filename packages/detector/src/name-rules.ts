import picomatch from 'picomatch';
import { isArrivingName } from './arriving-name.ts';

/**
 * Names that are never a delivery, nor part of one, at any depth: trash (freedesktop.org, macOS, Windows, Synology, QNAP), snapshots and old
 * versions (NetApp, ZFS, Btrfs, Synology, Syncthing, Resilio), thumbnails and indexes of a NAS or an operating system, what fsck found, and
 * what NFS keeps of deleted files that are still open, and what a move of ours sets aside.
 */
export const DEFAULT_IGNORE: readonly string[] = [
  '.Trash',
  '.Trash-*',
  '.Trashes',
  '$RECYCLE.BIN',
  'RECYCLER',
  '#recycle',
  '@Recycle',
  '.recycle',
  '.snapshot',
  '.snapshots',
  '~snapshot',
  '#snapshot',
  '@Recently-Snapshot',
  '.zfs',
  '.stversions',
  '.stfolder',
  '.sync',
  '.SyncArchive',
  '@eaDir',
  '@tmp',
  '.@__thumb',
  '.Spotlight-V100',
  '.fseventsd',
  '.TemporaryItems',
  '.DocumentRevisions-V100',
  '.AppleDB',
  '.AppleDouble',
  '.AppleDesktop',
  'Network Trash Folder',
  'Temporary Items',
  'System Volume Information',
  'lost+found',
  '.nfs[0-9a-fA-F]*',
  '.sendit-*',
];

/** Globs of one watch path. One without a slash is held against names at any depth, one with a slash against the path below the watch path. */
export interface NamePatterns {
  /** Beside {@link DEFAULT_IGNORE}; `!glob` takes what it matches out again. */
  readonly ignore?: readonly string[] | undefined;
  /** Names of what still arrives, beside those that `isArrivingName` knows. */
  readonly arrivingNames?: readonly string[] | undefined;
}

/** Meaning of names below a watch path. Paths are relative to it, without a slash at either end. */
export interface NameRules {
  /** The last name of the path is ignored; whoever descends asks at each step. */
  readonly isIgnored: (path: string) => boolean;
  /** It, or a directory that it lies in, is ignored. */
  readonly isBelowIgnored: (path: string) => boolean;
  /** A directory that it lies in is not final. */
  readonly isBelowArriving: (path: string) => boolean;
  /** It is not final, or lies in a directory of parts. */
  readonly isArriving: (path: string) => boolean;
  /** Its last name matches a pattern of {@link NamePatterns.arrivingNames}. */
  readonly isNamedArriving: (path: string) => boolean;
}

/** Compiles the patterns. */
export function toNameRules({ arrivingNames = [], ignore = [] }: NamePatterns = {}): NameRules {
  const isListed = toMatcher([...DEFAULT_IGNORE, ...ignore.filter((glob) => !glob.startsWith('!'))]);
  const isException = toMatcher(ignore.flatMap((glob) => (glob.startsWith('!') ? [glob.slice(1)] : [])));
  const isNamedArriving = toMatcher(arrivingNames);
  const isIgnored = (path: string): boolean => isListed(path) && !isException(path);
  const isArriving = (path: string): boolean => isArrivingName(path) || isNamedArriving(path);
  return {
    isIgnored,
    isBelowIgnored: (path) => toPrefixes(path).some(isIgnored),
    isBelowArriving: (path) => toPrefixes(path).slice(0, -1).some(isArriving),
    isArriving,
    isNamedArriving,
  };
}

/** Rules of a watch path without its own patterns. */
export const DEFAULT_NAMES: NameRules = toNameRules();

/** Plain names are looked up, so that a walk pays only for real globs. */
function toMatcher(globs: readonly string[]): (path: string) => boolean {
  const isPlain = (glob: string): boolean => !glob.includes('/') && !/[*?[\]{}()!\\]/.test(glob);
  const names = new Set(globs.filter(isPlain));
  const others = globs.filter((glob) => !isPlain(glob));
  const ofNames = others.filter((glob) => !glob.includes('/')).map(compile);
  const ofPaths = others.filter((glob) => glob.includes('/')).map((glob) => compile(glob.replace(/^\//, '')));
  return (path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return names.has(name) || ofNames.some((matches) => matches(name)) || ofPaths.some((matches) => matches(path));
  };
}

function compile(glob: string): (text: string) => boolean {
  return picomatch(glob, { dot: true });
}

function toPrefixes(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
