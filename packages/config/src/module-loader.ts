import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toMessage } from '@sendit/model';
import { defineConfig } from './define-config.ts';

/** Loads the user's TypeScript and JavaScript on every supported Node. */
export interface ModuleLoader {
  /**
   * Resolves a specifier from where the loader was opened, to an absolute file or a `node:` name. @throws if not found.
   */
  resolve(specifier: string): string;
  /** Runs the module and gives its exports: a namespace, or whatever a CommonJS module exports. */
  load(file: string): Promise<unknown>;
}

/** Packages that the user's files may import although they are not installed beside them. */
export interface UserPackages {
  /** Loaded modules by name: `{'@sendit/processors': …}`. */
  readonly modules?: Readonly<Record<string, unknown>>;
  /** Absolute file by name, for packages that are loaded only where a file imports them. */
  readonly aliases?: () => Readonly<Record<string, string>>;
}

/**
 * Opens a loader whose relative specifiers start from the folder of `from`. A loaded file is always read anew, so that a reload sees its
 * edit (what it imports natively may stay as Node loaded it first). Compiled code is not kept on disk: another user of the machine could
 * plant some in the temporary directory. `@sendit/config` and the given modules resolve even where nothing is installed.
 */
export async function openModuleLoader(from: string, { aliases, modules }: UserPackages = {}): Promise<ModuleLoader> {
  const { createJiti } = await import('jiti');
  const jiti = createJiti(from, {
    fsCache: false,
    moduleCache: false,
    interopDefault: false,
    // Read where the process has source maps on: then an error names the line as it was written.
    sourceMaps: true,
    alias: { ...aliases?.() },
    // What is installed is run as it is: the user's file and sendit share one.
    nativeModules: Object.keys(aliases?.() ?? {}),
    virtualModules: { '@sendit/config': { defineConfig }, ...modules },
  });
  const load = async (file: string): Promise<unknown> => {
    if (file.includes('/node_modules/') || file.startsWith('node:')) return jiti.import(file);
    const source = await readFile(file, 'utf8');
    // Without `forceTranspile` jiti imports .mjs and .cjs natively, and Node gives the first version for ever.
    return jiti.evalModule(source, { filename: file, ext: extname(file), async: true, forceTranspile: true });
  };
  return {
    resolve: (specifier) => {
      const url = jiti.esmResolve(specifier);
      return url.startsWith('file:') ? fileURLToPath(url) : url;
    },
    load,
  };
}

/** Returns an export by its name, or undefined. A CommonJS module's default export is the whole module. */
export function takeExport(loaded: unknown, name: string): unknown {
  const own = read(loaded, name);
  if (own !== undefined) return own;
  if (name !== 'default') return read(read(loaded, 'default'), name);
  const isModule = read(loaded, '__esModule') === true || exportNames(loaded).length === 0;
  return isModule && typeof loaded !== 'function' ? undefined : loaded;
}

/** The names that a module exports. */
export function exportNames(loaded: unknown): readonly string[] {
  return typeof loaded === 'object' && loaded !== null ? Object.keys(loaded) : [];
}

function read(from: unknown, name: string): unknown {
  const hasKeys = (typeof from === 'object' && from !== null) || typeof from === 'function';
  return hasKeys && Object.hasOwn(from, name) ? Reflect.get(from, name) : undefined;
}

/** Why a module could not be loaded: the message without stack, excerpts and lists of requirers, on one line. */
export function toLoadMessage(thrown: unknown, file: string): string {
  const [message = ''] = toMessage(thrown).split(/\n\s*\n|\nRequire stack/);
  return message
    .replace(/^ParseError:/, 'syntax error:')
    .replaceAll(`${file}: `, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/:$/, '');
}
