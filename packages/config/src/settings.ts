import type { OwnRules } from '@sendit/detector';
import type {
  Action,
  AlertRules,
  BatchEvent,
  BatchLimits,
  FindingPolicy,
  HealthLimits,
  LatePolicy,
  MessageLevel,
  Mode,
  StepAction,
} from '@sendit/model';
import type { LoadedCheck } from './check-schema.ts';
import type { LoadFlags } from './overrides.ts';
import type { UserPackages } from './module-loader.ts';
import type { Problem } from './problem.ts';
import type { ResolvedPaths } from './resolve-paths.ts';
import type { ParsedConfig, ParsedWatchPath } from './schema.ts';

export interface LoadRequest extends UserPackages {
  /** Absolute working directory: searched for the file, and where relative paths of flags and variables start. */
  readonly cwd: string;
  /** Searched for the file in place of `cwd`. */
  readonly searchFolder?: string | undefined;
  /** The configuration itself, as a file would export it; no file is looked for then, and relative paths start at `cwd`. */
  readonly config?: unknown;
  /** As given by `--config`; relative to `cwd`. */
  readonly configFile?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: LoadFlags;
  /** Names of the processors that need no module: `DicomQueue`, … */
  readonly builtInProcessors: readonly string[];
  /**
   * True by default. Commands that do not watch say false: then the folders need not be usable, and the modules of the user's processors
   * are not loaded (`value` is undefined).
   */
  readonly checkFolders?: boolean;
  /** Whether the modules of the worker's steps are loaded; by default where `checkFolders` is true. */
  readonly loadSteps?: boolean;
  /** Whether having no watch path is a problem; false by default. */
  readonly requireWatchPaths?: boolean;
  /** Further SENDIT_ variables that have a meaning elsewhere, so that they raise no warning. */
  readonly knownVariables?: readonly string[];
}

/** The settings, or every problem at once. Warnings are full sentences and stop nothing. */
export type LoadResult =
  | { readonly kind: 'ok'; readonly settings: Settings; readonly warnings: readonly string[] }
  | {
      readonly kind: 'invalid';
      readonly file: string | undefined;
      readonly problems: readonly Problem[];
      /**
       * From the valid parts: a running watcher can be queried and stopped whatever is wrong with its configuration.
       */
      readonly stopping: StopSettings;
    };

/** All that finding and stopping a watcher needs to know. */
export type StopSettings = Pick<
  Settings,
  'stateDir' | 'pidFile' | 'outFile' | 'errFile' | 'socketPath' | 'stopTimeoutMs'
>;

/** Settings that are as the schema returns them. */
type Kept =
  | 'databaseUrl'
  | 'redisUrl'
  | 'logFormat'
  | 'portal'
  | 'limits'
  | 'findings'
  | 'stopTimeoutMs'
  | 'quietMs'
  | 'testPrefix';

/**
 * The configuration with every default filled in and every path absolute. The schema alone says what a field is for. The two URLs may
 * hold a password: show them through the model's `redactUrl` only.
 */
export interface Settings extends Frozen<Required<Pick<ParsedConfig, Kept>>>, ResolvedPaths {
  readonly configFile: string | undefined;
  readonly watchPaths: readonly WatchPath[];
  /** How imports run. */
  readonly worker: WorkerSettings;
  /** Follows from the two URLs. */
  readonly mode: Mode;
  readonly messageLevel: MessageLevel;
  readonly logs: { readonly maxBytes: number; readonly keep: number };
  /** The channels in `rules` hold secrets: never show it as a whole. */
  readonly alerts: Omit<Frozen<ParsedConfig['alerts']>, 'channels'> & {
    readonly rules: AlertRules;
    readonly limits: HealthLimits;
  };
  /** Whether somebody set the port: then a taken one is an error, not a reason to move. */
  readonly portalPortExplicit: boolean;
  /** `portal.port` → `default`, `file sendit.config.ts`, `environment SENDIT_PORTAL_PORT` or `flag --portal-port`. */
  readonly sources: Readonly<Record<string, string>>;
}

/** How imports run. */
export interface WorkerSettings extends Frozen<Omit<ParsedConfig['worker'], 'checks' | 'steps'>> {
  /** Run in every import when all headers are read; none where modules were not to be loaded. */
  readonly checks: readonly LoadedCheck[];
  /** Done with every batch that is DONE, in order. */
  readonly steps: readonly StepAction[];
}

/** Fields of a watch path with another value in the settings than in the schema; the others are as the schema returns them. */
type Settled =
  | 'name'
  | 'events'
  | 'quietMs'
  | 'testPrefix'
  | 'late'
  | 'findings'
  | 'actions'
  | 'moveFailed'
  | BatchEvent;

/** One watched folder; `folder` is absolute, symbolic links not followed. */
export interface WatchPath extends Frozen<Omit<ParsedWatchPath, Settled>> {
  /** Identity of the root; unique. */
  readonly name: string;
  /** Normalised: `IN_CREATE | IN_MOVED_TO`. */
  readonly events: string;
  /** The same as bits. */
  readonly mask: number;
  /** As displayed: `@sendit/processors.DicomQueue`, or the user's own specifier. */
  readonly processor: string;
  readonly processorKind: ProcessorKind;
  /** Rules of the user's own, where `profile` names a module that could be loaded. */
  readonly rules: OwnRules | undefined;
  readonly quietMs: number;
  readonly testPrefix: string | false;
  readonly late: LatePolicy;
  /** The general ones. */
  readonly limits: BatchLimits;
  /** How findings are judged: its own word, before the general one. */
  readonly findings: FindingPolicy;
  /** Actions after DONE, in order. Contains secrets: never show it as a whole. */
  readonly actions: readonly Action[];
  /** Actions after ERROR and QUARANTINED: the move of `moveFailed`, or none. */
  readonly failedActions: readonly Action[];
  /** Actions of events, by their `on`. Contains secrets. */
  readonly eventActions: readonly Action[];
}

/** The same, read-only at every depth. */
type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T;

/** Set of rules that prove a directory complete. */
export type Profile = WatchPath['profile'];

/** How changes under a folder are seen. */
export type Backend = WatchPath['backend'];

/** A processor that sendit brings, or one of the user's. */
export type ProcessorKind =
  | { readonly kind: 'built-in'; readonly name: string }
  | {
      readonly kind: 'module';
      /** The file or package as written, without the export's name. */
      readonly specifier: string;
      /** `default`, or the name after `#`. */
      readonly exportName: string;
      /** The loaded export: a function or an object; undefined when modules were not to be loaded. */
      readonly value: unknown;
    };
