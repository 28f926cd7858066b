import { resolve } from 'node:path';
import { type Action, BATCH_EVENTS, type BatchEvent } from '@sendit/model';
import type { ParsedAction } from './action-schema.ts';

export interface ActionContext {
  /** Where relative paths start, and where commands run. */
  readonly base: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The functions of the module actions, by the module as it was written; not loaded for commands that only look. */
  readonly modules: ReadonlyMap<string, unknown>;
}

/** Variables that a command gets in any case, where they are set. */
const PASSED = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'];

/** Fills in what an action leaves to its surroundings: name, absolute paths, environment, secret. */
export function toAction(parsed: ParsedAction, { base, env, modules }: ActionContext): Action {
  const { attempts, backoffMs } = parsed;
  const common = { name: toActionName(parsed), attempts, backoffMs };
  switch (parsed.kind) {
    case 'exec': {
      const { files, timeoutMs, keepOutput } = parsed;
      const command = toCommand(parsed.command, base);
      const environment = toEnvironment(parsed.env, env);
      return { kind: 'exec', ...common, command, cwd: base, environment, timeoutMs, files, keepOutput };
    }
    case 'webhook': {
      const { url, timeoutMs, includePath } = parsed;
      return { kind: 'webhook', ...common, url, secret: toSecret(parsed, env) ?? '', timeoutMs, includePath };
    }
    case 'module': {
      const { module, timeoutMs } = parsed;
      return { kind: 'module', ...common, module, run: modules.get(module), timeoutMs };
    }
    case 'copy':
    case 'move':
      return { kind: parsed.kind, ...common, to: resolve(base, parsed.to) };
  }
}

/** A command whose program is absolute where it is a path. */
export function toCommand([program = '', ...args]: readonly string[], base: string): readonly string[] {
  return [program.includes('/') ? resolve(base, program) : program, ...args];
}

/** The variables that a command gets: the usual ones and those that are named, where they are set. */
export function toEnvironment(names: readonly string[], env: ActionContext['env']): Readonly<Record<string, string>> {
  const environment: Record<string, string> = {};
  for (const name of [...PASSED, ...names]) {
    const value = env[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}

/** The move that `moveFailed` stands for. */
export function toFailedAction(moveFailed: string, base: string): Action {
  return { kind: 'move', name: 'moveFailed', to: resolve(base, moveFailed), attempts: 10, backoffMs: 1_000 };
}

/** By default its kind; of an event its kind and the event's name. */
export function toActionName({ name, kind }: Pick<ParsedAction, 'name' | 'kind'>, on?: BatchEvent): string {
  return name ?? (on === undefined ? kind : `${on}-${kind}`);
}

/** The actions of all events of a watch path, each with its event and its place in the file. */
export function listEventActions<T>(lists: Readonly<Partial<Record<BatchEvent, readonly T[] | undefined>>>) {
  return BATCH_EVENTS.flatMap((on) => (lists[on] ?? []).map((action, at) => ({ action, at, on })));
}

/** The secret of a webhook, from the file or from the environment. */
export function toSecret(
  { secret, secretEnv }: { readonly secret?: string | undefined; readonly secretEnv?: string | undefined },
  env: ActionContext['env'],
): string | undefined {
  return secret ?? (secretEnv === undefined ? undefined : env[secretEnv]);
}
