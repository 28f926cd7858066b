import type { NameRules } from '@sendit/detector';
import { type FileEvent, IN } from '@sendit/model';
import { withoutSlash } from '@sendit/processors';
import { LEAVING_MASK } from '../root-events.ts';

/** Meaning of an event for the units of a watch path; paths are relative to it. */
export type UnitEvent =
  /** A file, or a directory with all below it, is not there any more. */
  | { readonly kind: 'left'; readonly path: string }
  /** A directory was renamed into place; `heardAt` as in the event. */
  | { readonly kind: 'brought'; readonly path: string; readonly heardAt: number | undefined }
  /** A file is there, whole or not. */
  | { readonly kind: 'file'; readonly path: string }
  /** A file is being written. */
  | { readonly kind: 'written'; readonly path: string }
  /** A name that is not final is there. */
  | { readonly kind: 'unfinished'; readonly path: string };

const CAME = IN.IN_CREATE | IN.IN_MOVED_TO;

/** Every event that units need from a watch. */
export const UNIT_MASK = LEAVING_MASK | CAME | IN.IN_CLOSE_WRITE;

/** Raised by reading headers: a watch for units leaves them out. */
export const OWN_READING_MASK = IN.IN_OPEN | IN.IN_ACCESS | IN.IN_CLOSE_NOWRITE;

/** Undefined where it means nothing: of the watch path itself, of what is not looked into, of directories that only came to be. */
export function toUnitEvent(folder: string, names: NameRules, event: FileEvent): UnitEvent | undefined {
  const root = withoutSlash(folder);
  if (event.name === '' || event.rawName !== undefined || !`${event.pathname}/`.startsWith(`${root}/`))
    return undefined;
  const path = event.pathname.slice(root.length + (root.endsWith('/') ? 0 : 1));
  if (names.isBelowIgnored(path) || names.isBelowArriving(path)) return undefined;
  if ((event.mask & LEAVING_MASK) !== 0) return { kind: 'left', path };
  const came = (event.mask & CAME) !== 0;
  if (names.isArriving(path)) return came ? { kind: 'unfinished', path } : undefined;
  if (event.dir) {
    return (event.mask & IN.IN_MOVED_TO) === 0 ? undefined : { kind: 'brought', path, heardAt: event.heardAt };
  }
  if (came || (event.mask & IN.IN_CLOSE_WRITE) !== 0) return { kind: 'file', path };
  return (event.mask & IN.IN_MODIFY) === 0 ? undefined : { kind: 'written', path };
}
