import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type MountOptions, toMountOptions } from './cache-time.ts';

/** Arguments of every process that this one may see. */
type ListCommands = () => Promise<readonly (readonly string[])[]>;

/**
 * The options that the program behind a FUSE mount was started with: the kernel does not list them. Empty where it runs elsewhere (another pid
 * namespace) or was not started with the mount point as its argument.
 */
export async function readDaemonOptions(
  { fsType, mountPoint }: { readonly fsType: string; readonly mountPoint: string },
  list: ListCommands = listCommands,
): Promise<MountOptions> {
  const program = /^fuse\.(.+)$/.exec(fsType)?.[1];
  if (program === undefined) return new Map();
  const found = (await list()).find(
    ([command = '', ...args]) => basename(command).includes(program) && args.includes(mountPoint),
  );
  return toMountOptions(found === undefined ? [] : toOptions(found.slice(1)));
}

/** `-o a,b`, `-oa`, `--name value` and `--name=value`. */
function toOptions(args: readonly string[]): readonly string[] {
  return args.flatMap((arg, index) => {
    const next = args[index + 1];
    if (arg === '-o') return next?.split(',') ?? [];
    if (arg.startsWith('-o')) return arg.slice(2).split(',');
    if (!arg.startsWith('--')) return [];
    const isAlone = arg.includes('=') || next === undefined || next.startsWith('-');
    return [isAlone ? arg.slice(2) : `${arg.slice(2)}=${next}`];
  });
}

async function listCommands(): Promise<readonly (readonly string[])[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.map((line) => line.split('\0'));
}
