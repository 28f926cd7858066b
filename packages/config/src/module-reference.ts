import { exportNames, type ModuleLoader, takeExport, toLoadMessage } from './module-loader.ts';
import { toSuggestion } from './suggest.ts';

/** An export of one of the user's modules, not loaded. */
export interface ModuleReference {
  /** The file or package as written, without the export's name. */
  readonly specifier: string;
  /** `default`, or the name after `#`. */
  readonly exportName: string;
}

/** A loaded export, a function or an object; or a sentence that says why it cannot be loaded. */
export type LoadedExport =
  | { readonly kind: 'loaded'; readonly value: unknown }
  | { readonly kind: 'problem'; readonly message: string };

/** Reads `./my.ts`, `./my.ts#Name`, `some-package#Name`. */
export function parseModule(setting: string): ModuleReference {
  const [, specifier, exportName] = /^(.+)#([\p{ID_Start}$_][\p{ID_Continue}$]*)$/u.exec(setting) ?? [];
  if (specifier === undefined || exportName === undefined) return { specifier: setting, exportName: 'default' };
  return { specifier, exportName };
}

/** Imports a module of the user's and takes its export; runs the module's own code. `toNotFound` says what was expected in its place. */
export async function loadExport(
  { exportName, specifier }: ModuleReference,
  loader: ModuleLoader,
  toNotFound: (specifier: string) => string,
): Promise<LoadedExport> {
  let file: string;
  try {
    file = loader.resolve(specifier);
  } catch {
    return { kind: 'problem', message: toNotFound(specifier) };
  }
  let loaded: unknown;
  try {
    loaded = await loader.load(file);
  } catch (thrown) {
    return {
      kind: 'problem',
      message: `expected a module that loads, got ${specifier}: ${toLoadMessage(thrown, file)}`,
    };
  }
  const value = takeExport(loaded, exportName);
  if (value === undefined) {
    const names = exportNames(loaded);
    const exported = names.length === 0 ? 'exports nothing' : `exports ${names.join(', ')}`;
    return {
      kind: 'problem',
      message: `expected the export ${exportName} in ${specifier}, which ${exported}${toSuggestion(exportName, names)}; name another with ${specifier}#Name`,
    };
  }
  if (typeof value === 'function' || (typeof value === 'object' && value !== null)) return { kind: 'loaded', value };
  const got = value === null ? 'null' : `a ${typeof value}`;
  return {
    kind: 'problem',
    message: `expected ${exportName} of ${specifier} to be a class, function or object, got ${got}`,
  };
}
