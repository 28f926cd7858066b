import type { Mount } from './parse-mountinfo.ts';

/** How old what a mount shows may be. */
export interface CacheTime {
  /** Infinity where it never looks again at what it has. */
  readonly ms: number;
  /** `options`: some of them say so; `default`: what the file system does where none is known. */
  readonly told: 'options' | 'default';
  /** Mount option for a shorter cache. */
  readonly remedy: string;
}

/** Option → value; without one, an empty text. */
export type MountOptions = ReadonlyMap<string, string>;

/** `remedy`: another one than that of the file system. */
type Reading = Pick<CacheTime, 'ms' | 'told'> & Partial<Pick<CacheTime, 'remedy'>>;

interface CachingFileSystem {
  readonly read: (options: MountOptions) => Reading;
  readonly remedy: string;
}

const SECOND_MS = 1_000;

/** Times that hold side by side, so that the longest counts. Each has several names; one that is not set is as long as `all`, else the default. */
interface Times {
  readonly times: readonly (readonly string[])[];
  readonly all?: readonly string[];
  readonly seconds: number;
}

/** nfs(5): of files and of directories. */
const NFS_TIMES: Times = { times: [['acregmax'], ['acdirmax']], all: ['actimeo'], seconds: 60 };
const NFS: CachingFileSystem = {
  read: (options) => (options.has('noac') ? { ms: 0, told: 'options' } : longest(options, NFS_TIMES)),
  remedy: 'actimeo=1 (or noac)',
};

/** mount.cifs(8). */
const CIFS: CachingFileSystem = {
  read: (options) => longest(options, { ...NFS_TIMES, seconds: 1 }),
  remedy: 'actimeo=0',
};

/** Kernel cache times of a FUSE file system, unless its program sets others. */
const FUSE_TIMES: Times = {
  times: [
    ['attr_timeout', 'attr-timeout'],
    ['entry_timeout', 'attr-timeout'],
  ],
  seconds: 1,
};

/** sshfs(1), version 3 and before. */
const SSHFS_TIMES: Times = {
  times: [
    ['dcache_stat_timeout', 'cache_stat_timeout'],
    ['dcache_dir_timeout', 'cache_dir_timeout'],
  ],
  all: ['dcache_timeout', 'cache_timeout'],
  seconds: 20,
};
const SSHFS: CachingFileSystem = {
  read: (options) => {
    const kernel = longest(options, FUSE_TIMES);
    const isOff = options.get('dir_cache') === 'no' || options.get('cache') === 'no';
    return isOff ? { ...kernel, told: 'options', remedy: FUSE.remedy } : add(longest(options, SSHFS_TIMES), kernel);
  },
  remedy: 'dir_cache=no',
};

/** File system types that show changes by other hosts or programs late; all others show them at once. */
const CACHING: Readonly<Record<string, CachingFileSystem>> = {
  nfs: NFS,
  nfs4: NFS,
  cifs: CIFS,
  smb3: CIFS,
  'fuse.sshfs': SSHFS,
  'fuse.rclone': withOwnCache(['dir-cache-time', 'dir_cache_time'], 300, '--dir-cache-time 1s'),
  'fuse.s3fs': withOwnCache(['stat_cache_expire', 'stat_cache_interval_expire'], 900, 'stat_cache_expire=1'),
  'fuse.goofys': withOwnCache(['stat-cache-ttl'], 60, '--stat-cache-ttl 1s --type-cache-ttl 1s'),
  'fuse.gcsfuse': withOwnCache(['stat-cache-ttl', 'metadata-cache-ttl-secs'], 60, '--metadata-cache-ttl-secs 1'),
  'fuse.curlftpfs': withOwnCache(['cache_timeout', 'cache_stat_timeout', 'cache_dir_timeout'], 10, 'cache_timeout=1'),
  virtiofs: { read: () => ({ ms: SECOND_MS, told: 'default' }), remedy: '--cache=never on the host' },
  vboxsf: { read: (options) => toReading(options.get('ttl'), 1) ?? { ms: 200, told: 'default' }, remedy: 'ttl=0' },
  '9p': { read: (options) => readNinePCache(options.get('cache')), remedy: 'cache=none' },
};

/** A FUSE file system that has no cache of its own, as far as is known. */
const FUSE: CachingFileSystem = {
  read: (options) => longest(options, FUSE_TIMES),
  remedy: 'attr_timeout=0,entry_timeout=0',
};

/** davfs2 has no type of its own; its `dir_refresh` stands in a file. */
const DAVFS: CachingFileSystem = {
  read: () => ({ ms: 60 * SECOND_MS, told: 'default' }),
  remedy: 'dir_refresh 1 in davfs2.conf',
};

/**
 * How old what a mount shows may be, by its options; undefined where it shows every change at once. `own`: options of the program behind a
 * FUSE mount, which the kernel does not list.
 */
export function toCacheTime(
  mount: Pick<Mount, 'fsType' | 'options' | 'source' | 'superOptions'>,
  own: MountOptions = new Map(),
): CacheTime | undefined {
  const system = findSystem(mount);
  if (system === undefined) return undefined;
  const listed = toMountOptions([...mount.options, ...mount.superOptions]);
  const { ms, told, remedy = system.remedy } = system.read(new Map([...listed, ...own]));
  return ms > 0 ? { ms, told, remedy } : undefined;
}

/** `a,b=c` taken apart. */
export function toMountOptions(options: readonly string[]): Map<string, string> {
  return new Map(
    options.flatMap((option) => {
      const [name = '', ...value] = option.split('=');
      return name === '' ? [] : [[name, value.join('=')] as const];
    }),
  );
}

function findSystem({ fsType, source }: Pick<Mount, 'fsType' | 'source'>): CachingFileSystem | undefined {
  if (Object.hasOwn(CACHING, fsType)) return CACHING[fsType];
  if (fsType === 'fuse') return /^https?:/.test(source) ? DAVFS : FUSE;
  return fsType.startsWith('fuse.') ? FUSE : undefined;
}

/** A cache of the program's own, behind the kernel's. */
function withOwnCache(names: readonly string[], seconds: number, remedy: string): CachingFileSystem {
  const own: Times = { times: [names], seconds };
  return { read: (options) => add(longest(options, own), longest(options, FUSE_TIMES)), remedy };
}

function longest(options: MountOptions, { all = [], seconds, times }: Times): Reading {
  const readings = times.map(
    (names): Reading => readFirst(options, [...names, ...all]) ?? { ms: seconds * SECOND_MS, told: 'default' },
  );
  return {
    ms: Math.max(...readings.map(({ ms }) => ms)),
    told: readings.some(({ told }) => told === 'options') ? 'options' : 'default',
  };
}

function add(one: Reading, other: Reading): Reading {
  return { ms: one.ms + other.ms, told: one.told };
}

function readFirst(options: MountOptions, names: readonly string[]): Reading | undefined {
  for (const name of names) {
    const reading = toReading(options.get(name), SECOND_MS);
    if (reading !== undefined) return reading;
  }
  return undefined;
}

/** A number in the given unit, or a time as Go writes it: `1h5m0.5s`, `500ms`; undefined for anything else. */
function toReading(value: string | undefined, unitMs: number): Reading | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d+(?:\.\d+)?$/.test(value) ? Number(value) * unitMs : parseGoTime(value);
  return ms === undefined ? undefined : { ms, told: 'options' };
}

const GO_UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

function parseGoTime(value: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|h|m|s))+$/.test(value)) return undefined;
  let sum = 0;
  for (const [, amount, unit = ''] of value.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g))
    sum += Number(amount) * (GO_UNITS[unit] ?? 0);
  return sum;
}

function readNinePCache(cache: string | undefined): Reading {
  const keeps = cache === 'loose' || cache === 'fscache';
  return { ms: keeps ? Number.POSITIVE_INFINITY : 0, told: cache === undefined ? 'default' : 'options' };
}
