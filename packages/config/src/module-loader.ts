import { toMessage } from '@sendit/model';
import { createJiti, type Jiti } from 'jiti';
import { defineConfig } from './define-config.ts';

/**
 * Loads the user's TypeScript and JavaScript on every supported Node. Compiled code is not cached on disk (another user of the machine
 * could plant some in the temporary directory) nor in memory (a reload must see the edit). `@sendit/config` and the given modules resolve
 * even where nothing is installed.
 */
export function openModuleLoader(from: string, modules: Readonly<Record<string, unknown>> = {}): Jiti {
  return createJiti(from, {
    fsCache: false,
    moduleCache: false,
    interopDefault: false,
    virtualModules: { '@sendit/config': { defineConfig }, ...modules },
  });
}

/** Why a module could not be loaded: the message without stack, excerpts and lists of requirers, on one line. */
export function toLoadMessage(thrown: unknown, file: string): string {
  const [message = ''] = toMessage(thrown).split(/\n\s*\n|\nRequire stack/);
  return message
    .replace(/^ParseError:/, 'syntax error:')
    .replaceAll(`${file}: `, '')
    .replace(/\s+/g, ' ')
    .trim();
}
