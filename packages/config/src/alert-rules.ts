import type { ParsedChannel } from './alert-schema.ts';
import type { Problem } from './problem.ts';
import type { Candidate, Rule } from './rules.ts';
import { toChannelName } from './to-alerts.ts';
import { toSecret } from './to-actions.ts';

const nameOnce: Rule = {
  name: 'channel-name-once',
  severity: 'problem',
  find: (candidate) =>
    candidate.channels.flatMap((channel, at) => {
      const name = toChannelName(channel);
      if (!candidate.channels.slice(0, at).some((other) => toChannelName(other) === name)) return [];
      return [toProblem(candidate, `${at}].name`, `expected a name of its own, got ${name} again`)];
    }),
};

const webhookUsable: Rule = {
  name: 'alert-webhook-usable',
  severity: 'problem',
  find: (candidate) =>
    candidate.channels.flatMap((channel, at) => {
      if (channel.kind !== 'webhook') return [];
      const url = URL.canParse(channel.url) ? new URL(channel.url) : undefined;
      const isPlain = url !== undefined && url.username === '' && url.password === '';
      const address = isPlain
        ? []
        : [
            toProblem(
              candidate,
              `${at}].url`,
              `expected a URL without user and password, got one ${url === undefined ? 'that cannot be read' : 'with a user or a password'}`,
            ),
          ];
      return [...address, ...findSecretProblems(candidate, channel, at)];
    }),
};

function findSecretProblems(
  candidate: Candidate,
  channel: ParsedChannel & { readonly kind: 'webhook' },
  at: number,
): readonly Problem[] {
  const { secret, secretEnv } = channel;
  if ((secret === undefined) === (secretEnv === undefined)) {
    const got = secret === undefined ? 'neither' : 'both';
    return [toProblem(candidate, `${at}]`, `expected either secret or secretEnv, got ${got}`)];
  }
  // Commands that only look need not have it.
  if (!candidate.checkFolders || secretEnv === undefined) return [];
  const value = toSecret(channel, candidate.env) ?? '';
  if (value.length >= 16) return [];
  const got = value === '' ? 'nothing' : `one of ${value.length}`;
  const message = `expected the environment variable ${secretEnv} to hold a secret of at least 16 characters, got ${got}`;
  return [toProblem(candidate, `${at}].secretEnv`, message)];
}

const emailUsable: Rule = {
  name: 'alert-email-usable',
  severity: 'problem',
  find: (candidate) =>
    candidate.channels.flatMap((channel, at) => {
      if (channel.kind !== 'email') return [];
      const { passwordEnv, server, user } = channel;
      const url = URL.canParse(server) ? new URL(server) : undefined;
      if (url === undefined || url.hostname === '' || url.username !== '' || url.password !== '') {
        const message = 'expected smtp://host or smtps://host, perhaps with a port, and nothing else';
        return [toProblem(candidate, `${at}].server`, message)];
      }
      if ((user === undefined) !== (passwordEnv === undefined)) {
        return [toProblem(candidate, `${at}]`, 'expected user and passwordEnv together, got one of them')];
      }
      if (!candidate.checkFolders || passwordEnv === undefined || (candidate.env[passwordEnv] ?? '') !== '') return [];
      const message = `expected the environment variable ${passwordEnv} to hold a password, got nothing`;
      return [toProblem(candidate, `${at}].passwordEnv`, message)];
    }),
};

/** Rules across several fields of the alert channels. */
export const ALERT_RULES: readonly Rule[] = [nameOnce, webhookUsable, emailUsable];

function toProblem({ origins }: Candidate, at: string, message: string): Problem {
  return { path: `alerts.channels[${at}`, message, source: origins.of('alerts.channels').source };
}
