import { type Arrival, isFinishedName } from '@sendit/detector';
import type { FileEvent } from '@sendit/model';
import { defineProcessor, type Handler, type Processor, type ProcessorContext } from './processor.ts';
import { withoutSlash } from './without-slash.ts';

/**
 * The seed's DicomCelery: tells every event of a direct child in two lines, and submits it to the intake where it is a directory under
 * a final name. Nothing is awaited between the lines, so that the transcript never interleaves.
 *
 * A loose file that is being written says MODIFY once, not thousands of times, until another event of it comes.
 */
export function DicomQueue(): Processor {
  let fileBeingWritten: string | undefined;

  const onEvent =
    (word: string, arrival: Arrival): Handler =>
    (event, context) => {
      if (!isDirectChild(event, context)) return;
      if (word === 'MODIFY' && !event.dir) {
        if (fileBeingWritten === event.name) return;
        fileBeingWritten = event.name;
      } else if (fileBeingWritten === event.name) {
        fileBeingWritten = undefined;
      }
      const finished = event.dir && isFinishedName(event.name);
      context.logger.log(`1|${word} EVENT: ${event.pathname}`);
      context.logger.log(`2|${finished ? 'FINISHED' : 'NOTFINISHED'}: ${event.pathname}`);
      if (!finished) return;
      const rawName = event.rawName === undefined ? {} : { rawName: event.rawName };
      context.submit({ name: event.name, path: event.pathname, arrival, ...rawName });
    };

  return defineProcessor(
    'DicomQueue',
    {
      IN_CREATE: onEvent('CREATE', 'created'),
      IN_MOVED_TO: onEvent('MOVEDTO', 'renamed'),
      IN_CLOSE_WRITE: onEvent('CLOSEWRITE', 'found'),
      IN_MODIFY: onEvent('MODIFY', 'found'),
    },
    { intake: true },
  );
}

function isDirectChild(event: FileEvent, { root }: ProcessorContext): boolean {
  return event.name !== '' && withoutSlash(event.path) === withoutSlash(root.path);
}
