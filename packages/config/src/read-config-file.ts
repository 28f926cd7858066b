import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { isRecord } from './is-record.ts';
import { type ModuleLoader, toLoadMessage } from './module-loader.ts';
import type { Problem } from './problem.ts';

/** The content of a configuration file as it was written, or why there is none. */
export type ReadFile =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'problem'; readonly problem: Problem };

/**
 * Reads a configuration file of any known format. Only this file: no rc files, no .env, no `extends`, nothing from the network, no
 * variation by NODE_ENV. A `watchPaths` function is called here.
 */
export async function readConfigFile(
  path: string,
  loader: ModuleLoader,
  options: { callWatchPaths: boolean },
): Promise<ReadFile> {
  const source = `file ${basename(path)}`;
  const toProblem = (message: string, setting = ''): ReadFile => ({
    kind: 'problem',
    problem: { path: setting, message, source },
  });
  let value: unknown;
  try {
    value = await readRaw(path, loader);
  } catch (thrown) {
    return toProblem(`cannot be loaded: ${toLoadMessage(thrown, path)}`);
  }
  if (!isRecord(value)) {
    return toProblem(`expected an object of settings, got ${toKind(value)}; \`sendit config init\` writes an example`);
  }
  const { watchPaths } = value;
  if (typeof watchPaths !== 'function') return { kind: 'value', value };
  if (!options.callWatchPaths) return { kind: 'value', value: { ...value, watchPaths: undefined } };
  try {
    const called: unknown = await watchPaths();
    return { kind: 'value', value: { ...value, watchPaths: called } };
  } catch (thrown) {
    return toProblem(`the function threw: ${toLoadMessage(thrown, path)}`, 'watchPaths');
  }
}

async function readRaw(path: string, loader: ModuleLoader): Promise<unknown> {
  // c12 would `require` it, and a second loading would get the cached first one.
  if (path.endsWith('.json')) return JSON.parse((await readFile(path, 'utf8')).replace(/^\uFEFF/, ''));
  const { loadConfig } = await import('c12');
  try {
    const loaded = await loadConfig<Record<string, unknown>>({
      cwd: dirname(path),
      configFile: path,
      configFileRequired: true,
      jiti: loader.jiti,
      rcFile: false,
      globalRc: false,
      packageJson: false,
      dotenv: false,
      extend: false,
      giget: false,
      envName: false,
      // One source only; the default merger would drop nulls, which the schema is to report.
      merger: (...values: unknown[]) => values[1] as Record<string, unknown>,
    });
    // c12 takes `$meta` out of the object: put back, the schema reports it as unknown.
    const meta = Object.keys(loaded.meta ?? {}).length > 0 ? { $meta: loaded.meta } : {};
    return isRecord(loaded.config) ? { ...loaded.config, ...meta } : loaded.config;
  } catch (thrown) {
    // c12 reads `$meta` of an empty file's null or undefined.
    if (thrown instanceof TypeError && thrown.message.includes("'$meta'")) return undefined;
    throw thrown;
  }
}

function toKind(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
