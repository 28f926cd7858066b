import { readFile } from 'node:fs/promises';
import { seesEveryWriter } from '@sendit/detector/node';
import { readOpenFilesLimit } from '@sendit/files';
import { type Diagnosis, diagnose } from './diagnosis.ts';

/** Limits of the machine for a watcher. */
export interface MachineFacts {
  readonly node: string;
  readonly platform: string;
  /** `fs.inotify.*` by their last word; undefined where the kernel does not say. */
  readonly inotify: Readonly<Record<InotifyLimit, number | undefined>>;
  /** Soft limit of open files; undefined where the system does not say. */
  readonly openFiles: number | undefined;
  /** Whether it can be seen who has files open, of every user. */
  readonly seesWriters: boolean;
}

type InotifyLimit = 'max_user_watches' | 'max_user_instances' | 'max_queued_events';

/** Least value, what runs out below it, and a usual one. */
const LIMITS: readonly (readonly [InotifyLimit, number, string, number])[] = [
  ['max_user_watches', 65_536, 'one watch for each directory below a watch path of series or studies', 524_288],
  ['max_user_instances', 64, 'one instance for each watch path, shared with all programs of the user', 512],
  ['max_queued_events', 16_384, 'a burst of more events overflows, and the folder is listed anew', 65_536],
];

const OLDEST_NODE: readonly [number, number] = [20, 19];
const FEWEST_FILES = 1_024;

/** Judges what the machine gives. */
export function judgeMachine(facts: MachineFacts): readonly Diagnosis[] {
  return [
    judgeNode(facts.node),
    judgePlatform(facts.platform),
    ...LIMITS.flatMap(([name, least, use, usual]) => {
      const { ok, not } = diagnose(`inotify-${name.replace(/^max_/, '').replace('user_', '').replace('queued_', '')}`);
      const value = facts.inotify[name];
      if (value === undefined) return [];
      const found = `fs.inotify.${name} is ${value}`;
      const fix = `echo fs.inotify.${name}=${usual} > /etc/sysctl.d/60-sendit-${name}.conf; sysctl --system`;
      return [value >= least ? ok(found) : not('warning', `${found}: ${use}`, fix)];
    }),
    ...(facts.openFiles === undefined ? [] : [judgeOpenFiles(facts.openFiles)]),
    judgeWriters(facts.seesWriters),
  ];
}

function judgeNode(version: string): Diagnosis {
  const { ok, not } = diagnose('node');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = OLDEST_NODE;
  const isNew = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  return isNew ? ok(version) : not('error', version, `Install Node ${OLDEST_NODE.join('.')} or newer.`);
}

function judgePlatform(platform: string): Diagnosis {
  const { ok, not } = diagnose('platform');
  if (platform === 'linux') return ok(platform);
  return not('warning', `${platform}: no inotify, and no look at who has files open`, 'Run it on Linux in production.');
}

function judgeOpenFiles(limit: number): Diagnosis {
  const { ok, not } = diagnose('open-files');
  const found = `at most ${limit} open files`;
  if (limit > FEWEST_FILES) return ok(found);
  return not(
    'info',
    `${found}: pages beyond some hundreds are refused, so that imports go on`,
    'Raise it: LimitNOFILE=65536 in the unit, or `ulimit -n 65536` before the start.',
  );
}

function judgeWriters(seesAll: boolean): Diagnosis {
  const { ok, not } = diagnose('writers');
  if (seesAll) return ok('who has files open can be seen');
  return not(
    'info',
    'who has files open cannot be seen of processes of other users',
    'Let the watcher have CAP_SYS_PTRACE (AmbientCapabilities=CAP_SYS_PTRACE in the unit), or have senders rename or leave a done-file.',
  );
}

/** Reads what the machine gives this process. */
export async function readMachine(): Promise<MachineFacts> {
  const names = LIMITS.map(([name]) => name);
  const values = await Promise.all(names.map((name) => readNumber(`/proc/sys/fs/inotify/${name}`)));
  const inotify = Object.fromEntries(names.map((name, index) => [name, values[index]]));
  return {
    node: process.versions.node,
    platform: process.platform,
    inotify: inotify as MachineFacts['inotify'],
    openFiles: readOpenFilesLimit(),
    seesWriters: await seesEveryWriter(),
  };
}

async function readNumber(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trim() === '' ? undefined : Number(text);
}
