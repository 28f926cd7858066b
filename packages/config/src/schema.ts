import { PROFILE_NAMES } from '@sendit/detector';
import { findTextTags } from '@sendit/dicom/tree';
import { LATE_POLICIES, MASK_NAMES, MESSAGE_LEVELS, type MessageLevel, parseMask, UNIT_KINDS } from '@sendit/model';
import { z } from 'zod';
import { actions, eventActions } from './action-schema.ts';
import { alerts } from './alert-schema.ts';
import { checks } from './check-schema.ts';
import { DAY_MS, expecting, oneOf, text, url, wholeNumber, yesOrNo } from './field-types.ts';
import { findings } from './findings-schema.ts';
import { limits } from './limits-schema.ts';
import { steps } from './step-schema.ts';

/*
 * The one declaration of the configuration: types, defaults, messages, docs/configuration.md and the JSON schema follow from it.
 * The `error` text of a field completes the sentence "expected …", and `.describe()` is its line on the reference page.
 */

const LEVEL_NAMES = Object.keys(MESSAGE_LEVELS) as MessageLevel[];

const FILE = 'a path, relative to the configuration file';

const size = (() => {
  const error = 'a size: a whole number of bytes from 1024, or a string such as "500K", "10M" or "1G"';
  return expecting(
    z.union(
      [z.int({ error }).min(1024, { error }), z.string().regex(/^(?:[1-9]\d{3,14}|[1-9]\d{0,5} ?[KMG])$/, { error })],
      { error },
    ),
    error,
  );
})();

function words(expected: string) {
  return expecting(z.array(text(expected), { error: expected }), expected);
}

const A_PATH = 'a path such as /sendit, without a slash at its end';

/** Keywords of the standard; its dictionary is read only where there are any. */
const dictionaryKeywords = (() => {
  const expected =
    'a list of DICOM keywords such as ["KVP", "EchoTime"], of attributes before the pixel data whose values are text or numbers';
  const keywords = z.array(text(expected), { error: expected }).superRefine((words, context) => {
    const unknown = words.length === 0 ? [] : findTextTags(words).unknown;
    if (unknown.length > 0) context.addIssue({ code: 'custom', message: expected });
  });
  return expecting(keywords, expected);
})();

const imageFilter = z
  .strictObject(
    {
      modalities: words('a list of modalities such as CT and MR')
        .default([])
        .describe(
          'Only images of these are recorded; empty: of every one. In the environment joined by `:`. What is excluded is a finding, and a batch where nothing is left is EMPTY.',
        ),
      imageTypes: words('a list of words such as AXIAL')
        .default([])
        .describe(
          'Only images with one of these words in their ImageType are recorded; empty: with any. In the environment joined by `:`.',
        ),
      excludeBurnedIn: yesOrNo()
        .default(false)
        .describe('Images that are flagged as having burned-in annotation are not recorded.'),
    },
    { error: 'an object with modalities, imageTypes and excludeBurnedIn' },
  )
  .prefault({})
  .describe('Which images are recorded.');

/** `debug`, `Abort` and the original's CRITICAL are meant well; what is not a name stays for the schema to judge. */
function toLevelName(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const name = value.trim().toUpperCase();
  return name === 'ABORT' || name === 'CRITICAL' ? 'ABRT' : name;
}

const messageLevel = (() => {
  const error = `one of ${LEVEL_NAMES.map((name) => `${name} (${MESSAGE_LEVELS[name]})`).join(', ')}`;
  const named = z.preprocess(toLevelName, z.literal([...LEVEL_NAMES, ...Object.values(MESSAGE_LEVELS)], { error }));
  return expecting(named, error);
})();

const testPrefix = (() => {
  const error = 'the beginning of a directory name, or false for none';
  return expecting(z.union([z.string().regex(/^[^/\0]+$/, { error }), z.literal(false)], { error }), error);
})();

const events = (() => {
  const error = `inotify event names, joined by | or in a list: ${MASK_NAMES.join(', ')}`;
  const words = z
    .union([z.string(), z.array(z.string({ error })).min(1, { error }).readonly()], { error })
    .superRefine((value, context) => {
      const parsed = parseMask(toEventExpression(value));
      if (parsed.kind === 'unknown') {
        context.addIssue({ code: 'custom', message: error, params: { unknown: parsed.names, known: MASK_NAMES } });
      }
    });
  return expecting(words, error);
})();

const quietMs = wholeNumber(0, DAY_MS, ' of milliseconds');

const maxWaitMs = (() => {
  const error = `a whole number of milliseconds from 1000 to ${31 * DAY_MS}, or false for no deadline`;
  const milliseconds = z
    .int({ error })
    .min(1000, { error })
    .max(31 * DAY_MS, { error });
  return expecting(z.union([milliseconds, z.literal(false)], { error }), error);
})();

function fileName() {
  const error = 'the name of a file, without a folder';
  return expecting(z.string().regex(/^[^/\0]{1,255}$/, { error }), error);
}

function globs() {
  const error = 'a list of globs of 1 to 200 characters';
  return expecting(
    z
      .array(z.string().regex(/^[^\0\n]{1,200}$/, { error }), { error })
      .max(200, { error })
      .readonly(),
    error,
  );
}

/** A profile by its name, or rules of the user's own. */
const profile = (() => {
  const error = `one of ${PROFILE_NAMES.join(', ')}, or a module with rules of your own such as "./my-rules.ts#rules"`;
  const ofModule = z.string({ error }).regex(/[/#]/, { error }) as unknown as z.ZodType<OwnProfile>;
  return expecting(z.union([z.enum(PROFILE_NAMES), ofModule], { error }), error);
})();

/** A module and its export, as the editor tells it from the name of a profile. */
type OwnProfile = `${string}#${string}` | `./${string}` | `/${string}`;

const folder = text('the path of a folder');
const processor = text('a built-in processor, or a module such as "./my-processor.ts#MyProcessor"');

/** One watch path, as an object. */
export const watchPathObject = z.strictObject({
  folder: folder.describe('The folder to watch, relative to the configuration file. It must exist.'),
  events: events.describe('Which events go to the processor.'),
  processor: processor.describe(
    'What handles the events: a built-in name, or a module and its export (`./file.ts#Name`; without `#Name` the default export).',
  ),
  name: expecting(
    z.string().regex(/^(?!\s)[^\p{Cc}]{1,100}(?<!\s)$/u, { error: 'a name of 1 to 100 characters' }),
    'a name of 1 to 100 characters',
  )
    .optional()
    .describe(
      'Identity of the watch path in the database; keep it when the folder is mounted elsewhere. By default its whole path without the first slash.',
    ),
  backend: oneOf(['auto', 'inotify', 'chokidar', 'polling'])
    .default('auto')
    .describe('How changes are seen. `auto`: inotify where it works, with polling beside it on network file systems.'),
  quietMs: quietMs
    .optional()
    .describe(
      'How long nothing may change before a directory that was not renamed counts as complete. By default the general `quietMs`.',
    ),
  rescanMs: wholeNumber(1000, DAY_MS, ' of milliseconds')
    .default(60_000)
    .describe('How often the folder is listed anew, in case an event was lost.'),
  testPrefix: testPrefix.optional().describe('By default the general `testPrefix`.'),
  ignore: globs()
    .default([])
    .describe(
      'Globs of names that are no delivery, beside those that are always ignored (trash, snapshots, old versions, what a NAS or an operating system keeps: docs/detector.md). Without a slash: of names at any depth; with one: of paths below the folder. `!glob` takes names out again.',
    ),
  arrivingNames: globs()
    .default([])
    .describe(
      'Globs of names that are not final, beside those of the known transfer tools (docs/detector.md): nothing so named is taken, and a directory that holds one waits.',
    ),
  unit: oneOf(UNIT_KINDS)
    .default('directory')
    .describe(
      'What becomes a batch. `directory`: a directory right below the folder. `series`, `study`: all files below the folder that have one SeriesInstanceUID or StudyInstanceUID in their headers, wherever they lie. Changing it takes up again, as new batches, what lies there.',
    ),
  waitForSiblings: yesOrNo()
    .default(true)
    .describe(
      'Where the unit is `series`: whether a series that only quiet time proves complete waits while another of its study still arrives.',
    ),
  profile: profile
    .default('safe')
    .describe(
      'What proves a directory complete. `legacy`: a rename alone. `safe`: a rename, a marker, a manifest, a count, or quiet time. `strict`: a manifest or a count, nothing less. Or a module and its export with rules of your own: `./my-rules.ts#rules` (docs/detector.md).',
    ),
  marker: fileName()
    .optional()
    .describe('Name of the done-file that a sender leaves in a directory when it is complete.'),
  manifest: fileName()
    .optional()
    .describe('Name of the file that lists all others of a directory, as JSON or as `sha256sum` writes it.'),
  count: fileName()
    .optional()
    .describe('Name of a file in a directory that holds the number of its instances, or `{"instances": n}`.'),
  minFiles: wholeNumber(0, 1_000_000, '')
    .default(1)
    .describe('Fewest files of a directory that only quiet time proves complete.'),
  maxWaitMs: maxWaitMs.default(6 * 60 * 60 * 1000).describe('Longest wait of a directory, from its first look.'),
  onDeadline: oneOf(['hold', 'proceed', 'quarantine'])
    .default('hold')
    .describe('What then. `proceed` imports what may be half, with the grade `incomplete`.'),
  late: oneOf(LATE_POLICIES)
    .optional()
    .describe(
      'What to do when files of a directory come or change after it was sealed. `ignore`: count and say it. `amend`: import the new and changed files as the next generation. `whole`: import the directory again. `hold`: record the next generation and wait for a person. By default `ignore` for directories, `amend` for series and studies.',
    ),
  actions: actions
    .default([])
    .describe(
      'What is done with every batch of the watch path that is DONE, one action after the other (below, and in docs/actions.md). Nothing by default.',
    ),
  onError: eventActions
    .default([])
    .describe(
      'What is done when a batch of the watch path ends in ERROR or QUARANTINED: actions of the kinds exec, webhook and module, each by itself, once for each time.',
    ),
  onHeld: eventActions
    .default([])
    .describe(
      'The same when a batch is HELD: its files are gone or cannot be read, or what came late waits for a person (`late: hold`).',
    ),
  onLate: eventActions
    .default([])
    .describe(
      'The same when files of a sealed directory come or change later, whatever `late` says: once for each content.',
    ),
  oneStudyDate: yesOrNo()
    .default(false)
    .describe(
      'Whether a batch with more than one StudyDate ends in ERROR, as in the original watcher: the same as `several-study-dates` set to `error` in `findings`. By default that is a warning.',
    ),
  findings: findings()
    .optional()
    .describe(
      'How bad findings of this watch path are, by code, before the general `findings`. `error` ends a batch in ERROR; `off` does not tell the finding.',
    ),
  moveFailed: folder
    .optional()
    .describe(
      'A folder to which the files of batches that end in ERROR or QUARANTINED are moved, each to a directory of its own. It must exist. By default they stay.',
    ),
});

/** One watch path as the tuple (folder, events, processor). */
const watchPathTuple = z.tuple([folder, events, processor], {
  error: 'three values: [folder, events, processor]',
});

/** The configuration file, once a `watchPaths` function has been called. */
export const configSchema = z.strictObject(
  {
    $schema: z
      .string({ error: 'a URL or path' })
      .optional()
      .describe('For editors: where the JSON schema is. Ignored.'),
    watchPaths: expecting(
      z
        .array(z.union([watchPathTuple, watchPathObject]), {
          error: 'a list of watch paths, or a function that returns one',
        })
        .readonly(),
      'a list of watch paths, or a function that returns one (may be async)',
    )
      .default([])
      .describe('The folders to watch: tuples `[folder, events, processor]`, or objects (below).'),
    stateDir: text(FILE)
      .optional()
      .describe(
        'Directory of everything that sendit writes: `.sendit` beside the configuration file, else in the working directory.',
      ),
    pidFile: text(FILE).optional().describe('By default `watcher.pid` in the state directory.'),
    outFile: text(FILE)
      .optional()
      .describe('Output of the watcher; by default `logs/watcher.out` in the state directory.'),
    errFile: text(FILE)
      .optional()
      .describe('Errors of the watcher; by default `logs/watcher.err` in the state directory.'),
    socketPath: text(FILE)
      .optional()
      .describe(
        'Unix socket of the running watcher; by default `api.sock` in the state directory. A path of more than 107 bytes moves to a short directory under the temporary one.',
      ),
    databaseDir: text(FILE)
      .optional()
      .describe(
        'Directory of the embedded database, used without `databaseUrl`; by default `database` in the state directory.',
      ),
    databaseUrl: url(['postgres', 'postgresql'])
      .optional()
      .describe(
        'PostgreSQL server. Without it the embedded database is used. Encrypted with `?sslmode=require`, `verify-ca` or `verify-full`; `sslrootcert`, `sslcert` and `sslkey` name files.',
      ),
    redisUrl: url(['redis', 'rediss'])
      .optional()
      .describe(
        'Redis server for the queue; needs `databaseUrl`. Without it the queue lives in the database. `rediss:` is encrypted and verified; `?sslrootcert=FILE` names the authority, as for `databaseUrl`.',
      ),
    messageLevel: messageLevel
      .default('DEBUG')
      .describe('Messages above this level are not written; `QUIET` writes none.'),
    logFormat: oneOf(['text', 'json']).default('text').describe('Lines for people, or one JSON object a line.'),
    logs: z
      .strictObject(
        {
          maxBytes: size
            .default('10M')
            .describe('A log file that reaches this size is rotated. K, M and G are powers of 1024.'),
          keep: wholeNumber(0, 1000, ' of files').default(5).describe('Rotated files kept of each log.'),
        },
        { error: 'an object with maxBytes and keep' },
      )
      .prefault({})
      .describe('Rotation of the log files.'),
    portal: z
      .strictObject(
        {
          enabled: yesOrNo().default(true).describe('Whether the watcher serves the web portal.'),
          host: text('a host name or address').default('127.0.0.1').describe('Address to listen on.'),
          port: wholeNumber(0, 65_535, '')
            .default(7373)
            .describe(
              'Port to listen on; 0 takes any free one. The default moves to a free port when taken; a taken port that was set is an error.',
            ),
          basePath: expecting(z.string({ error: A_PATH }).regex(/^(?:|(?:\/[\w.~-]+)+)$/, { error: A_PATH }), A_PATH)
            .default('')
            .describe('Path below which a proxy has the portal, where the proxy does not take it away.'),
          hosts: expecting(
            z.array(text('a host name'), { error: 'a list of host names' }).readonly(),
            'a list of host names',
          )
            .default([])
            .describe('Other host names that the portal answers to, such as that of a proxy before it.'),
          trustedProxies: expecting(
            z.array(text('an address'), { error: 'a list of addresses' }).readonly(),
            'a list of addresses',
          )
            .default([])
            .describe('Addresses of proxies whose X-Forwarded-Host, -Proto and -For are believed.'),
        },
        { error: 'an object with enabled, host, port, basePath, hosts and trustedProxies' },
      )
      .prefault({})
      .describe('The web portal.'),
    worker: z
      .strictObject(
        {
          concurrency: wholeNumber(1, 256, ' of batches')
            .default(4)
            .describe(
              'Batches that one process imports at the same time: so many large ones, four times as many of up to 1,000 files, and sixteen times as many of up to 100 that came together; of actions, two at most.',
            ),
          attempts: wholeNumber(1, 100, ' of attempts')
            .default(8)
            .describe('How often a failing import is tried before its batch is quarantined.'),
          backoffMs: wholeNumber(0, DAY_MS, ' of milliseconds')
            .default(1000)
            .describe('Wait before the second attempt; doubled for every further one.'),
          threads: wholeNumber(1, 64, ' of threads').default(2).describe('Threads that read headers, per process.'),
          networkThreads: wholeNumber(1, 64, ' of threads')
            .default(8)
            .describe('The same for directories on network file systems, where a thread waits more than it works.'),
          hash: oneOf(['none', 'header', 'file'])
            .default('header')
            .describe(
              'What of each file is hashed: nothing, what lies before its pixel data, or all of it. Only `file` reads pixel data.',
            ),
          hashAlgorithm: oneOf(['xxh128', 'sha256'])
            .default('xxh128')
            .describe('By what: xxh128 (XXH3, 128 bits) is the faster one, sha256 stands as evidence.'),
          extraAttributes: dictionaryKeywords
            .default([])
            .describe(
              'Attributes that are kept of each instance beside those of every import, as in the header: in the database alone, since they may be personal. In the environment joined by `:`.',
            ),
          filter: imageFilter,
          checks: checks
            .default([])
            .describe(
              'Checks of your own, run in every import when all headers are read: modules with what `defineCheck` gives (docs/extending.md). In the environment joined by `:`.',
            ),
          steps: steps
            .default([])
            .describe(
              'What import workers do with every batch that is DONE, one step after the other, before the actions of its watch path: functions of your own (docs/extending.md). In the environment joined by `:`.',
            ),
        },
        {
          error:
            'an object with concurrency, attempts, backoffMs, threads, networkThreads, hash, hashAlgorithm, extraAttributes, filter, checks and steps',
        },
      )
      .prefault({})
      .describe('Importing.'),
    alerts,
    limits,
    findings: findings()
      .default({})
      .describe(
        'How bad findings are, by code (docs/findings.md), for every watch path that does not say otherwise. `error` ends a batch in ERROR, whose rows are written all the same; `off` does not tell the finding. In the environment `truncated=error:private-data=off`.',
      ),
    stopTimeoutMs: wholeNumber(0, DAY_MS, ' of milliseconds')
      .default(30_000)
      .describe('How long a stopping watcher may take to finish what it began.'),
    quietMs: quietMs
      .default(15_000)
      .describe(
        'For every watch path that has none of its own: how long nothing may change before a directory that was not renamed counts as complete.',
      ),
    testPrefix: testPrefix
      .default('test')
      .describe(
        'For every watch path that has none of its own: directories whose name begins so (in any case) are logged, not imported.',
      ),
  },
  { error: 'an object of settings' },
);

/** The parsed file, defaults filled in. */
export type ParsedConfig = z.output<typeof configSchema>;

/** The parsed object form of one watch path. */
export type ParsedWatchPath = z.output<typeof watchPathObject>;

/** `['IN_CREATE', 'IN_MOVED_TO']` and `IN_CREATE|IN_MOVED_TO` as `IN_CREATE | IN_MOVED_TO`. */
export function toEventExpression(events: string | readonly string[]): string {
  return (typeof events === 'string' ? events.split('|') : events).map((word) => word.trim()).join(' | ');
}
