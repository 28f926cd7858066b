import type { FileEvent } from '@sendit/model';
import { defineProcessor, type Processor } from './processor.ts';

/** Logs every event as pyinotify prints one. */
export function AllEventsPrinter(): Processor {
  return defineProcessor('AllEventsPrinter', {
    default: (event, { logger }) => logger.log(toEventWords(event)),
  });
}

/** pyinotify's `repr`: `<Event dir=True mask=0x40000100 maskname=IN_CREATE|IN_ISDIR name=x path=/data pathname=/data/x wd=1 >`. */
export function toEventWords(event: FileEvent): string {
  const words: readonly (readonly [string, string | number | undefined])[] = [
    ['cookie', event.cookie],
    ['dir', event.dir ? 'True' : 'False'],
    ['mask', `0x${event.mask.toString(16)}`],
    ['maskname', event.maskname],
    ['name', event.name === '' ? "''" : event.name],
    ['path', event.path],
    ['pathname', event.pathname],
    ['src_pathname', event.srcPathname],
    ['wd', event.wd],
  ];
  const told = words.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  return `<Event ${told.join(' ')} >`;
}
