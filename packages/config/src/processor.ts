import { exportNames, type ModuleLoader, takeExport, toLoadMessage } from './module-loader.ts';
import type { ProcessorKind } from './settings.ts';
import { toSuggestion } from './suggest.ts';

const BUILT_IN_PREFIX = '@sendit/processors.';
const BUILT_IN = /^@sendit\/processors[.#]/;

/** A processor setting, understood but not loaded. */
export type ProcessorReference =
  | { readonly kind: 'built-in'; readonly name: string }
  | { readonly kind: 'module'; readonly specifier: string; readonly exportName: string };

/** The loaded processor, or why not (a sentence after "expected …"). */
export type LoadedProcessor =
  | { readonly kind: 'loaded'; readonly processor: ProcessorKind }
  | { readonly kind: 'problem'; readonly message: string };

/** Reads `DicomQueue`, `@sendit/processors.DicomQueue` (or `#DicomQueue`), `./my.ts`, `./my.ts#Name`, `some-package#Name`. */
export function parseProcessor(setting: string, builtIn: readonly string[]): ProcessorReference {
  const name = setting.replace(BUILT_IN, '');
  if (builtIn.includes(name)) return { kind: 'built-in', name };
  const [, specifier, exportName] = /^(.+)#([\p{ID_Start}$_][\p{ID_Continue}$]*)$/u.exec(setting) ?? [];
  if (specifier === undefined || exportName === undefined) {
    return { kind: 'module', specifier: setting, exportName: 'default' };
  }
  return { kind: 'module', specifier, exportName };
}

/** The processor as a person reads it: the full name of a built-in one, the user's own words otherwise. */
export function toDisplayName(reference: ProcessorReference, setting: string): string {
  return reference.kind === 'built-in' ? `${BUILT_IN_PREFIX}${reference.name}` : setting;
}

/** Imports the module of a user's processor and takes its export; runs the module's own code. */
export async function loadProcessor(
  reference: ProcessorReference,
  openLoader: () => Promise<ModuleLoader>,
  builtIn: readonly string[],
): Promise<LoadedProcessor> {
  if (reference.kind === 'built-in') return { kind: 'loaded', processor: reference };
  const { specifier, exportName } = reference;
  const loader = await openLoader();
  let file: string;
  try {
    file = loader.resolve(specifier);
  } catch {
    return { kind: 'problem', message: toNotFound(specifier, builtIn) };
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
  if (typeof value === 'function' || (typeof value === 'object' && value !== null)) {
    return { kind: 'loaded', processor: { ...reference, value } };
  }
  const got = value === null ? 'null' : `a ${typeof value}`;
  return {
    kind: 'problem',
    message: `expected ${exportName} of ${specifier} to be a class, function or object, got ${got}`,
  };
}

function toNotFound(specifier: string, builtIn: readonly string[]): string {
  const looksLikeFile = /^(?:[./]|file:)/.test(specifier);
  const wrong = specifier.replace(BUILT_IN, '');
  if (looksLikeFile) return `expected a module, got ${JSON.stringify(specifier)}, where there is no file`;
  return `expected one of ${builtIn.join(', ')}, or a module such as "./my-processor.ts#MyProcessor", got ${JSON.stringify(specifier)}, which is neither built in nor installed${toSuggestion(wrong, builtIn)}`;
}
