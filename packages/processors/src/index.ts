export { AllEventsPrinter, toEventWords } from './all-events-printer.ts';
export { BUILT_IN_PROCESSORS } from './built-in.ts';
export { CreateViaChunksSignaler } from './create-via-chunks-signaler.ts';
export { DicomQueue } from './dicom-queue.ts';
export { AllEventsSignaler, CreateSignaler } from './event-signalers.ts';
export { createIntake } from './intake.ts';
export type { Intake, IntakeDeps, IntakeWatchPath } from './intake-port.ts';
export type { BatchStore, EventSource, KnownBatch, NoteStore } from './ports.ts';
export {
  type Candidate,
  defineProcessor,
  type Handler,
  type Handlers,
  type Processor,
  type ProcessorContext,
} from './processor.ts';
export type { ScanOutcome } from './scanner.ts';
export type { PendingCandidate } from './sealer.ts';
export { createSignals, type Receiver, type Signal, type Signalled, type Signals, signalOf } from './signals.ts';
export { isTestName } from './test-name.ts';
export { toRules } from './to-rules.ts';
export { type ToProcessorResult, toProcessor } from './to-processor.ts';
export { runWatchPath, type WatchPathDeps } from './watch-path.ts';
export type { WatchPathState } from './watch-path-state.ts';
export type { SidecarRequest, UnitDisk } from './units/unit-disk.ts';
export { OWN_READING_MASK, UNIT_MASK } from './units/unit-events.ts';
export { lookAtUnit, type UnitLook, type UnitLookDeps } from './units/unit-look.ts';
export { type TreeScan, UnitTree, type UnitTreeDeps } from './units/unit-tree.ts';
export { WantedNames } from './wanted-names.ts';
