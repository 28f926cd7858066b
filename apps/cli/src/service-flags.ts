import { Flags } from '@oclif/core';
import { SERVICE_ROLES } from '@sendit/runtime/service';

/** Which service, for the commands about systemd units. */
export const roleFlag = {
  role: Flags.option({ options: SERVICE_ROLES, default: 'watcher' as const, summary: 'Which process it is.' })(),
};

/** Where units lie. */
export const unitFolderFlag = {
  'unit-dir': Flags.string({ default: '/etc/systemd/system', summary: 'Folder of the unit file.' }),
};

/** Flags of a unit, beside the configuration. */
export const unitFlags = {
  ...roleFlag,
  user: Flags.string({ default: 'sendit', summary: 'Account that the process runs as; it must exist.' }),
  'environment-file': Flags.string({
    default: '/etc/sendit/environment',
    summary: 'File of NAME=value lines with DATABASE_URL and other secrets; it may be missing.',
  }),
};
