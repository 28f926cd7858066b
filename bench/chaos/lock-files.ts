import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** So many of the newest directories are locked, the first file of one and the whole of the next. */
const LOCKED = 6;

/**
 * Takes every permission from files and directories among the newest of a folder; what gives them back. They are held by their descriptors:
 * a sender may rename them meanwhile.
 */
export async function lockFiles(folder: string): Promise<() => Promise<void>> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('L')).toSorted();
  const locked: FileHandle[] = [];
  for (const [index, name] of names.slice(-LOCKED).entries()) {
    const path = join(folder, name);
    const target = index % 2 === 0 ? path : await findFile(path);
    const handle = await open(target).catch(() => undefined);
    if (handle === undefined) continue;
    await handle.chmod(0);
    locked.push(handle);
  }
  return async () => {
    for (const handle of locked) {
      const isDirectory = (await handle.stat()).isDirectory();
      // Not what it was: another lock may have come first.
      await handle.chmod(isDirectory ? 0o755 : 0o644);
      await handle.close();
    }
  };
}

async function findFile(directory: string): Promise<string> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true }).catch(() => []);
  const file = entries.find((entry) => entry.isFile());
  return file === undefined ? directory : join(file.parentPath, file.name);
}
