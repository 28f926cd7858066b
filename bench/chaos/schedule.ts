import { Random } from '../simulate/random.ts';

/** Where database and queue are, in the words of the command line. */
export const BACKENDS = ['embedded', 'postgres', 'redis'] as const;

/** One word of {@link BACKENDS}. */
export type Backend = (typeof BACKENDS)[number];

/**
 * How one directory is sent:
 *
 * renamed      `X.tmp`, its files, the rename
 * direct       created under its final name, complete when it is quiet
 * duplicate    the same bytes as an earlier directory, under another name
 * bad-file     with files beside the images that are no DICOM
 * no-image     nothing in it is DICOM: ends EMPTY
 * two-dates    images of two study dates: ends in ERROR, as `oneStudyDate` says, its rows are written
 * test         a test directory: must not be sealed
 * unfinished   a transfer that was cut, still `.tmp`: must not be sealed
 */
export type SendKind = keyof typeof SEND_WEIGHTS;

const SEND_WEIGHTS = {
  renamed: 76,
  direct: 8,
  duplicate: 5,
  'bad-file': 6,
  'no-image': 2,
  'two-dates': 1,
  test: 1,
  unfinished: 1,
};

/** One directory to send. */
export interface Send {
  readonly index: number;
  /** Base name, without `.tmp`. */
  readonly name: string;
  readonly kind: SendKind;
  /** Files of each series. */
  readonly series: readonly number[];
  /** For `duplicate`: the index of what it repeats. */
  readonly repeats: number;
  /** Pause before it, in its lane. */
  readonly pauseMs: number;
}

/**
 * Faults of processes and services:
 *
 * kill-…       SIGKILL; of PostgreSQL what `pg_ctl restart -m immediate` does
 * restart-…    SIGTERM, and started again
 * freeze-…     SIGSTOP, and SIGCONT after a while that may be longer than a job's lock
 * flush-redis  FLUSHALL
 * cut-…        every connection to PostgreSQL ended by the server
 * fill-…       the small disk of the state directory or of PostgreSQL full, and free again after a while
 * second-…     the watcher started once more on the same state directory, as a container with pid and network namespaces of its own does;
 *              the first one runs, or is frozen meanwhile
 * lock-files   files and directories among the newest that nobody may read, for a while that may be longer than all attempts at an import
 * unmount-data the watch path unmounted, with a stray directory in its mount point, and mounted again after a while
 */
export type FaultKind =
  | 'kill-daemon'
  | 'kill-worker'
  | 'kill-redis'
  | 'kill-postgres'
  | 'restart-daemon'
  | 'restart-worker'
  | 'restart-redis'
  | 'freeze-daemon'
  | 'freeze-worker'
  | 'flush-redis'
  | 'cut-postgres'
  | 'fill-state'
  | 'fill-postgres'
  | 'second-container'
  | 'second-while-frozen'
  | 'lock-files'
  | 'unmount-data';

/** One fault. */
export interface Fault {
  readonly kind: FaultKind;
  /** The fault occurs once this many directories have been sent. */
  readonly afterSends: number;
  /** Which worker, counted from 0. */
  readonly worker: number;
  /** How long what lasts does: a freeze, a full disk, a lock, an unmounted watch path. */
  readonly lastsMs: number;
  /** Whether the next one waits until everything runs again. */
  readonly awaitsRecovery: boolean;
  /** Pause after it, in which work is done. */
  readonly pauseMs: number;
}

/** The sends, and the faults meanwhile. */
export interface Schedule {
  readonly sends: readonly Send[];
  readonly faults: readonly Fault[];
}

/** Same options, same schedule. */
export interface ScheduleOptions {
  readonly backend: Backend;
  readonly studies: number;
  readonly faults: number;
  readonly seed: number;
  /** Whether disks can be filled: needs a mount, and so root. */
  readonly smallDisks: boolean;
  /** Whether there is a mount at the watch path, and namespaces and capabilities can be changed: needs root. */
  readonly asRoot: boolean;
}

/** How many workers run beside the daemon. */
export const WORKERS = 2;

type Weights = Readonly<Partial<Record<FaultKind, number>>>;

const KILLS: Readonly<Record<Backend, Weights>> = {
  embedded: { 'kill-daemon': 1 },
  postgres: { 'kill-daemon': 30, 'kill-worker': 55, 'kill-postgres': 15 },
  redis: { 'kill-daemon': 27, 'kill-worker': 45, 'kill-postgres': 12, 'kill-redis': 16 },
};
const OTHERS: Readonly<Record<Backend, Weights>> = {
  embedded: { 'restart-daemon': 45, 'freeze-daemon': 55 },
  postgres: {
    'restart-daemon': 12,
    'restart-worker': 22,
    'freeze-daemon': 16,
    'freeze-worker': 30,
    'cut-postgres': 20,
  },
  redis: {
    'restart-daemon': 10,
    'restart-worker': 15,
    'restart-redis': 15,
    'freeze-daemon': 12,
    'freeze-worker': 23,
    'flush-redis': 15,
    'cut-postgres': 10,
  },
};
const FULL_DISKS: Readonly<Record<Backend, Weights>> = {
  embedded: { 'fill-state': 4 },
  postgres: { 'fill-state': 4, 'fill-postgres': 4 },
  redis: { 'fill-state': 4, 'fill-postgres': 4 },
};

const AS_ROOT: Readonly<Record<Backend, Weights>> = {
  embedded: { 'second-container': 14, 'second-while-frozen': 10, 'lock-files': 22, 'unmount-data': 18 },
  postgres: { 'second-container': 5, 'second-while-frozen': 4, 'lock-files': 16, 'unmount-data': 12 },
  redis: { 'second-container': 5, 'second-while-frozen': 4, 'lock-files': 16, 'unmount-data': 12 },
};

/** Whether a fault is a kill: half of all are. */
export function isKill(kind: FaultKind): boolean {
  return kind.startsWith('kill-');
}

/** Draws a schedule. Pure: the seed decides. */
export function toSchedule(options: ScheduleOptions): Schedule {
  const random = new Random(options.seed);
  const sends: Send[] = [];
  for (let index = 0; index < options.studies; index++) sends.push(toSend(random, index));
  return { sends, faults: toFaults(random, options) };
}

function toSend(random: Random, index: number): Send {
  const drawn = random.weighted(SEND_WEIGHTS);
  const kind = drawn === 'duplicate' && index === 0 ? 'renamed' : drawn;
  return {
    index,
    name: `${kind === 'test' ? 'test' : 'L'}${String(index).padStart(6, '0')}`,
    kind,
    series: Array.from({ length: kind === 'two-dates' ? 2 : random.whole(1, 2) }, () => random.whole(1, 3)),
    repeats: random.whole(0, Math.max(0, index - 1)),
    pauseMs: random.chance(0.1) ? random.whole(5, 60) : 0,
  };
}

function toFaults(random: Random, { asRoot, backend, studies, faults, smallDisks }: ScheduleOptions): readonly Fault[] {
  const kills = Math.ceil(faults / 2);
  const others = {
    ...OTHERS[backend],
    ...(smallDisks ? FULL_DISKS[backend] : {}),
    ...(asRoot ? AS_ROOT[backend] : {}),
  };
  const kinds = Array.from({ length: faults }, (_, index) =>
    random.weighted(only(index < kills ? KILLS[backend] : others)),
  );
  return random.shuffled(kinds).map((kind, index) => ({
    kind,
    afterSends: Math.floor((studies * (index + 1)) / (faults + 1)),
    worker: random.whole(0, WORKERS - 1),
    lastsMs: toLength(random, kind),
    awaitsRecovery: random.chance(0.75),
    pauseMs: random.whole(100, 1_500),
  }));
}

/**
 * Locks of jobs last 15 s: some of the freezes outlast them and the check for lapsed locks. All attempts at an import last 8 s: some files
 * are away for longer.
 */
function toLength(random: Random, kind: FaultKind): number {
  if (kind.startsWith('fill-')) return random.whole(1_000, 4_000);
  if (kind === 'lock-files' || kind === 'unmount-data') {
    return random.chance(0.3) ? random.whole(10_000, 14_000) : random.whole(500, 5_000);
  }
  if (!kind.startsWith('freeze-')) return 0;
  const isLong = random.chance(kind === 'freeze-worker' ? 0.25 : 0.08);
  return isLong ? random.whole(21_000, 25_000) : random.whole(200, 4_000);
}

function only(weights: Weights): Record<FaultKind, number> {
  return weights as Record<FaultKind, number>;
}
