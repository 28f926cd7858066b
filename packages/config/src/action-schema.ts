import { HAND_ON_KINDS, type HandOnKind, FILE_LISTS } from '@sendit/model';
import { z } from 'zod';
import { DAY_MS, expecting, oneOf, text, url, wholeNumber, yesOrNo } from './field-types.ts';

/** The name of an environment variable. */
export const ENV_NAME = expecting(
  z.string({ error: 'the name of an environment variable' }).regex(/^[A-Za-z_][A-Za-z0-9_]*$/, {
    error: 'the name of an environment variable',
  }),
  'the name of an environment variable',
);

const COMMAND = 'a program and its arguments, as a list';

/** A command line that no shell reads. */
export const command = expecting(
  z
    .array(z.string({ error: 'a text' }), { error: COMMAND })
    .min(1, { error: COMMAND })
    .readonly(),
  COMMAND,
);

const ENV = 'a list of names of environment variables';

/** Environment variables that a command gets beside the usual ones. */
export const env = expecting(z.array(ENV_NAME, { error: ENV }), ENV).default([]);

/** Shorter ones can be guessed. */
const SECRET = 'a secret of at least 16 characters';

/** What signs a webhook. */
export const secret = expecting(z.string({ error: SECRET }).min(16, { error: SECRET }), SECRET);

const common = {
  name: expecting(
    z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, { error: 'a name of letters, digits, ".", "_" and "-"' }),
    'a name of letters, digits, ".", "_" and "-"',
  )
    .optional()
    .describe('Identity of the action within its watch path; by default its kind. Two of one kind need names.'),
  attempts: wholeNumber(1, 1000, ' of attempts').default(10).describe('How often it is tried before it has failed.'),
  backoffMs: wholeNumber(0, DAY_MS, ' of milliseconds')
    .default(1000)
    .describe('Wait before the second attempt; doubled for every further one, up to an hour.'),
};

const timeoutMs = wholeNumber(1, DAY_MS, ' of milliseconds');

const exec = z.strictObject({
  kind: z.literal('exec').describe('Runs a command.'),
  command: command.describe(
    'Run without a shell. A program with a slash is relative to the configuration file, others are looked up in PATH. In the arguments {path}, {batch}, {root}, {key} and {files} stand for what they name.',
  ),
  env: env.describe(
    'Variables of the watcher that the command gets too, beside PATH, HOME, LANG, LC_ALL, TZ and TMPDIR.',
  ),
  timeoutMs: timeoutMs.default(60_000).describe('Longest run; then it is ended with everything that it started.'),
  files: oneOf(FILE_LISTS)
    .default('auto')
    .describe(
      'Where it gets the absolute paths of the sealed files, each ended by NUL: after the notice on its standard input, in a file (SENDIT_FILES, {files}), not at all. auto: on standard input of a series or study.',
    ),
  keepOutput: yesOrNo()
    .default(false)
    .describe(
      "Keep the end of a failing command's output in the database, for `sendit batch show`. Only if it names no patients.",
    ),
  ...common,
});

const webhook = z.strictObject({
  kind: z.literal('webhook').describe('Sends a signed POST.'),
  url: url(['http', 'https']).describe('Receives the POST; without user and password in it.'),
  secret: secret
    .optional()
    .describe('Signs the requests; `whsec_` and base64, or any text. Better kept out of the file: `secretEnv`.'),
  secretEnv: ENV_NAME.optional().describe('Name of the environment variable that holds the secret.'),
  timeoutMs: timeoutMs.default(10_000).describe('Longest wait for an answer.'),
  includePath: yesOrNo().default(false).describe('Send the directory too. Folder names may say who the patient is.'),
  ...common,
});

const module = z.strictObject({
  kind: z.literal('module').describe('Calls a function of your own.'),
  module: text('a module of your own and its export, such as "./my-action.ts#store"').describe(
    'A function that is called with the batch (docs/actions.md); `./file.ts#name`, without `#name` the default export.',
  ),
  timeoutMs: timeoutMs.default(600_000).describe('Longest run; then its signal is aborted and the attempt has failed.'),
  ...common,
});

const to = text('the path of a folder').describe(
  'Existing folder outside every watch path; each batch gets a directory of its own in it.',
);
const copy = z.strictObject({ kind: z.literal('copy').describe('Copies the sealed files.'), to, ...common });
const move = z.strictObject({ kind: z.literal('move').describe('Moves the sealed files.'), to, ...common });

/** The fields of each kind of action. */
export const ACTION_OBJECTS = { exec, webhook, module, copy, move } as const satisfies Record<HandOnKind, z.ZodObject>;

const KIND = `an action: an object with the kind ${HAND_ON_KINDS.join(', ')}`;

const EVENT_KIND = 'an action: an object with the kind exec, webhook, module';

/** The actions of a watch path. */
export const actions = expecting(
  z
    .array(z.discriminatedUnion('kind', [exec, webhook, module, copy, move], { error: KIND }), {
      error: 'a list of actions',
    })
    .max(50, { error: 'at most 50 actions' })
    .readonly(),
  'a list of actions',
);

/** The actions of an event: they tell of it, and leave the files where they are. */
export const eventActions = expecting(
  z
    .array(z.discriminatedUnion('kind', [exec, webhook, module], { error: EVENT_KIND }), { error: 'a list of actions' })
    .max(50, { error: 'at most 50 actions' })
    .readonly(),
  'a list of actions',
);

/** One action as the file gives it, defaults filled in. */
export type ParsedAction = z.output<typeof actions>[number];
