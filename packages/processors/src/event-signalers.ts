import { type FileEvent, toEventName } from '@sendit/model';
import { defineProcessor, type Processor, type ProcessorContext } from './processor.ts';
import { signalOf } from './signals.ts';

/** Sends one signal per event, named by its type: `in_access`, `in_create`, … */
export function AllEventsSignaler(): Processor {
  return defineProcessor('AllEventsSignaler', {
    default: (event, context) => {
      const eventName = toEventName(event.mask);
      if (eventName === undefined) return;
      signalOf(context.signals, eventName).send(toSignalled('AllEventsSignaler', event, context));
    },
  });
}

/** Sends `in_create` once per IN_CREATE. */
export function CreateSignaler(): Processor {
  return defineProcessor('CreateSignaler', {
    IN_CREATE: (event, context) => context.signals.in_create.send(toSignalled('CreateSignaler', event, context)),
  });
}

function toSignalled(
  sender: string,
  event: FileEvent,
  { root }: ProcessorContext,
): { sender: string; root: string; event: FileEvent } {
  return { sender, root: root.name, event };
}
