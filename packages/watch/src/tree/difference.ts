import type { DirNode } from './dir-node.ts';
import type { Listing } from './list-directory.ts';

/** Entries that a listing shows and no event has reported. */
export interface Difference {
  readonly goneDirs: readonly DirNode[];
  readonly goneFiles: readonly string[];
  readonly newDirs: readonly string[];
  readonly newFiles: readonly string[];
}

/** Compares a listing with what is known of a directory, but for the names in `touched`: of those, later records told. */
export function toDifference(node: DirNode, listing: Listing, touched: ReadonlySet<string>): Difference {
  const { children, files } = node;
  const dirs = children === undefined || children.size === 0 ? undefined : new Set(listing.dirs);
  return {
    goneDirs:
      dirs === undefined
        ? NOTHING
        : [...(children?.values() ?? [])].filter(({ key }) => !dirs.has(key) && !touched.has(key)),
    goneFiles: files === undefined || files.size === 0 ? NOTHING : missing(files, listing.files, touched),
    newDirs:
      listing.dirs.length === 0
        ? NOTHING
        : listing.dirs.filter((key) => children?.has(key) !== true && !touched.has(key)),
    newFiles: toNewFiles(node, listing.files, touched),
  };
}

/** Most directories of a burst hold a few files and no more. */
const NOTHING: readonly never[] = [];

function missing(known: ReadonlySet<string>, listed: readonly string[], touched: ReadonlySet<string>): string[] {
  const there = new Set(listed);
  return [...known].filter((key) => !there.has(key) && !touched.has(key));
}

/** All of them where nothing was told yet; none where files are not remembered, since they may have been told. */
function toNewFiles(node: DirNode, listed: readonly string[], touched: ReadonlySet<string>): readonly string[] {
  const { files } = node;
  if (files !== undefined) return listed.filter((key) => !files.has(key) && !touched.has(key));
  if (node.listed) return [];
  return touched.size === 0 ? listed : listed.filter((key) => !touched.has(key));
}
