import type { MissedNames } from './sources/missed-names.ts';
import type { EventSource, SourceStatus } from './ports.ts';

/** State of one watch path. Live: reading it later tells the state then; a copy (`{...state}`) stays. */
export interface WatchPathState {
  /** Backend of the open source; `none` when the folder cannot be watched. */
  readonly backend: string;
  /** Why this backend, or null. */
  readonly backendReason: string | null;
  readonly overflows: number;
  /** Entries that a scan after the first one, or the source's own, found without any event. */
  readonly foundByRescan: number;
  /** Why it is not watched now, or null. */
  readonly problem: string | null;
  /** Current shortages of the open source, and what to do. */
  readonly problems: readonly string[];
}

export interface OpenState {
  source: EventSource | undefined;
  problem: string | null;
  overflows: number;
  /** By sources that were open before. */
  foundBefore: number;
}

/** The state as it is whenever it is read. */
export function toLiveState(state: OpenState, missed: MissedNames): WatchPathState {
  return {
    get backend() {
      return state.source?.backend ?? 'none';
    },
    get backendReason() {
      return state.source?.reason ?? null;
    },
    get overflows() {
      return state.overflows;
    },
    get foundByRescan() {
      return missed.count + state.foundBefore + (state.source?.status().foundByRescan ?? 0);
    },
    get problem() {
      return state.problem;
    },
    get problems() {
      return state.source?.status().problems.map(toSentence) ?? [];
    },
  };
}

/** How many, why, and what to do; their names stay out of it. */
function toSentence({ code, directories, hint }: SourceStatus['problems'][number]): string {
  return `${directories} ${directories === 1 ? 'directory' : 'directories'} cannot be watched (${code}). ${hint}`;
}
