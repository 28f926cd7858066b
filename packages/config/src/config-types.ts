// Generated, and therefore longer than other files, by `npm run reference -w @sendit/config` from schema.ts: change it there.
import type { EventsText, ProcessorText, ProfileText } from './config-words.ts';

/** One watch path as an object. */
export interface WatchPathFields {
  /** The folder to watch, relative to the configuration file. It must exist. */
  readonly folder: string;
  /** Which events go to the processor. */
  readonly events: EventsText | readonly EventsText[];
  /** What handles the events: a built-in name, or a module and its export (`./file.ts#Name`; without `#Name` the default export). */
  readonly processor: ProcessorText;
  /** Identity of the watch path in the database; keep it when the folder is mounted elsewhere. By default its whole path without the first slash. */
  readonly name?: string | undefined;
  /** How changes are seen. `auto`: inotify where it works, with polling beside it on network file systems. */
  readonly backend?: 'auto' | 'inotify' | 'chokidar' | 'polling' | undefined;
  /** How long nothing may change before a directory that was not renamed counts as complete. By default the general `quietMs`. */
  readonly quietMs?: number | undefined;
  /** How often the folder is listed anew, in case an event was lost. */
  readonly rescanMs?: number | undefined;
  /** By default the general `testPrefix`. */
  readonly testPrefix?: string | false | undefined;
  /** Globs of names that are no delivery, beside those that are always ignored (trash, snapshots, old versions, what a NAS or an operating system keeps: docs/detector.md). Without a slash: of names at any depth; with one: of paths below the folder. `!glob` takes names out again. */
  readonly ignore?: ReadonlyArray<string> | undefined;
  /** Globs of names that are not final, beside those of the known transfer tools (docs/detector.md): nothing so named is taken, and a directory that holds one waits. */
  readonly arrivingNames?: ReadonlyArray<string> | undefined;
  /** What becomes a batch. `directory`: a directory right below the folder. `series`, `study`: all files below the folder that have one SeriesInstanceUID or StudyInstanceUID in their headers, wherever they lie. Changing it takes up again, as new batches, what lies there. */
  readonly unit?: 'directory' | 'series' | 'study' | undefined;
  /** Where the unit is `series`: whether a series that only quiet time proves complete waits while another of its study still arrives. */
  readonly waitForSiblings?: boolean | undefined;
  /** What proves a directory complete. `legacy`: a rename alone. `safe`: a rename, a marker, a manifest, a count, or quiet time. `strict`: a manifest or a count, nothing less. Or a module and its export with rules of your own: `./my-rules.ts#rules` (docs/detector.md). */
  readonly profile?: ProfileText | undefined;
  /** Name of the done-file that a sender leaves in a directory when it is complete. */
  readonly marker?: string | undefined;
  /** Name of the file that lists all others of a directory, as JSON or as `sha256sum` writes it. */
  readonly manifest?: string | undefined;
  /** Name of a file in a directory that holds the number of its instances, or `{"instances": n}`. */
  readonly count?: string | undefined;
  /** Fewest files of a directory that only quiet time proves complete. */
  readonly minFiles?: number | undefined;
  /** Longest wait of a directory, from its first look. */
  readonly maxWaitMs?: number | false | undefined;
  /** What then. `proceed` imports what may be half, with the grade `incomplete`. */
  readonly onDeadline?: 'hold' | 'proceed' | 'quarantine' | undefined;
  /** What to do when files of a directory come or change after it was sealed. `ignore`: count and say it. `amend`: import the new and changed files as the next generation. `whole`: import the directory again. `hold`: record the next generation and wait for a person. By default `ignore` for directories, `amend` for series and studies. */
  readonly late?: 'ignore' | 'amend' | 'whole' | 'hold' | undefined;
  /** What is done with every batch of the watch path that is DONE, one action after the other (below, and in docs/actions.md). Nothing by default. */
  readonly actions?: ReadonlyArray<{
    /** Runs a command. */
    readonly kind: 'exec';
    /** Run without a shell. A program with a slash is relative to the configuration file, others are looked up in PATH. In the arguments {path}, {batch}, {root}, {key} and {files} stand for what they name. */
    readonly command: ReadonlyArray<string>;
    /** Variables of the watcher that the command gets too, beside PATH, HOME, LANG, LC_ALL, TZ and TMPDIR. */
    readonly env?: ReadonlyArray<string> | undefined;
    /** Longest run; then it is ended with everything that it started. */
    readonly timeoutMs?: number | undefined;
    /** Where it gets the absolute paths of the sealed files, each ended by NUL: after the notice on its standard input, in a file (SENDIT_FILES, {files}), not at all. auto: on standard input of a series or study. */
    readonly files?: 'auto' | 'stdin' | 'file' | 'none' | undefined;
    /** Keep the end of a failing command's output in the database, for `sendit batch show`. Only if it names no patients. */
    readonly keepOutput?: boolean | undefined;
    /** Identity of the action within its watch path; by default its kind. Two of one kind need names. */
    readonly name?: string | undefined;
    /** How often it is tried before it has failed. */
    readonly attempts?: number | undefined;
    /** Wait before the second attempt; doubled for every further one, up to an hour. */
    readonly backoffMs?: number | undefined;
  } | {
    /** Sends a signed POST. */
    readonly kind: 'webhook';
    /** Receives the POST; without user and password in it. */
    readonly url: string;
    /** Signs the requests; `whsec_` and base64, or any text. Better kept out of the file: `secretEnv`. */
    readonly secret?: string | undefined;
    /** Name of the environment variable that holds the secret. */
    readonly secretEnv?: string | undefined;
    /** Longest wait for an answer. */
    readonly timeoutMs?: number | undefined;
    /** Send the directory too. Folder names may say who the patient is. */
    readonly includePath?: boolean | undefined;
    /** Identity of the action within its watch path; by default its kind. Two of one kind need names. */
    readonly name?: string | undefined;
    /** How often it is tried before it has failed. */
    readonly attempts?: number | undefined;
    /** Wait before the second attempt; doubled for every further one, up to an hour. */
    readonly backoffMs?: number | undefined;
  } | {
    /** Calls a function of your own. */
    readonly kind: 'module';
    /** A function that is called with the batch (docs/actions.md); `./file.ts#name`, without `#name` the default export. */
    readonly module: string;
    /** Longest run; then its signal is aborted and the attempt has failed. */
    readonly timeoutMs?: number | undefined;
    /** Identity of the action within its watch path; by default its kind. Two of one kind need names. */
    readonly name?: string | undefined;
    /** How often it is tried before it has failed. */
    readonly attempts?: number | undefined;
    /** Wait before the second attempt; doubled for every further one, up to an hour. */
    readonly backoffMs?: number | undefined;
  } | {
    /** Copies the sealed files. */
    readonly kind: 'copy';
    /** Existing folder outside every watch path; each batch gets a directory of its own in it. */
    readonly to: string;
    /** Identity of the action within its watch path; by default its kind. Two of one kind need names. */
    readonly name?: string | undefined;
    /** How often it is tried before it has failed. */
    readonly attempts?: number | undefined;
    /** Wait before the second attempt; doubled for every further one, up to an hour. */
    readonly backoffMs?: number | undefined;
  } | {
    /** Moves the sealed files. */
    readonly kind: 'move';
    /** Existing folder outside every watch path; each batch gets a directory of its own in it. */
    readonly to: string;
    /** Identity of the action within its watch path; by default its kind. Two of one kind need names. */
    readonly name?: string | undefined;
    /** How often it is tried before it has failed. */
    readonly attempts?: number | undefined;
    /** Wait before the second attempt; doubled for every further one, up to an hour. */
    readonly backoffMs?: number | undefined;
  }> | undefined;
  /** What is done when a batch of the watch path ends in ERROR or QUARANTINED: actions of the kinds exec, webhook and module, each by itself, once for each time. */
  readonly onError?: ReadonlyArray<{
    /** Runs a command. */
    readonly kind: 'exec';
    /** Run without a shell. A program with a slash is relative to the configuration file, others are looked up in PATH. In the arguments {path}, {batch}, {root}, {key} and {files} stand for what they name. */
    readonly command: ReadonlyArray<string>;
    /** Variables of the watcher that the command gets too, beside PATH, HOME, LANG, LC_ALL, TZ and TMPDIR. */
    readonly env?: ReadonlyArray<string> | undefined;
    /** Longest run; then it is ended with everything that it started. */
    readonly timeoutMs?: number | undefined;
    /** Where it gets the absolute paths of the sealed files, each ended by NUL: after the notice on its standard input, in a file (SENDIT_FILES, {files}), not at all. auto: on standard input of a series or study. */
    readonly files?: 'auto' | 'stdin' | 'file' | 'none' | undefined;
    /** Keep the end of a failing command's output in the database, for `sendit batch show`. Only if it names no patients. */
    readonly keepOutput?: boolean | undefined;
    /** Identity of the action within its watch path; by default its kind. Two of one kind need names. */
    readonly name?: string | undefined;
    /** How often it is tried before it has failed. */
    readonly attempts?: number | undefined;
    /** Wait before the second attempt; doubled for every further one, up to an hour. */
    readonly backoffMs?: number | undefined;
  } | {
    /** Sends a signed POST. */
    readonly kind: 'webhook';
    /** Receives the POST; without user and password in it. */
    readonly url: string;
    /** Signs the requests; `whsec_` and base64, or any text. Better kept out of the file: `secretEnv`. */
    readonly secret?: string | undefined;
    /** Name of the environment variable that holds the secret. */
    readonly secretEnv?: string | undefined;
    /** Longest wait for an answer. */
    readonly timeoutMs?: number | undefined;
    /** Send the directory too. Folder names may say who the patient is. */
    readonly includePath?: boolean | undefined;
    /** Identity of the action within its watch path; by default its kind. Two of one kind need names. */
    readonly name?: string | undefined;
    /** How often it is tried before it has failed. */
    readonly attempts?: number | undefined;
    /** Wait before the second attempt; doubled for every further one, up to an hour. */
    readonly backoffMs?: number | undefined;
  } | {
    /** Calls a function of your own. */
    readonly kind: 'module';
    /** A function that is called with the batch (docs/actions.md); `./file.ts#name`, without `#name` the default export. */
    readonly module: string;
    /** Longest run; then its signal is aborted and the attempt has failed. */
    readonly timeoutMs?: number | undefined;
    /** Identity of the action within its watch path; by default its kind. Two of one kind need names. */
    readonly name?: string | undefined;
    /** How often it is tried before it has failed. */
    readonly attempts?: number | undefined;
    /** Wait before the second attempt; doubled for every further one, up to an hour. */
    readonly backoffMs?: number | undefined;
  }> | undefined;
  /** The same when a batch is HELD: its files are gone or cannot be read, or what came late waits for a person (`late: hold`). */
  readonly onHeld?: ReadonlyArray<{
    /** Runs a command. */
    readonly kind: 'exec';
    /** Run without a shell. A program with a slash is relative to the configuration file, others are looked up in PATH. In the arguments {path}, {batch}, {root}, {key} and {files} stand for what they name. */
    readonly command: ReadonlyArray<string>;
    /** Variables of the watcher that the command gets too, beside PATH, HOME, LANG, LC_ALL, TZ and TMPDIR. */
    readonly env?: ReadonlyArray<string> | undefined;
    /** Longest run; then it is ended with everything that it started. */
    readonly timeoutMs?: number | undefined;
    /** Where it gets the absolute paths of the sealed files, each ended by NUL: after the notice on its standard input, in a file (SENDIT_FILES, {files}), not at all. auto: on standard input of a series or study. */
    readonly files?: 'auto' | 'stdin' | 'file' | 'none' | undefined;
    /** Keep the end of a failing command's output in the database, for `sendit batch show`. Only if it names no patients. */
    readonly keepOutput?: boolean | undefined;
    /** Identity of the action within its watch path; by default its kind. Two of one kind need names. */
    readonly name?: string | undefined;
    /** How often it is tried before it has failed. */
    readonly attempts?: number | undefined;
    /** Wait before the second attempt; doubled for every further one, up to an hour. */
    readonly backoffMs?: number | undefined;
  } | {
    /** Sends a signed POST. */
    readonly kind: 'webhook';
    /** Receives the POST; without user and password in it. */
    readonly url: string;
    /** Signs the requests; `whsec_` and base64, or any text. Better kept out of the file: `secretEnv`. */
    readonly secret?: string | undefined;
    /** Name of the environment variable that holds the secret. */
    readonly secretEnv?: string | undefined;
    /** Longest wait for an answer. */
    readonly timeoutMs?: number | undefined;
    /** Send the directory too. Folder names may say who the patient is. */
    readonly includePath?: boolean | undefined;
    /** Identity of the action within its watch path; by default its kind. Two of one kind need names. */
    readonly name?: string | undefined;
    /** How often it is tried before it has failed. */
    readonly attempts?: number | undefined;
    /** Wait before the second attempt; doubled for every further one, up to an hour. */
    readonly backoffMs?: number | undefined;
  } | {
    /** Calls a function of your own. */
    readonly kind: 'module';
    /** A function that is called with the batch (docs/actions.md); `./file.ts#name`, without `#name` the default export. */
    readonly module: string;
    /** Longest run; then its signal is aborted and the attempt has failed. */
    readonly timeoutMs?: number | undefined;
    /** Identity of the action within its watch path; by default its kind. Two of one kind need names. */
    readonly name?: string | undefined;
    /** How often it is tried before it has failed. */
    readonly attempts?: number | undefined;
    /** Wait before the second attempt; doubled for every further one, up to an hour. */
    readonly backoffMs?: number | undefined;
  }> | undefined;
  /** The same when files of a sealed directory come or change later, whatever `late` says: once for each content. */
  readonly onLate?: ReadonlyArray<{
    /** Runs a command. */
    readonly kind: 'exec';
    /** Run without a shell. A program with a slash is relative to the configuration file, others are looked up in PATH. In the arguments {path}, {batch}, {root}, {key} and {files} stand for what they name. */
    readonly command: ReadonlyArray<string>;
    /** Variables of the watcher that the command gets too, beside PATH, HOME, LANG, LC_ALL, TZ and TMPDIR. */
    readonly env?: ReadonlyArray<string> | undefined;
    /** Longest run; then it is ended with everything that it started. */
    readonly timeoutMs?: number | undefined;
    /** Where it gets the absolute paths of the sealed files, each ended by NUL: after the notice on its standard input, in a file (SENDIT_FILES, {files}), not at all. auto: on standard input of a series or study. */
    readonly files?: 'auto' | 'stdin' | 'file' | 'none' | undefined;
    /** Keep the end of a failing command's output in the database, for `sendit batch show`. Only if it names no patients. */
    readonly keepOutput?: boolean | undefined;
    /** Identity of the action within its watch path; by default its kind. Two of one kind need names. */
    readonly name?: string | undefined;
    /** How often it is tried before it has failed. */
    readonly attempts?: number | undefined;
    /** Wait before the second attempt; doubled for every further one, up to an hour. */
    readonly backoffMs?: number | undefined;
  } | {
    /** Sends a signed POST. */
    readonly kind: 'webhook';
    /** Receives the POST; without user and password in it. */
    readonly url: string;
    /** Signs the requests; `whsec_` and base64, or any text. Better kept out of the file: `secretEnv`. */
    readonly secret?: string | undefined;
    /** Name of the environment variable that holds the secret. */
    readonly secretEnv?: string | undefined;
    /** Longest wait for an answer. */
    readonly timeoutMs?: number | undefined;
    /** Send the directory too. Folder names may say who the patient is. */
    readonly includePath?: boolean | undefined;
    /** Identity of the action within its watch path; by default its kind. Two of one kind need names. */
    readonly name?: string | undefined;
    /** How often it is tried before it has failed. */
    readonly attempts?: number | undefined;
    /** Wait before the second attempt; doubled for every further one, up to an hour. */
    readonly backoffMs?: number | undefined;
  } | {
    /** Calls a function of your own. */
    readonly kind: 'module';
    /** A function that is called with the batch (docs/actions.md); `./file.ts#name`, without `#name` the default export. */
    readonly module: string;
    /** Longest run; then its signal is aborted and the attempt has failed. */
    readonly timeoutMs?: number | undefined;
    /** Identity of the action within its watch path; by default its kind. Two of one kind need names. */
    readonly name?: string | undefined;
    /** How often it is tried before it has failed. */
    readonly attempts?: number | undefined;
    /** Wait before the second attempt; doubled for every further one, up to an hour. */
    readonly backoffMs?: number | undefined;
  }> | undefined;
  /** Whether a batch with more than one StudyDate ends in ERROR, as in the original watcher: the same as `several-study-dates` set to `error` in `findings`. By default that is a warning. */
  readonly oneStudyDate?: boolean | undefined;
  /** How bad findings of this watch path are, by code, before the general `findings`. `error` ends a batch in ERROR; `off` does not tell the finding. */
  readonly findings?: {
    /** Could not be read; skipped. By default `warning`. */
    readonly unreadable?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Not a DICOM file; skipped. By default `warning`. */
    readonly 'not-dicom'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** No image, and by its name one of the files that are expected beside images; skipped. By default `info`. */
    readonly 'side-files'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The file ends before what its header declares. By default `warning`. */
    readonly truncated?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The file has no bytes; skipped. By default `warning`. */
    readonly 'empty-file'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The header has no SOPInstanceUID; not recorded. By default `warning`. */
    readonly 'no-instance-uid'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The SOPInstanceUID is already there in this batch; the first file in name order is recorded. By default `warning`. */
    readonly 'duplicate-instance'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The batch has more than one StudyDate. By default `warning`. */
    readonly 'several-study-dates'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Not a regular file; not followed and not read. By default `warning`. */
    readonly 'not-a-regular-file'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** An id is missing in the header; the name of the directory stands in. By default `warning`. */
    readonly 'missing-ids'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The SOPInstanceUID is already there in this batch with other bytes; the first file in name order is recorded. By default `warning`. */
    readonly 'duplicate-differs'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The batch has more than one PatientID. By default `warning`. */
    readonly 'several-patients'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The batch has more than one StudyInstanceUID. By default `warning`. */
    readonly 'several-studies'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Instance numbers are missing in the series of this file. By default `warning`. */
    readonly 'missing-instance-numbers'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Instance numbers come more than once in the series of this file. By default `info`. */
    readonly 'repeated-instance-numbers'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The slices in the series of this file have a gap. By default `warning`. */
    readonly 'slice-gap'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Slice positions in the series of this file have different numbers of images. By default `warning`. */
    readonly 'uneven-slices'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The slices in the series of this file lie at different distances. By default `warning`. */
    readonly 'uneven-spacing'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The series of this file has fewer images than its scanner says. By default `warning`. */
    readonly 'below-vendor-count'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Flagged as having annotation burned into its pixels; it may name the patient. By default `warning`. */
    readonly 'burned-in'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** A capture or an ultrasound image, not flagged as free of burned-in annotation; it may name the patient. By default `info`. */
    readonly 'burned-in-likely'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The images in the series of this file have different orientations. By default `warning`. */
    readonly 'mixed-orientation'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The images in the series of this file have different sizes. By default `warning`. */
    readonly 'mixed-size'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** A date in the header is in the future. By default `warning`. */
    readonly 'future-date'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Text in the header has bytes that its Specific Character Set does not know; shown as U+FFFD. By default `warning`. */
    readonly 'undecodable-text'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Text in the header is not ASCII, and its Specific Character Set is missing or unknown; it was guessed. By default `warning`. */
    readonly 'charset-guessed'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Has private elements, whose content nobody but the vendor knows. By default `info`. */
    readonly 'private-data'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The SOP class is missing, is no storage class of the standard, or does not fit the modality. By default `warning`. */
    readonly 'unexpected-sop-class'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Not recorded: the filter of the configuration excludes it. By default `info`. */
    readonly excluded?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** It was sealed and is not there any more. By default `warning`. */
    readonly vanished?: 'error' | 'warning' | 'info' | undefined;
    /** Its size or modification time is not the one that was sealed; recorded as it was read. By default `warning`. */
    readonly 'changed-since-seal'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Its change time is not the one that was sealed, its size and modification time are: touched, or overwritten in place; recorded as it was read. By default `info`. */
    readonly 'touched-since-seal'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Files came after the seal; not imported with this batch. By default `warning`. */
    readonly 'late-files'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** More than the `limits` of the configuration allow lies in the directory; it was not listed to its end. By default `warning`. */
    readonly 'over-limit'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The instance was imported before by another batch, with the same size and digest; it counts there. By default `info`. */
    readonly 'duplicate-across-batches'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The instance was imported before by another batch, with the same size; no digests of one kind say whether the bytes are the same. By default `warning`. */
    readonly 'duplicate-not-compared'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The instance was imported before by another batch, with other bytes; this file is quarantined. By default `warning`. */
    readonly 'instance-conflict'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** An earlier generation of the directory has this file with other bytes; its row is kept, marked as replaced. By default `warning`. */
    readonly 'instance-replaced'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The system refused to read it; a person accepted the batch without it. Not recorded, and not placed. By default `error`. */
    readonly 'not-read'?: 'error' | 'warning' | 'info' | undefined;
    /** The file ends too early; another one with its SOPInstanceUID is recorded, and counts. By default `warning`. */
    readonly 'truncated-duplicate'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The file counts in the place of one with its SOPInstanceUID that ends too early. By default `info`. */
    readonly 'replaces-truncated'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The file ends too early; another batch has its instance whole, which counts now. By default `info`. */
    readonly 'replaced-by-whole'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** An earlier batch has said another patient of a study; the first word is kept. By default `warning`. */
    readonly 'patient-differs'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** An earlier batch has said other things that identify a study; the first word is kept. By default `warning`. */
    readonly 'study-differs'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** An earlier batch has said other things that identify a series; the first word is kept. By default `warning`. */
    readonly 'series-differs'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** A check of your own failed; what it would have found is not known. By default `warning`. */
    readonly 'check-failed'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    readonly [own: `own-${string}`]: 'error' | 'warning' | 'info' | 'off' | undefined;
  } | undefined;
  /** A folder to which the files of batches that end in ERROR or QUARANTINED are moved, each to a directory of its own. It must exist. By default they stay. */
  readonly moveFailed?: string | undefined;
}

/** One watch path as a tuple. */
export type WatchPathTuple = readonly [folder: string, events: EventsText | readonly EventsText[], processor: ProcessorText];

/** Every setting but the watch paths. */
export interface ConfigFields {
  /** For editors: where the JSON schema is. Ignored. */
  readonly $schema?: string | undefined;
  /** Directory of everything that sendit writes: `.sendit` beside the configuration file, else in the working directory. */
  readonly stateDir?: string | undefined;
  /** By default `watcher.pid` in the state directory. */
  readonly pidFile?: string | undefined;
  /** Output of the watcher; by default `logs/watcher.out` in the state directory. */
  readonly outFile?: string | undefined;
  /** Errors of the watcher; by default `logs/watcher.err` in the state directory. */
  readonly errFile?: string | undefined;
  /** Unix socket of the running watcher; by default `api.sock` in the state directory. A path of more than 107 bytes moves to a short directory under the temporary one. */
  readonly socketPath?: string | undefined;
  /** Directory of the embedded database, used without `databaseUrl`; by default `database` in the state directory. */
  readonly databaseDir?: string | undefined;
  /** PostgreSQL server. Without it the embedded database is used. Encrypted with `?sslmode=require`, `verify-ca` or `verify-full`; `sslrootcert`, `sslcert` and `sslkey` name files. */
  readonly databaseUrl?: string | undefined;
  /** Redis server for the queue; needs `databaseUrl`. Without it the queue lives in the database. `rediss:` is encrypted and verified; `?sslrootcert=FILE` names the authority, as for `databaseUrl`. */
  readonly redisUrl?: string | undefined;
  /** Messages above this level are not written; `QUIET` writes none. */
  readonly messageLevel?: 'ABRT' | 'ERROR' | 'WARNING' | 'LOG' | 'QUIET' | 'INFO' | 'VERBOSE' | 'VERBOSE2' | 'VERBOSE3' | 'DEBUG' | -4 | -3 | -2 | -1 | 0 | 1 | 2 | 3 | 4 | 5 | undefined;
  /** Lines for people, or one JSON object a line. */
  readonly logFormat?: 'text' | 'json' | undefined;
  /** Rotation of the log files. */
  readonly logs?: {
    /** A log file that reaches this size is rotated. K, M and G are powers of 1024. */
    readonly maxBytes?: number | string | undefined;
    /** Rotated files kept of each log. */
    readonly keep?: number | undefined;
  } | undefined;
  /** The web portal. */
  readonly portal?: {
    /** Whether the watcher serves the web portal. */
    readonly enabled?: boolean | undefined;
    /** Address to listen on. */
    readonly host?: string | undefined;
    /** Port to listen on; 0 takes any free one. The default moves to a free port when taken; a taken port that was set is an error. */
    readonly port?: number | undefined;
    /** Path below which a proxy has the portal, where the proxy does not take it away. */
    readonly basePath?: string | undefined;
    /** Other host names that the portal answers to, such as that of a proxy before it. */
    readonly hosts?: ReadonlyArray<string> | undefined;
    /** Addresses of proxies whose X-Forwarded-Host, -Proto and -For are believed. */
    readonly trustedProxies?: ReadonlyArray<string> | undefined;
  } | undefined;
  /** Importing. */
  readonly worker?: {
    /** Batches that one process imports at the same time: so many large ones, four times as many of up to 1,000 files, and sixteen times as many of up to 100 that came together; of actions, two at most. */
    readonly concurrency?: number | undefined;
    /** How often a failing import is tried before its batch is quarantined. */
    readonly attempts?: number | undefined;
    /** Wait before the second attempt; doubled for every further one. */
    readonly backoffMs?: number | undefined;
    /** Threads that read headers, per process. */
    readonly threads?: number | undefined;
    /** The same for directories on network file systems, where a thread waits more than it works. */
    readonly networkThreads?: number | undefined;
    /** What of each file is hashed: nothing, what lies before its pixel data, or all of it. Only `file` reads pixel data. */
    readonly hash?: 'none' | 'header' | 'file' | undefined;
    /** By what: xxh128 (XXH3, 128 bits) is the faster one, sha256 stands as evidence. */
    readonly hashAlgorithm?: 'xxh128' | 'sha256' | undefined;
    /** Attributes that are kept of each instance beside those of every import, as in the header: in the database alone, since they may be personal. In the environment joined by `:`. */
    readonly extraAttributes?: ReadonlyArray<string> | undefined;
    /** Which images are recorded. */
    readonly filter?: {
      /** Only images of these are recorded; empty: of every one. In the environment joined by `:`. What is excluded is a finding, and a batch where nothing is left is EMPTY. */
      readonly modalities?: ReadonlyArray<string> | undefined;
      /** Only images with one of these words in their ImageType are recorded; empty: with any. In the environment joined by `:`. */
      readonly imageTypes?: ReadonlyArray<string> | undefined;
      /** Images that are flagged as having burned-in annotation are not recorded. */
      readonly excludeBurnedIn?: boolean | undefined;
    } | undefined;
    /** Checks of your own, run in every import when all headers are read: modules with what `defineCheck` gives (docs/extending.md). In the environment joined by `:`. */
    readonly checks?: ReadonlyArray<string | {
      /** The code of its findings. */
      readonly code: `own-${string}`;
      /** The function itself. */
      readonly check: ((...given: never[]) => unknown);
      /** How bad its findings are; `warning` by default. */
      readonly severity?: 'error' | 'warning' | 'info' | undefined;
      /** Longest run; 60,000 by default. */
      readonly timeoutMs?: number | undefined;
    }> | undefined;
    /** What import workers do with every batch that is DONE, one step after the other, before the actions of its watch path: functions of your own (docs/extending.md). In the environment joined by `:`. */
    readonly steps?: ReadonlyArray<string | {
      /** Module and export: what `defineStep` gives, or a function (docs/extending.md). Relative to the configuration file. */
      readonly module?: string | undefined;
      /** In place of `module`, in TypeScript and JavaScript: the function itself. */
      readonly run?: ((...given: never[]) => unknown) | undefined;
      /** Identity of the step; by default the name in `defineStep`, else that of the export. */
      readonly name?: string | undefined;
      /** Longest run; then its signal is aborted and the attempt has failed. By default what `defineStep` says, else 600,000. */
      readonly timeoutMs?: number | undefined;
      /** How often it is tried before it has failed. By default what `defineStep` says, else 10. */
      readonly attempts?: number | undefined;
      /** Wait before the second attempt; doubled for every further one, up to an hour. By default what `defineStep` says, else 1,000. */
      readonly backoffMs?: number | undefined;
    }> | undefined;
  } | undefined;
  /** Alerts without another monitoring system. */
  readonly alerts?: {
    /** What alerts call this installation: no patient, and nothing that others should not know. */
    readonly installation?: string | undefined;
    /** Something that is not sealed, and neither held nor quarantined, for longer is a problem. */
    readonly stuckMs?: number | false | undefined;
    /** Less free space on the disk of a watch path or of the embedded database is a problem. */
    readonly diskBelow?: string | false | undefined;
    /** An import that is not done for longer after its seal is a problem. */
    readonly queueMs?: number | false | undefined;
    /** A watch path to which nothing comes for longer is a problem. */
    readonly noArrivalMs?: number | false | undefined;
    /** How long a problem must have stood before it is told, and been over before its end is. */
    readonly afterMs?: number | undefined;
    /** How often a problem that still stands is told again. */
    readonly againMs?: number | false | undefined;
    /** Who is told of problems (below, and in docs/alerts.md). Nobody by default. */
    readonly channels?: ReadonlyArray<{
      /** Sends a signed POST. */
      readonly kind: 'webhook';
      /** Receives the POST; without user and password in it. */
      readonly url: string;
      /** Signs the requests; `whsec_` and base64, or any text. Better kept out of the file: `secretEnv`. */
      readonly secret?: string | undefined;
      /** Name of the environment variable that holds the secret. */
      readonly secretEnv?: string | undefined;
      /** Identity of the channel; by default its kind. Two of one kind need names. */
      readonly name?: string | undefined;
      /** Only these problems; empty: all. */
      readonly codes?: ReadonlyArray<'not-running' | 'database-unavailable' | 'queue-unavailable' | 'queue-refuses' | 'no-worker' | 'watcher-gone' | 'worker-gone' | 'not-watched' | 'watch-degraded' | 'writers-unseen' | 'directories-held' | 'directories-quarantined' | 'directories-stuck' | 'batches-failed' | 'batches-held' | 'batches-quarantined' | 'files-missing' | 'files-unreadable' | 'late-files' | 'actions-failed' | 'disk-low' | 'queue-slow' | 'queue-paused' | 'no-arrivals' | 'alert-failed'> | undefined;
      /** Only problems at least as bad. */
      readonly least?: 'info' | 'warning' | 'error' | undefined;
      /** Whether the end of a problem is told too. */
      readonly resolved?: boolean | undefined;
      /** Longest wait for it. */
      readonly timeoutMs?: number | undefined;
    } | {
      /** Sends an e-mail. */
      readonly kind: 'email';
      /** Mail server: `smtps://host` is encrypted from the start, `smtp://host` as soon as the server offers it, and in any case before a password. */
      readonly server: string;
      /** Where the server asks for one. */
      readonly user?: string | undefined;
      /** Name of the environment variable that holds the password. */
      readonly passwordEnv?: string | undefined;
      /** Sender. */
      readonly from: string;
      /** Receivers. */
      readonly to: ReadonlyArray<string>;
      /** Identity of the channel; by default its kind. Two of one kind need names. */
      readonly name?: string | undefined;
      /** Only these problems; empty: all. */
      readonly codes?: ReadonlyArray<'not-running' | 'database-unavailable' | 'queue-unavailable' | 'queue-refuses' | 'no-worker' | 'watcher-gone' | 'worker-gone' | 'not-watched' | 'watch-degraded' | 'writers-unseen' | 'directories-held' | 'directories-quarantined' | 'directories-stuck' | 'batches-failed' | 'batches-held' | 'batches-quarantined' | 'files-missing' | 'files-unreadable' | 'late-files' | 'actions-failed' | 'disk-low' | 'queue-slow' | 'queue-paused' | 'no-arrivals' | 'alert-failed'> | undefined;
      /** Only problems at least as bad. */
      readonly least?: 'info' | 'warning' | 'error' | undefined;
      /** Whether the end of a problem is told too. */
      readonly resolved?: boolean | undefined;
      /** Longest wait for it. */
      readonly timeoutMs?: number | undefined;
    } | {
      /** Runs a command. */
      readonly kind: 'exec';
      /** Run without a shell, the notice as JSON on its standard input. A program with a slash is relative to the configuration file. */
      readonly command: ReadonlyArray<string>;
      /** Variables that the command gets too, beside PATH, HOME, LANG, LC_ALL, TZ and TMPDIR. */
      readonly env?: ReadonlyArray<string> | undefined;
      /** Identity of the channel; by default its kind. Two of one kind need names. */
      readonly name?: string | undefined;
      /** Only these problems; empty: all. */
      readonly codes?: ReadonlyArray<'not-running' | 'database-unavailable' | 'queue-unavailable' | 'queue-refuses' | 'no-worker' | 'watcher-gone' | 'worker-gone' | 'not-watched' | 'watch-degraded' | 'writers-unseen' | 'directories-held' | 'directories-quarantined' | 'directories-stuck' | 'batches-failed' | 'batches-held' | 'batches-quarantined' | 'files-missing' | 'files-unreadable' | 'late-files' | 'actions-failed' | 'disk-low' | 'queue-slow' | 'queue-paused' | 'no-arrivals' | 'alert-failed'> | undefined;
      /** Only problems at least as bad. */
      readonly least?: 'info' | 'warning' | 'error' | undefined;
      /** Whether the end of a problem is told too. */
      readonly resolved?: boolean | undefined;
      /** Longest wait for it. */
      readonly timeoutMs?: number | undefined;
    }> | undefined;
  } | undefined;
  /** How large one batch may be. What is larger is held with the reason; a directory is then not listed to its end, while the files of series and studies all are. */
  readonly limits?: {
    /** Most files and directories in one batch. */
    readonly files?: number | undefined;
    /** Longest path of a file, below the directory of its batch. */
    readonly pathBytes?: number | undefined;
    /** Most parts of such a path: directories within each other, and the file. */
    readonly depth?: number | undefined;
  } | undefined;
  /** How bad findings are, by code (docs/findings.md), for every watch path that does not say otherwise. `error` ends a batch in ERROR, whose rows are written all the same; `off` does not tell the finding. In the environment `truncated=error:private-data=off`. */
  readonly findings?: {
    /** Could not be read; skipped. By default `warning`. */
    readonly unreadable?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Not a DICOM file; skipped. By default `warning`. */
    readonly 'not-dicom'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** No image, and by its name one of the files that are expected beside images; skipped. By default `info`. */
    readonly 'side-files'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The file ends before what its header declares. By default `warning`. */
    readonly truncated?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The file has no bytes; skipped. By default `warning`. */
    readonly 'empty-file'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The header has no SOPInstanceUID; not recorded. By default `warning`. */
    readonly 'no-instance-uid'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The SOPInstanceUID is already there in this batch; the first file in name order is recorded. By default `warning`. */
    readonly 'duplicate-instance'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The batch has more than one StudyDate. By default `warning`. */
    readonly 'several-study-dates'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Not a regular file; not followed and not read. By default `warning`. */
    readonly 'not-a-regular-file'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** An id is missing in the header; the name of the directory stands in. By default `warning`. */
    readonly 'missing-ids'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The SOPInstanceUID is already there in this batch with other bytes; the first file in name order is recorded. By default `warning`. */
    readonly 'duplicate-differs'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The batch has more than one PatientID. By default `warning`. */
    readonly 'several-patients'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The batch has more than one StudyInstanceUID. By default `warning`. */
    readonly 'several-studies'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Instance numbers are missing in the series of this file. By default `warning`. */
    readonly 'missing-instance-numbers'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Instance numbers come more than once in the series of this file. By default `info`. */
    readonly 'repeated-instance-numbers'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The slices in the series of this file have a gap. By default `warning`. */
    readonly 'slice-gap'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Slice positions in the series of this file have different numbers of images. By default `warning`. */
    readonly 'uneven-slices'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The slices in the series of this file lie at different distances. By default `warning`. */
    readonly 'uneven-spacing'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The series of this file has fewer images than its scanner says. By default `warning`. */
    readonly 'below-vendor-count'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Flagged as having annotation burned into its pixels; it may name the patient. By default `warning`. */
    readonly 'burned-in'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** A capture or an ultrasound image, not flagged as free of burned-in annotation; it may name the patient. By default `info`. */
    readonly 'burned-in-likely'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The images in the series of this file have different orientations. By default `warning`. */
    readonly 'mixed-orientation'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The images in the series of this file have different sizes. By default `warning`. */
    readonly 'mixed-size'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** A date in the header is in the future. By default `warning`. */
    readonly 'future-date'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Text in the header has bytes that its Specific Character Set does not know; shown as U+FFFD. By default `warning`. */
    readonly 'undecodable-text'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Text in the header is not ASCII, and its Specific Character Set is missing or unknown; it was guessed. By default `warning`. */
    readonly 'charset-guessed'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Has private elements, whose content nobody but the vendor knows. By default `info`. */
    readonly 'private-data'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The SOP class is missing, is no storage class of the standard, or does not fit the modality. By default `warning`. */
    readonly 'unexpected-sop-class'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Not recorded: the filter of the configuration excludes it. By default `info`. */
    readonly excluded?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** It was sealed and is not there any more. By default `warning`. */
    readonly vanished?: 'error' | 'warning' | 'info' | undefined;
    /** Its size or modification time is not the one that was sealed; recorded as it was read. By default `warning`. */
    readonly 'changed-since-seal'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Its change time is not the one that was sealed, its size and modification time are: touched, or overwritten in place; recorded as it was read. By default `info`. */
    readonly 'touched-since-seal'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** Files came after the seal; not imported with this batch. By default `warning`. */
    readonly 'late-files'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** More than the `limits` of the configuration allow lies in the directory; it was not listed to its end. By default `warning`. */
    readonly 'over-limit'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The instance was imported before by another batch, with the same size and digest; it counts there. By default `info`. */
    readonly 'duplicate-across-batches'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The instance was imported before by another batch, with the same size; no digests of one kind say whether the bytes are the same. By default `warning`. */
    readonly 'duplicate-not-compared'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The instance was imported before by another batch, with other bytes; this file is quarantined. By default `warning`. */
    readonly 'instance-conflict'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** An earlier generation of the directory has this file with other bytes; its row is kept, marked as replaced. By default `warning`. */
    readonly 'instance-replaced'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The system refused to read it; a person accepted the batch without it. Not recorded, and not placed. By default `error`. */
    readonly 'not-read'?: 'error' | 'warning' | 'info' | undefined;
    /** The file ends too early; another one with its SOPInstanceUID is recorded, and counts. By default `warning`. */
    readonly 'truncated-duplicate'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The file counts in the place of one with its SOPInstanceUID that ends too early. By default `info`. */
    readonly 'replaces-truncated'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** The file ends too early; another batch has its instance whole, which counts now. By default `info`. */
    readonly 'replaced-by-whole'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** An earlier batch has said another patient of a study; the first word is kept. By default `warning`. */
    readonly 'patient-differs'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** An earlier batch has said other things that identify a study; the first word is kept. By default `warning`. */
    readonly 'study-differs'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** An earlier batch has said other things that identify a series; the first word is kept. By default `warning`. */
    readonly 'series-differs'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    /** A check of your own failed; what it would have found is not known. By default `warning`. */
    readonly 'check-failed'?: 'error' | 'warning' | 'info' | 'off' | undefined;
    readonly [own: `own-${string}`]: 'error' | 'warning' | 'info' | 'off' | undefined;
  } | undefined;
  /** How long a stopping watcher may take to finish what it began. */
  readonly stopTimeoutMs?: number | undefined;
  /** For every watch path that has none of its own: how long nothing may change before a directory that was not renamed counts as complete. */
  readonly quietMs?: number | undefined;
  /** For every watch path that has none of its own: directories whose name begins so (in any case) are logged, not imported. */
  readonly testPrefix?: string | false | undefined;
}
