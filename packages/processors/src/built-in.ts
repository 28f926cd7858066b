import { AllEventsPrinter } from './all-events-printer.ts';
import { CreateViaChunksSignaler } from './create-via-chunks-signaler.ts';
import { DicomQueue } from './dicom-queue.ts';
import { AllEventsSignaler, CreateSignaler } from './event-signalers.ts';
import type { Processor } from './processor.ts';

/** The processors that need no module, by the name used in a configuration. Factories, since each watch path has its own state. */
export const BUILT_IN_PROCESSORS: Readonly<Record<string, () => Processor>> = {
  DicomQueue,
  AllEventsPrinter,
  AllEventsSignaler,
  CreateSignaler,
  CreateViaChunksSignaler,
};
