import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { toCode } from '@sendit/model';

/** The path with every symbolic link followed, as far as it exists. */
export async function readRealPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await readRealPath(parent), basename(path));
  }
}

/** Whether `path` is `folder` or lies below it; both real and absolute. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** Why a folder cannot be watched, completing "which …"; undefined when it can. */
export async function readFolderFault(folder: string): Promise<string | undefined> {
  try {
    if (!(await stat(folder)).isDirectory()) return 'is not a directory';
    await access(folder, constants.R_OK | constants.X_OK);
    return undefined;
  } catch (thrown) {
    const code = toCode(thrown) ?? String(thrown);
    switch (code) {
      case 'ENOENT':
        return 'does not exist';
      case 'ENOTDIR':
        return 'lies below something that is not a directory';
      case 'EACCES':
        return 'this user may not read (reading and searching are needed)';
      default:
        return `cannot be looked at (${code})`;
    }
  }
}
