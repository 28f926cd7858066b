import type { SyntheticStudy } from '@sendit/testing/synthetic';
import type { Place } from './place.ts';

/** Programs that scenarios need, and the Debian package that brings each. */
export const TOOLS = {
  Orthanc: 'orthanc',
  bindfs: 'bindfs',
  curl: 'curl',
  dcmqrscp: 'dcmtk',
  getscu: 'dcmtk',
  lftp: 'lftp',
  movescu: 'dcmtk',
  rclone: 'rclone',
  rsync: 'rsync',
  scp: 'openssh-client',
  sftp: 'openssh-client',
  smbclient: 'smbclient',
  smbd: 'samba',
  sshd: 'openssh-server',
  sshfs: 'sshfs',
  storescp: 'dcmtk',
  storescu: 'dcmtk',
  syncthing: 'syncthing',
  tar: 'tar',
  unzip: 'unzip',
  vsftpd: 'vsftpd',
  zip: 'zip',
} as const;

/** What a scenario cannot do without: a program, root's rights, FUSE, or a second file system to write to. */
export type Need = keyof typeof TOOLS | 'root' | 'fuse' | 'other-device';

/** Sends its studies; resolves when the sender has ended, with what was sent. */
export type Send = () => Promise<readonly SyntheticStudy[]>;

/** How files reach a watch path: one row of the table in docs/senders.md. */
export interface Scenario {
  /** Unique; the name of its watch path. */
  readonly name: string;
  readonly sender: string;
  /** Configuration of the sender, for the table. */
  readonly there: string;
  /** Settings of its watch path, beside `folder`, `events` and `processor`; shown in the table. */
  readonly here?: Readonly<Record<string, string | number | boolean>>;
  readonly needs: readonly Need[];
  /** Codes of warnings that the import is right to tell; none by default. */
  readonly findings?: readonly string[];
  /** Fast, and of tools that most machines have: part of `npm test`. */
  readonly isShort?: true;
  /** The watcher runs as an ordinary account that cannot see who has files open. */
  readonly isOrdinary?: true;
  /** Starts servers and mounts, before the watcher starts. */
  open(place: Place): Promise<Send>;
}

/** Quiet time of every watch path of the suite that sets none: longer than any pause that its senders make within one study. */
export const QUIET_MS = 4_000;
/** A pause within a transfer, shorter than {@link QUIET_MS}. */
export const PAUSE_MS = 1_500;
