import type { ModuleLoader } from './module-loader.ts';
import { loadExport, type ModuleReference, parseModule } from './module-reference.ts';
import type { ProcessorKind } from './settings.ts';
import { toSuggestion } from './suggest.ts';

const BUILT_IN_PREFIX = '@sendit/processors.';
const BUILT_IN = /^@sendit\/processors[.#]/;

/** A processor setting, understood but not loaded. */
export type ProcessorReference =
  | { readonly kind: 'built-in'; readonly name: string }
  | ({ readonly kind: 'module' } & ModuleReference);

/** The loaded processor, or why not (a sentence after "expected …"). */
export type LoadedProcessor =
  | { readonly kind: 'loaded'; readonly processor: ProcessorKind }
  | { readonly kind: 'problem'; readonly message: string };

/** Reads `DicomQueue`, `@sendit/processors.DicomQueue` (or `#DicomQueue`), `./my.ts`, `./my.ts#Name`, `some-package#Name`. */
export function parseProcessor(setting: string, builtIn: readonly string[]): ProcessorReference {
  const name = setting.replace(BUILT_IN, '');
  if (builtIn.includes(name)) return { kind: 'built-in', name };
  return { kind: 'module', ...parseModule(setting) };
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
  const loaded = await loadExport(reference, await openLoader(), (specifier) => toNotFound(specifier, builtIn));
  return loaded.kind === 'problem' ? loaded : { kind: 'loaded', processor: { ...reference, value: loaded.value } };
}

function toNotFound(specifier: string, builtIn: readonly string[]): string {
  const looksLikeFile = /^(?:[./]|file:)/.test(specifier);
  const wrong = specifier.replace(BUILT_IN, '');
  if (looksLikeFile) return `expected a module, got ${JSON.stringify(specifier)}, where there is no file`;
  return `expected one of ${builtIn.join(', ')}, or a module such as "./my-processor.ts#MyProcessor", got ${JSON.stringify(specifier)}, which is neither built in nor installed${toSuggestion(wrong, builtIn)}`;
}
