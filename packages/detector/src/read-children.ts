import { isUtf8 } from 'node:buffer';
import { readdir, stat } from 'node:fs/promises';
import { requireErrno } from './errno.ts';

/** One directory right below a folder. */
export interface ChildDirectory {
  /** Bytes that are not UTF-8 become U+FFFD. */
  readonly name: string;
  /** The name's bytes where it is not valid UTF-8. */
  readonly rawName?: Uint8Array;
}

/** The direct children of a folder, or the errno name of why it cannot be read. */
export type ChildrenListing =
  | {
      readonly kind: 'listing';
      /** Changes when another directory or file system takes the folder's place. */
      readonly identity: string;
      readonly directories: readonly ChildDirectory[];
      /** Names of the regular files right below it, those that are valid UTF-8. */
      readonly files: readonly string[];
    }
  | { readonly kind: 'unreadable'; readonly code: string };

/** Lists the directories and files right below a folder; symbolic links are left out. @throws the signal's reason when aborted. */
export async function readChildren(folder: string, signal: AbortSignal): Promise<ChildrenListing> {
  signal.throwIfAborted();
  try {
    const { dev, ino } = await stat(folder, { bigint: true });
    const entries = await readdir(folder, { encoding: 'buffer', withFileTypes: true });
    const directories = entries.filter((entry) => entry.isDirectory()).map((entry) => toChild(entry.name));
    const files = entries.flatMap((entry) => (entry.isFile() && isUtf8(entry.name) ? [entry.name.toString()] : []));
    return { kind: 'listing', identity: `${dev}:${ino}`, directories, files };
  } catch (error) {
    return { kind: 'unreadable', code: requireErrno(error) };
  }
}

function toChild(rawName: Buffer): ChildDirectory {
  const name = rawName.toString('utf8');
  return isUtf8(rawName) ? { name } : { name, rawName };
}
