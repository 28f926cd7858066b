import type { AlertChannel, AlertRules, HealthLimits } from '@sendit/model';
import type { ParsedChannel } from './alert-schema.ts';
import type { ParsedConfig } from './schema.ts';
import { type ActionContext, toCommand, toEnvironment, toSecret } from './to-actions.ts';

/** The alerts as they run: what counts as a problem, and who is told. Contains secrets: never show it as a whole. */
export function toAlerts(
  { afterMs, againMs, channels, diskBelow, installation, noArrivalMs, queueMs, stuckMs }: ParsedConfig['alerts'],
  context: Pick<ActionContext, 'base' | 'env'>,
): { readonly rules: AlertRules; readonly limits: HealthLimits } {
  return {
    rules: { installation, afterMs, againMs, channels: channels.map((channel) => toChannel(channel, context)) },
    limits: { stuckMs, diskBelow: toDiskLimit(diskBelow), queueMs, noArrivalMs },
  };
}

function toChannel(parsed: ParsedChannel, { base, env }: Pick<ActionContext, 'base' | 'env'>): AlertChannel {
  const { codes, least, resolved, timeoutMs } = parsed;
  const common = { name: toChannelName(parsed), codes, least, resolved, timeoutMs };
  switch (parsed.kind) {
    case 'webhook':
      return { kind: 'webhook', ...common, url: parsed.url, secret: toSecret(parsed, env) ?? '' };
    case 'email': {
      const { from, passwordEnv, server, to, user } = parsed;
      const password = passwordEnv === undefined ? undefined : env[passwordEnv];
      return { kind: 'email', ...common, server, user, password, from, to };
    }
    case 'exec': {
      const command = toCommand(parsed.command, base);
      return { kind: 'exec', ...common, command, cwd: base, environment: toEnvironment(parsed.env, env) };
    }
  }
}

/** By default its kind. */
export function toChannelName({ kind, name }: Pick<ParsedChannel, 'kind' | 'name'>): string {
  return name ?? kind;
}

/** `10%`, `5G`. */
function toDiskLimit(words: string | false): HealthLimits['diskBelow'] {
  if (words === false) return false;
  const [, digits = '', unit = ''] = /^(\d+) ?([KMGT%])$/.exec(words) ?? [];
  return unit === '%' ? { percent: Number(digits) } : { bytes: Number(digits) * 1024 ** ' KMGT'.indexOf(unit) };
}
