import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SenditError, toMessage } from '@sendit/model';

const run = promisify(execFile);

/** Which unit, and where. */
export interface UnitPlace {
  readonly name: string;
  readonly folder: string;
}

/**
 * Writes a unit and lets systemd read it; with `now`, enables and starts it.
 * @returns the file. @throws SenditError `refused` when the file cannot be written, or systemd refuses.
 */
export async function installUnit(
  { folder, name }: UnitPlace,
  unit: string,
  { now }: { readonly now: boolean },
): Promise<string> {
  const file = join(folder, name);
  await attempt(`${file} cannot be written`, () => writeFile(file, unit, { mode: 0o644 }));
  await systemctl('daemon-reload');
  if (now) await systemctl('enable', '--now', name);
  return file;
}

/**
 * Stops and disables a unit, and removes its file.
 * @returns the file. @throws SenditError `refused` when it cannot be removed, or systemd refuses.
 */
export async function removeUnit({ folder, name }: UnitPlace): Promise<string> {
  const file = join(folder, name);
  await systemctl('disable', '--now', name);
  await attempt(`${file} cannot be removed`, () => rm(file, { force: true }));
  await systemctl('daemon-reload');
  return file;
}

async function systemctl(...args: readonly string[]): Promise<void> {
  await attempt(`systemctl ${args.join(' ')} failed`, () => run('systemctl', [...args]));
}

async function attempt(what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const [why = ''] = toMessage(error).trim().split('\n').slice(-1);
    throw new SenditError(`${what}: ${why}`, {
      code: 'refused',
      hint: 'Run it as root on a host with systemd; `sendit service print` writes the unit to standard output instead.',
    });
  }
}
