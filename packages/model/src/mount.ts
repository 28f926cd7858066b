/** Identity of the mount at a watch path, stable over restarts, containers and hosts (`st_dev` is not). */
export interface MountIdentity {
  /** `ext4`, `nfs4`, `fuse.sshfs`, … */
  readonly fsType: string;
  /** `/dev/sdb1`, `nas:/export`, `user@host:/dir`, … */
  readonly source: string;
  /** Directory of that file system that lies at the watch path; starts with a slash. */
  readonly root: string;
  /** Of the file system; null where the system does not tell. */
  readonly uuid: string | null;
  /** Inode and birth time of the top directory of the mount; null where its file system does not keep inode numbers. */
  readonly topInode: string | null;
}

/** One protocol under two names. */
const FAMILIES: ReadonlyMap<string, string> = new Map([
  ['nfs4', 'nfs'],
  ['smb3', 'cifs'],
]);

/**
 * Whether two looks saw the same directory of the same file system. A UUID decides where both have one; the top
 * directory recognizes a renamed device, and distinguishes two file systems of one name.
 */
export function isSameMount(one: MountIdentity, other: MountIdentity): boolean {
  if (toFamily(one) !== toFamily(other) || one.root !== other.root) return false;
  if (one.uuid !== null && other.uuid !== null) return one.uuid === other.uuid;
  const areTopsKnown = one.topInode !== null && other.topInode !== null;
  if (one.source === other.source) return !areTopsKnown || one.topInode === other.topInode;
  return areTopsKnown && one.topInode === other.topInode;
}

/** `nfs4 nas:/export`, `directory /mnt/share of ext4 /dev/sda1`: for messages. */
export function describeMount({ fsType, root, source }: MountIdentity): string {
  const what = `${fsType} ${source}`;
  return root === '/' ? what : `directory ${root} of ${what}`;
}

function toFamily({ fsType }: MountIdentity): string {
  return FAMILIES.get(fsType) ?? fsType;
}
