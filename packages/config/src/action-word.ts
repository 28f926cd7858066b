import type { Action } from '@sendit/model';
import { describeAction } from './describe-action.ts';

const VERBS: Readonly<Record<string, string>> = {
  exec: 'run',
  webhook: 'send to',
  module: 'call',
  copy: 'copy to',
  move: 'move to',
};

/** An action in a few words, without secrets: `to-archive (run /usr/bin/send)`. */
export function toActionWord(action: Action): string {
  const { command, kind, module, name, to, url } = describeAction(action);
  const target = command ?? url ?? module ?? to ?? '';
  return `${name} (${VERBS[String(kind)] ?? kind} ${target})`;
}
