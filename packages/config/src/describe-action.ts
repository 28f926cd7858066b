import type { Action } from '@sendit/model';

/**
 * The fields of an action, fit to be shown: of a webhook's address only the host, since tokens stand in paths; of a command only the
 * program; of its environment only the names; of a secret nothing.
 */
export function describeAction(action: Action): Readonly<Record<string, string | number | boolean>> {
  const { kind, name, attempts, backoffMs } = action;
  const common = { kind, name, attempts, backoffMs };
  switch (action.kind) {
    case 'exec': {
      const { command, environment, files, timeoutMs, keepOutput } = action;
      const [program = '', ...args] = command;
      const shown = args.length === 0 ? program : `${program} (and ${args.length} more)`;
      return { ...common, command: shown, env: Object.keys(environment).join(' '), timeoutMs, files, keepOutput };
    }
    case 'webhook': {
      const { url, timeoutMs, includePath } = action;
      return { ...common, url: `${new URL(url).origin}/***`, secret: '***', timeoutMs, includePath };
    }
    case 'module':
      return { ...common, module: action.module, timeoutMs: action.timeoutMs };
    case 'copy':
    case 'move':
      return { ...common, to: action.to };
  }
}
