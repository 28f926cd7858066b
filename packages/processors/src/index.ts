export { AllEventsPrinter, toEventWords } from './all-events-printer.ts';
export { BUILT_IN_PROCESSORS } from './built-in.ts';
export { CreateViaChunksSignaler } from './create-via-chunks-signaler.ts';
export { DicomQueue } from './dicom-queue.ts';
export { AllEventsSignaler, CreateSignaler } from './event-signalers.ts';
export {
  type Candidate,
  defineProcessor,
  type Handler,
  type Handlers,
  type Processor,
  type ProcessorContext,
} from './processor.ts';
export { createSignals, type Receiver, type Signal, type Signalled, type Signals, signalOf } from './signals.ts';
export { type ToProcessorResult, toProcessor } from './to-processor.ts';
export { withoutSlash } from './without-slash.ts';
