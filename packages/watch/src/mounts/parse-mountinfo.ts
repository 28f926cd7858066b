/** One line of `/proc/self/mountinfo`; proc_pid_mountinfo(5). */
export interface Mount {
  /** Unique while it is mounted; used again afterwards. */
  readonly id: number;
  /** `major:minor`. */
  readonly device: string;
  /** Directory of the file system that is seen at the mount point. */
  readonly root: string;
  readonly mountPoint: string;
  readonly options: readonly string[];
  readonly fsType: string;
  readonly source: string;
  readonly superOptions: readonly string[];
}

/** Every mount of `/proc/self/mountinfo`, in its order: of two at one mount point, the later one is seen. Lines of another form are left out. */
export function parseMountInfo(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.split(' ');
    const separator = fields.indexOf('-', 6);
    const [id = '', , device, root, mountPoint, options] = fields;
    const [fsType, source, superOptions = ''] = separator === -1 ? [] : fields.slice(separator + 1);
    if (!/^\d+$/.test(id) || device === undefined || root === undefined || mountPoint === undefined) return [];
    if (options === undefined || fsType === undefined || source === undefined) return [];
    const mount: Mount = {
      id: Number(id),
      device,
      root: unescape(root),
      mountPoint: unescape(mountPoint),
      options: options.split(','),
      fsType: unescape(fsType),
      source: unescape(source),
      superOptions: superOptions.split(',').map(unescape),
    };
    return [mount];
  });
}

/** The mount that a path without symbolic links lies on, where only the list is known. */
export function findMountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  let found: Mount | undefined;
  for (const mount of mounts) {
    if (!isBelow(path, mount.mountPoint)) continue;
    // Later mounts cover earlier ones, those further up only where they are later too.
    if (found === undefined || mount.mountPoint.length >= found.mountPoint.length) found = mount;
  }
  return found;
}

/** The part of a path below a directory, without a slash at its start; undefined where it is not below it. */
export function toPathBelow(path: string, directory: string): string | undefined {
  if (!isBelow(path, directory)) return undefined;
  return path.slice(directory === '/' ? 1 : directory.length + 1);
}

function isBelow(path: string, directory: string): boolean {
  return directory === '/' || path === directory || path.startsWith(`${directory}/`);
}

/** Space, tab, newline, backslash and `#` are octal. */
function unescape(field: string): string {
  if (!field.includes('\\')) return field;
  const bytes = Buffer.from(
    Buffer.from(field)
      .toString('latin1')
      .replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    'latin1',
  );
  return bytes.toString('utf8');
}
