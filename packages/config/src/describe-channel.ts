import type { AlertChannel } from '@sendit/model';

/** The fields of a channel, fit to be shown: of a webhook's address only the host, of a command only the program, of a secret nothing. */
export function describeChannel(channel: AlertChannel): Readonly<Record<string, string | number | boolean>> {
  const { codes, kind, least, name, resolved, timeoutMs } = channel;
  const common = { kind, name, codes: codes.length === 0 ? 'all' : codes.join(' '), least, resolved, timeoutMs };
  switch (channel.kind) {
    case 'webhook':
      return { ...common, url: `${new URL(channel.url).origin}/***`, secret: '***' };
    case 'email': {
      const { from, server, to, user } = channel;
      return { ...common, server, from, to: to.join(' '), ...(user === undefined ? {} : { user, password: '***' }) };
    }
    case 'exec': {
      const { command, environment } = channel;
      const [program = '', ...args] = command;
      const shown = args.length === 0 ? program : `${program} (and ${args.length} more)`;
      return { ...common, command: shown, env: Object.keys(environment).join(' ') };
    }
  }
}
