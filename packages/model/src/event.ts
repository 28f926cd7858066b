import { IN, IN_ISDIR, toMaskname } from './mask.ts';

/**
 * One file-system event in pyinotify's words. Events are hints: the folder listing and the database are the truth.
 * Paths are absolute; names that are not UTF-8 carry U+FFFD here and their bytes in `rawName`.
 */
export interface FileEvent {
  /** Base name within the watched directory; empty when the event concerns the watched directory itself. */
  readonly name: string;
  /** `IN_CREATE|IN_ISDIR` and the like, from `mask`. */
  readonly maskname: string;
  /** Watch descriptor; the backends without one number their watches from 1. */
  readonly wd: number;
  readonly dir: boolean;
  /** The watched directory. */
  readonly path: string;
  /** `path` joined with `name`. */
  readonly pathname: string;
  /** Event bit plus IN_ISDIR, unsigned 32 bit. */
  readonly mask: number;
  /** Joins the two halves of a rename; only on IN_MOVED_FROM and IN_MOVED_TO. */
  readonly cookie?: number;
  /** Where a moved entry was; only on an IN_MOVED_TO whose other half was seen under the same watch path. */
  readonly srcPathname?: string;
  /** The name's bytes where it is not valid UTF-8. */
  readonly rawName?: Uint8Array;
  /** When the kernel's record was read, ms since the epoch; only on an IN_MOVED_TO of a directory: what came later it did not bring. */
  readonly heardAt?: number;
}

/** Fields that a backend supplies for an event; the rest is derived. */
export interface FileEventParts {
  readonly wd: number;
  readonly mask: number;
  readonly path: string;
  readonly name: string;
  readonly cookie?: number | undefined;
  readonly srcPathname?: string | undefined;
  readonly rawName?: Uint8Array | undefined;
  readonly heardAt?: number | undefined;
}

/** Completes an event record: `dir`, `maskname` and `pathname` follow from the parts. */
export function toFileEvent(parts: FileEventParts): FileEvent {
  const mask = parts.mask >>> 0;
  const event: { -readonly [Key in keyof FileEvent]: FileEvent[Key] } = {
    name: parts.name,
    maskname: toMaskname(mask),
    wd: parts.wd,
    dir: (mask & IN_ISDIR) !== 0,
    path: parts.path,
    pathname: parts.name === '' ? parts.path : `${parts.path === '/' ? '' : parts.path}/${parts.name}`,
    mask,
  };
  // Set one by one rather than spread: a burst makes a hundred thousand of these.
  if (parts.cookie !== undefined) event.cookie = parts.cookie;
  if (parts.srcPathname !== undefined) event.srcPathname = parts.srcPathname;
  if (parts.rawName !== undefined) event.rawName = parts.rawName;
  if (parts.heardAt !== undefined && event.dir && (mask & IN.IN_MOVED_TO) !== 0) event.heardAt = parts.heardAt;
  return event;
}
