import { lstat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Settings, WatchPath } from '@sendit/config';
import { isFinishedName, toNameRules } from '@sendit/detector';
import { readFileKind } from '@sendit/detector/node';
import { isTestName, toLooseReason, toTestReason } from '@sendit/intake';

/** Why something right in a watch path is never sealed as it is, and what to do. */
export interface LeftAloneReason {
  readonly reason: string;
  readonly toFinish: string;
}

/** By its name alone; undefined where nothing in its name keeps it back, or only `.tmp*`. Without a watch path by the general settings. */
export function toNameReason(
  name: string,
  watchPath: Pick<WatchPath, 'testPrefix' | 'ignore' | 'arrivingNames'> | undefined,
  settings: Pick<Settings, 'testPrefix'>,
): LeftAloneReason | undefined {
  const { testPrefix = settings.testPrefix } = watchPath ?? {};
  const names = toNameRules(watchPath);
  if (names.isIgnored(name)) {
    return {
      reason: 'it is ignored by its name: never sealed (`ignore`)',
      toFinish: 'Rename it, or take the name out with a `!glob` in `ignore` of the watch path.',
    };
  }
  if (isTestName(name, testPrefix)) {
    return {
      reason: toTestReason(testPrefix),
      toFinish: 'Rename it, or set `testPrefix` of the watch path to another beginning, or to false.',
    };
  }
  if (isFinishedName(name) && names.isNamedArriving(name)) {
    return {
      reason: 'its name is not final: see `arrivingNames`',
      toFinish: 'Rename it to its final name when everything is in it.',
    };
  }
  return undefined;
}

/** The same, of a path right in a watch path of directories: a file too. */
export async function readLeftAlone(
  path: string,
  watchPath: WatchPath | undefined,
  settings: Pick<Settings, 'testPrefix'>,
): Promise<LeftAloneReason | undefined> {
  const isFile = (await lstat(path).catch(() => undefined))?.isFile() === true;
  if (!isFile) return toNameReason(basename(path), watchPath, settings);
  const kind = await readFileKind(path);
  const reason = toLooseReason(kind) ?? 'it is a file, neither DICOM nor an archive; only directories are taken';
  const toFinish =
    kind === 'dicom'
      ? 'Set `unit: study` (or `series`) for the watch path, or put it into a directory.'
      : 'Put what is in it into a directory of its own.';
  return { reason, toFinish };
}
