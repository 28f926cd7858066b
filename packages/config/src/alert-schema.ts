import { CHANNEL_KINDS, HEALTH_CODES } from '@sendit/model';
import { z } from 'zod';
import { command, env, ENV_NAME, secret } from './action-schema.ts';
import { DAY_MS, expecting, oneOf, text, url, wholeNumber, yesOrNo } from './field-types.ts';

const NAME = 'a name of letters, digits, ".", "_" and "-"';

const codes = (() => {
  const expected = 'a list of codes (docs/troubleshooting.md)';
  return expecting(z.array(z.enum(HEALTH_CODES, { error: expected }), { error: expected }).readonly(), expected);
})();

const common = {
  name: expecting(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, { error: NAME }), NAME)
    .optional()
    .describe('Identity of the channel; by default its kind. Two of one kind need names.'),
  codes: codes.default([]).describe('Only these problems; empty: all.'),
  least: oneOf(['info', 'warning', 'error']).default('warning').describe('Only problems at least as bad.'),
  resolved: yesOrNo().default(true).describe('Whether the end of a problem is told too.'),
  timeoutMs: wholeNumber(1, DAY_MS, ' of milliseconds').default(10_000).describe('Longest wait for it.'),
};

const webhook = z.strictObject({
  kind: z.literal('webhook').describe('Sends a signed POST.'),
  url: url(['http', 'https']).describe('Receives the POST; without user and password in it.'),
  secret: secret
    .optional()
    .describe('Signs the requests; `whsec_` and base64, or any text. Better kept out of the file: `secretEnv`.'),
  secretEnv: ENV_NAME.optional().describe('Name of the environment variable that holds the secret.'),
  ...common,
});

const address = text('an e-mail address');
const email = z.strictObject({
  kind: z.literal('email').describe('Sends an e-mail.'),
  server: url(['smtp', 'smtps']).describe(
    'Mail server: `smtps://host` is encrypted from the start, `smtp://host` as soon as the server offers it, and in any case before a password.',
  ),
  user: text('a user name').optional().describe('Where the server asks for one.'),
  passwordEnv: ENV_NAME.optional().describe('Name of the environment variable that holds the password.'),
  from: address.describe('Sender.'),
  to: expecting(
    z
      .array(address, { error: 'a list of e-mail addresses' })
      .min(1, { error: 'a list of e-mail addresses' })
      .readonly(),
    'a list of e-mail addresses',
  ).describe('Receivers.'),
  ...common,
});

const exec = z.strictObject({
  kind: z.literal('exec').describe('Runs a command.'),
  command: command.describe(
    'Run without a shell, the notice as JSON on its standard input. A program with a slash is relative to the configuration file.',
  ),
  env: env.describe('Variables that the command gets too, beside PATH, HOME, LANG, LC_ALL, TZ and TMPDIR.'),
  ...common,
});

/** The fields of each kind of channel. */
export const CHANNEL_OBJECTS = { webhook, email, exec } as const;

const KIND = `a channel: an object with the kind ${CHANNEL_KINDS.join(', ')}`;

const channels = expecting(
  z
    .array(z.discriminatedUnion('kind', [webhook, email, exec], { error: KIND }), { error: 'a list of channels' })
    .max(20, { error: 'at most 20 channels' })
    .readonly(),
  'a list of channels',
);

/** One channel as the file gives it, defaults filled in. */
export type ParsedChannel = z.output<typeof channels>[number];

/** A time, or never. */
function limit(from: number) {
  const error = `a whole number of milliseconds from ${from} to ${31 * DAY_MS}, or false for never`;
  const milliseconds = z
    .int({ error })
    .min(from, { error })
    .max(31 * DAY_MS, { error });
  return expecting(z.union([milliseconds, z.literal(false)], { error }), error);
}

const diskBelow = (() => {
  const error = 'a size such as "5G", a share such as "10%", or false for never';
  const words = z.string({ error }).regex(/^(?:[1-9]\d{0,5} ?[KMGT]|[1-9]\d?%)$/, { error });
  return expecting(z.union([words, z.literal(false)], { error }), error);
})();

/** `alerts`: what counts as a problem beside what is wrong by itself, and who is told of problems. */
export const alerts = z
  .strictObject(
    {
      installation: text('a name for the installation')
        .default('sendit')
        .describe('What alerts call this installation: no patient, and nothing that others should not know.'),
      stuckMs: limit(1000)
        .default(false)
        .describe('Something that is not sealed, and neither held nor quarantined, for longer is a problem.'),
      diskBelow: diskBelow
        .default(false)
        .describe('Less free space on the disk of a watch path or of the embedded database is a problem.'),
      queueMs: limit(1000)
        .default(false)
        .describe('An import that is not done for longer after its seal is a problem.'),
      noArrivalMs: limit(60_000)
        .default(false)
        .describe('A watch path to which nothing comes for longer is a problem.'),
      afterMs: wholeNumber(0, DAY_MS, ' of milliseconds')
        .default(60_000)
        .describe('How long a problem must have stood before it is told, and been over before its end is.'),
      againMs: limit(60_000)
        .default(4 * 3_600_000)
        .describe('How often a problem that still stands is told again.'),
      channels: channels
        .default([])
        .describe('Who is told of problems (below, and in docs/alerts.md). Nobody by default.'),
    },
    {
      error: 'an object with installation, stuckMs, diskBelow, queueMs, noArrivalMs, afterMs, againMs and channels',
    },
  )
  .prefault({})
  .describe('Alerts without another monitoring system.');
