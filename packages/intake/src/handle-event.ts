import { type FileEvent, toErrorName, toThrownText } from '@sendit/model';
import type { Processor, ProcessorContext } from '@sendit/processors';

/** Passes an event to the processor. An error is logged and stops nothing. */
export async function handleEvent(event: FileEvent, processor: Processor, context: ProcessorContext): Promise<void> {
  const { logger, root } = context;
  try {
    await processor.handle(event, context);
  } catch (thrown) {
    const fields = { processor: processor.name, root: root.name };
    logger.error('A processor failed on an event; the watcher goes on', {
      ...fields,
      event: event.maskname,
      error: toErrorName(thrown),
    });
    // Its words may hold names of what lands: those belong on stdout, with the transcript.
    logger.info(`The processor said: ${toThrownText(thrown)}`, fields);
  }
}
