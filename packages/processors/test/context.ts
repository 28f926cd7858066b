import type { Candidate, ProcessorContext } from '../src/processor.ts';
import { createSignals } from '../src/signals.ts';
import { ManualClock, createRecordingLogger, type RecordingLogger } from '@sendit/testing';

/** A processor's context on `/data` that keeps what is submitted. */
export interface RecordingContext extends ProcessorContext {
  readonly logger: RecordingLogger;
  readonly clock: ManualClock;
  readonly submitted: readonly Candidate[];
}

export function createContext(): RecordingContext {
  const logger = createRecordingLogger();
  const submitted: Candidate[] = [];
  return {
    logger,
    clock: new ManualClock(),
    signal: new AbortController().signal,
    signals: createSignals(logger),
    root: { name: 'data', path: '/data' },
    submitted,
    submit: (candidate) => void submitted.push(candidate),
  };
}
