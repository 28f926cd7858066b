import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { ActionAttempt, ActionBatch, ManifestFile } from '@sendit/model';

export const KEY = '5b0c7b06-3d0c-4a53-9d8e-0d5c8b0f5f4e';

/** An attempt at an action of a batch that is done. */
export function attemptOf(path: string, changes: Partial<ActionBatch> = {}): ActionAttempt {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return {
    id: KEY,
    name: 'hand-on',
    kind: 'exec',
    attempt: 1,
    status: 'DONE',
    relativePath: name,
    isPlaced: false,
    unit: 'directory',
    batch: {
      id: '7',
      root: 'data',
      path,
      name,
      status: 'DONE',
      generation: 1,
      studies: 1,
      series: 2,
      instances: 3,
      duplicates: 0,
      quarantined: 0,
      replaced: 0,
      findings: 0,
      isLate: false,
      renamedTo: null,
      createdAt: '2025-03-01T10:00:00.000Z',
      finishedAt: '2025-03-01T10:00:12.000Z',
      progress: null,
      grade: 'renamed',
      files: 3,
      bytes: 30,
      attempts: 1,
      reason: null,
      startedAt: null,
      studyList: [
        {
          studyInstanceUid: '1.2.3',
          studyDate: '20250228',
          seriesList: [
            { seriesInstanceUid: '1.2.3.1', modality: 'CT', seriesNumber: 1, instances: 2 },
            { seriesInstanceUid: `series_${name}`, modality: null, seriesNumber: null, instances: 1 },
          ],
        },
      ],
      findingList: [],
      actionList: [],
      ...changes,
    } as ActionBatch,
  };
}

/** Writes files below a directory and gives their sealed list, in byte order. */
export async function seal(directory: string, files: Readonly<Record<string, string>>): Promise<ManifestFile[]> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
  const sealed: ManifestFile[] = [];
  for (const path of Object.keys(files).toSorted()) {
    const stats = await lstat(join(directory, path), { bigint: true });
    const { ctimeNs: changedNs, ino: inode, mtimeNs, size } = stats;
    sealed.push({ path, bytes: Number(size), mtimeNs, inode, changedNs });
  }
  return sealed;
}

/** The sealed list in parts, as the database gives it. */
export async function* inParts(files: readonly ManifestFile[], size = 1_000): AsyncGenerator<readonly ManifestFile[]> {
  for (let start = 0; start < files.length; start += size) yield files.slice(start, start + size);
}

/** Every file below a directory, with its content; empty when the directory is not there. */
export async function readTree(directory: string): Promise<Record<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const files: Record<string, string> = {};
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[relative(directory, path)] = (await readFile(path)).toString('latin1');
  }
  return files;
}
