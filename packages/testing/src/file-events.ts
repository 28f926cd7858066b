import { type EventName, type FileEvent, type FileEventParts, IN, IN_ISDIR, toFileEvent } from '@sendit/model';

/** An event of a directory right below the watch path, or of the watch path itself where the name is empty. */
export function dirEvent(event: EventName, name: string, over: Partial<FileEventParts> = {}): FileEvent {
  return toFileEvent({ wd: 1, mask: IN[event] | IN_ISDIR, path: '/data', name, ...over });
}

/** The same of a file. */
export function fileEvent(event: EventName, name: string, over: Partial<FileEventParts> = {}): FileEvent {
  return toFileEvent({ wd: 1, mask: IN[event], path: '/data', name, ...over });
}
