import { type FileEvent, IN } from '@sendit/model';
import { withoutSlash } from '@sendit/processors';

const GONE = IN.IN_DELETE_SELF | IN.IN_MOVE_SELF | IN.IN_UNMOUNT | IN.IN_IGNORED;
const CAME = IN.IN_CREATE | IN.IN_MOVED_TO;

/** Every event by which a directory leaves: without them one would stay listed under a name that it has no more. */
export const LEAVING_MASK = IN.IN_MOVED_FROM | IN.IN_DELETE;

/** Whether an event says that the watch path itself is not there any more. */
export function isRootGone({ mask, name, path }: FileEvent, folder: string): boolean {
  return (mask & GONE) !== 0 && name === '' && withoutSlash(path) === folder;
}

/** Whether a directory right below the watch path came or left by this event. */
export function toChildChange({ dir, mask, name, path }: FileEvent, folder: string): 'came' | 'left' | undefined {
  if (!dir || name === '' || withoutSlash(path) !== folder) return undefined;
  if ((mask & LEAVING_MASK) !== 0) return 'left';
  return (mask & CAME) === 0 ? undefined : 'came';
}
