import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { isRecord } from './is-record.ts';
import { type ModuleLoader, takeExport, toLoadMessage } from './module-loader.ts';
import type { Problem } from './problem.ts';

/** The content of a configuration file as written, or why it cannot be read. */
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
  let value: unknown;
  try {
    value = await readRaw(path, loader);
  } catch (thrown) {
    const message = `cannot be loaded: ${toLoadMessage(thrown, path)}`;
    return { kind: 'problem', problem: { path: '', message, source } };
  }
  return takeConfig(value, { ...options, source, path });
}

/** The same for what a file exports, or code gives in its place; `path` is where it stands. */
export async function takeConfig(
  value: unknown,
  options: { readonly source: string; readonly path: string; readonly callWatchPaths: boolean },
): Promise<ReadFile> {
  const { path, source } = options;
  const toProblem = (message: string, setting = ''): ReadFile => ({
    kind: 'problem',
    problem: { path: setting, message, source },
  });
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
  const format = extname(path);
  if (format !== '.json' && format !== '.yaml' && format !== '.yml') {
    return takeExport(await loader.load(path), 'default');
  }
  const text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  if (format === '.json') return JSON.parse(text);
  const { parse } = await import('yaml');
  return parse(text, { logLevel: 'error' });
}

function toKind(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
