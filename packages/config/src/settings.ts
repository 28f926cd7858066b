import type {
  Action,
  BatchLimits,
  FindingPolicy,
  HashAlgorithm,
  HashScope,
  LatePolicy,
  MessageLevel,
  Mode,
  UnitKind,
} from '@sendit/model';
import type { LoadFlags } from './overrides.ts';
import type { Problem } from './problem.ts';

export interface LoadRequest {
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
  /** Whether having no watch path is a problem; false by default. */
  readonly requireWatchPaths?: boolean;
  /** Modules that the user's files may import although they are not installed beside them: `{'@sendit/processors': …}`. */
  readonly modules?: Readonly<Record<string, unknown>>;
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

/** The configuration with every default filled in and every path absolute. */
export interface Settings {
  readonly configFile: string | undefined;
  readonly watchPaths: readonly WatchPath[];
  readonly stateDir: string;
  readonly pidFile: string;
  readonly outFile: string;
  readonly errFile: string;
  /** At most 107 bytes; its directory need not exist. */
  readonly socketPath: string;
  readonly databaseDir: string;
  /** May hold a password: show it through the model's `redactUrl` only. */
  readonly databaseUrl: string | undefined;
  /** May hold a password: show it through the model's `redactUrl` only. */
  readonly redisUrl: string | undefined;
  /** Follows from the two URLs. */
  readonly mode: Mode;
  readonly messageLevel: MessageLevel;
  readonly logFormat: 'text' | 'json';
  readonly logs: { readonly maxBytes: number; readonly keep: number };
  readonly portal: { readonly enabled: boolean; readonly host: string; readonly port: number };
  /** Whether somebody set the port: then a taken one is an error, not a reason to move. */
  readonly portalPortExplicit: boolean;
  readonly worker: WorkerSettings;
  /** How large one batch may be. */
  readonly limits: BatchLimits;
  /** How findings are judged, by code, where a watch path does not say otherwise. */
  readonly findings: FindingPolicy;
  readonly stopTimeoutMs: number;
  /** For watch paths without their own. */
  readonly quietMs: number;
  /** For watch paths without their own. */
  readonly testPrefix: string | false;
  /** `portal.port` → `default`, `file sendit.config.ts`, `environment SENDIT_PORTAL_PORT` or `flag --portal-port`. */
  readonly sources: Readonly<Record<string, string>>;
}

/** How imports run. */
export interface WorkerSettings {
  readonly concurrency: number;
  readonly attempts: number;
  /** Wait before the second attempt, doubled for every further one. */
  readonly backoffMs: number;
  readonly threads: number;
  /** For directories on network file systems. */
  readonly networkThreads: number;
  /** The hashed part of each file. */
  readonly hash: HashScope;
  readonly hashAlgorithm: HashAlgorithm;
  /** Keywords of attributes that are kept of each instance. */
  readonly extraAttributes: readonly string[];
  /** Images to record; those excluded are findings. An empty list asks for nothing. */
  readonly filter: {
    readonly modalities: readonly string[];
    readonly imageTypes: readonly string[];
    readonly excludeBurnedIn: boolean;
  };
}

/** One watched folder. */
export interface WatchPath {
  /** Identity of the root; unique. */
  readonly name: string;
  /** Absolute, symbolic links not followed. */
  readonly folder: string;
  /** Normalised: `IN_CREATE | IN_MOVED_TO`. */
  readonly events: string;
  /** The same as bits. */
  readonly mask: number;
  /** As displayed: `@sendit/processors.DicomQueue`, or the user's own specifier. */
  readonly processor: string;
  readonly processorKind: ProcessorKind;
  readonly backend: Backend;
  readonly quietMs: number;
  readonly rescanMs: number;
  readonly testPrefix: string | false;
  /** Globs of names that are ignored, beside the known ones. */
  readonly ignore: readonly string[];
  /** Globs of names that are not final, beside the known ones. */
  readonly arrivingNames: readonly string[];
  readonly unit: UnitKind;
  readonly waitForSiblings: boolean;
  readonly profile: Profile;
  /** Name of the done-file in a directory. */
  readonly marker: string | undefined;
  /** Name of the list of its files. */
  readonly manifest: string | undefined;
  /** Name of the file with its number of instances. */
  readonly count: string | undefined;
  readonly minFiles: number;
  readonly maxWaitMs: number | false;
  readonly onDeadline: 'hold' | 'proceed' | 'quarantine';
  readonly late: LatePolicy;
  /** The general ones. */
  readonly limits: BatchLimits;
  /** Whether more than one StudyDate is an error. */
  readonly oneStudyDate: boolean;
  /** How findings are judged: its own word, before the general one. */
  readonly findings: FindingPolicy;
  /** Actions after DONE, in order. Contains secrets: never show it as a whole. */
  readonly actions: readonly Action[];
  /** Actions after ERROR and QUARANTINED: the move of `moveFailed`, or none. */
  readonly failedActions: readonly Action[];
}

/** Set of rules that prove a directory complete. */
export type Profile = 'legacy' | 'safe' | 'strict';

/** How changes under a folder are seen. */
export type Backend = 'auto' | 'inotify' | 'chokidar' | 'polling';

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
