import type { BatchEvent } from './action.ts';

/** Fields of every action. */
interface Common {
  /** Unique within the watch path. */
  readonly name: string;
  /** How often it is tried before it has failed. */
  readonly attempts: number;
  /** Wait before the second attempt, doubled for every further one up to an hour. */
  readonly backoffMs: number;
  /** The event that it follows; without one it follows an import. */
  readonly on?: BatchEvent;
}

/**
 * Where a command gets the absolute paths of the sealed files, each ended by NUL:
 *
 * stdin  on its standard input, after the notice
 * file   in a file, whose path is SENDIT_FILES and `{files}` in an argument
 * auto   on standard input where the batch is a series or a study, whose files lie beside others; else not at all
 * none   not at all
 */
export const FILE_LISTS = ['auto', 'stdin', 'file', 'none'] as const;

/** One word of {@link FILE_LISTS}. */
export type FileListPlace = (typeof FILE_LISTS)[number];

/** Runs a command, without a shell. */
export interface ExecAction extends Common {
  readonly kind: 'exec';
  /** The program and its arguments, as they are given to execve(2); `{path}` and the like stand for what they name. */
  readonly command: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** All that the command gets, beside the SENDIT_ variables. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly files: FileListPlace;
  /** Whether the end of a failing command's output becomes part of the reason, in the database. */
  readonly keepOutput: boolean;
}

/** Sends a signed POST. */
export interface WebhookAction extends Common {
  readonly kind: 'webhook';
  readonly url: string;
  readonly secret: string;
  readonly timeoutMs: number;
  /** Whether directory names leave the host. */
  readonly includePath: boolean;
}

/** Calls a function of the user's. */
export interface ModuleAction extends Common {
  readonly kind: 'module';
  /** As it was written: `./my-action.ts#store`. */
  readonly module: string;
  /** The loaded function; undefined where modules were not to be loaded. */
  readonly run: unknown;
  readonly timeoutMs: number;
}

/** Copies or moves the sealed files. */
export interface PlaceAction extends Common {
  readonly kind: 'copy' | 'move';
  /** Absolute; must exist. Each batch has a directory below it. */
  readonly to: string;
}

/** Calls a function of the user's in an import worker. */
export interface StepAction extends Common {
  readonly kind: 'step';
  /** The loaded function; undefined where modules were not to be loaded. */
  readonly run: unknown;
  readonly timeoutMs: number;
}

/** One configured action of a watch path. */
export type Action = ExecAction | WebhookAction | ModuleAction | PlaceAction;
