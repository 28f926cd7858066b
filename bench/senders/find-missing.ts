import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { tmpdir } from 'node:os';
import { type Need, type Scenario, TOOLS } from './scenario.ts';

/** Why a scenario cannot run on this machine; undefined where it can. */
export function findMissing({ needs, isOrdinary }: Pick<Scenario, 'needs' | 'isOrdinary'>): string | undefined {
  const all: readonly Need[] = isOrdinary === true ? [...needs, 'root'] : needs;
  return all.map(explainMissing).find((reason) => reason !== undefined);
}

function explainMissing(need: Need): string | undefined {
  if (need === 'root') return process.getuid?.() === 0 ? undefined : 'it needs root';
  if (need === 'fuse') return isUsable('/dev/fuse') ? undefined : 'there is no /dev/fuse that this account may use';
  if (need === 'other-device') return hasOtherDevice() ? undefined : '/dev/shm is no file system of its own';
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'].filter((folder) => folder !== '');
  const isThere = folders.some((folder) => isUsable(join(folder, need), constants.X_OK));
  return isThere ? undefined : `${need} is not installed (Debian: apt-get install ${TOOLS[need]})`;
}

function isUsable(path: string, mode = constants.R_OK | constants.W_OK): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function hasOtherDevice(): boolean {
  return isUsable('/dev/shm') && statSync('/dev/shm').dev !== statSync(tmpdir()).dev;
}
