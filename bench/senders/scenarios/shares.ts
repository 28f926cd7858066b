import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Place } from '../place.ts';
import type { Scenario } from '../scenario.ts';

const LARGE = { series: [{ instances: 4, rows: 256 }] };

/** vsftpd with an anonymous account that may do everything in `incoming`, the watch path. */
async function openFtp(place: Place): Promise<string> {
  const port = await place.port();
  const [first, last] = [await place.port(), await place.port()].toSorted((a, b) => a - b);
  const root = join(place.data, '..');
  await chmod(root, 0o755);
  const path = join(place.side, 'vsftpd.conf');
  const lines = {
    listen: 'YES',
    listen_address: '127.0.0.1',
    listen_port: port,
    background: 'NO',
    anonymous_enable: 'YES',
    local_enable: 'NO',
    anon_root: root,
    no_anon_password: 'YES',
    write_enable: 'YES',
    anon_upload_enable: 'YES',
    anon_mkdir_write_enable: 'YES',
    anon_other_write_enable: 'YES',
    anon_umask: '022',
    pasv_address: '127.0.0.1',
    pasv_min_port: first,
    pasv_max_port: last,
    secure_chroot_dir: await place.folder('empty'),
    seccomp_sandbox: 'NO',
    vsftpd_log_file: join(place.side, 'vsftpd.log'),
  };
  await chmod(join(place.side, 'empty'), 0o755);
  await writeFile(
    path,
    `${Object.entries(lines)
      .map(([key, value]) => `${key}=${value}`)
      .join('\n')}\n`,
  );
  await place.serve('vsftpd', [path], port);
  return `ftp://127.0.0.1:${port}`;
}

/** smbd with the watch path as a share that everybody may write to. */
async function openSamba(place: Place): Promise<(commands: readonly string[]) => Promise<string>> {
  const port = await place.port();
  const state = await place.folder('samba');
  await chmod(state, 0o755);
  const path = join(state, 'smb.conf');
  const own = ['private dir', 'lock directory', 'state directory', 'cache directory', 'pid directory', 'ncalrpc dir'];
  const lines = [
    '[global]',
    'server role = standalone server',
    'interfaces = 127.0.0.1',
    'bind interfaces only = yes',
    `smb ports = ${port}`,
    'disable netbios = yes',
    'map to guest = bad user',
    'load printers = no',
    'disable spoolss = yes',
    `log file = ${join(state, 'log.%m')}`,
    ...own.map((name) => `${name} = ${state}`),
    '[landing]',
    `path = ${place.data}`,
    'guest ok = yes',
    'read only = no',
    'force user = root',
  ];
  await writeFile(path, `${lines.join('\n')}\n`);
  await place.serve('/usr/sbin/smbd', ['--foreground', '--no-process-group', '--debug-stdout', '-s', path], port);
  const target = ['//127.0.0.1/landing', '-p', String(port), '-N', '-s', path];
  return (commands) => place.run('smbclient', [...target, '-c', commands.join('; ')]);
}

/** FTP and SMB: the server writes, on the watcher's host. */
export const shares: readonly Scenario[] = [
  {
    name: 'vsftpd-rename',
    sender: 'vsftpd, from curl',
    there: 'upload into `X.tmp`, then `RNFR`, `RNTO`',
    needs: ['root', 'vsftpd', 'curl'],
    async open(place) {
      const study = await place.study();
      const url = `${await openFtp(place)}/data`;
      const files = study.files.join(',');
      return async () => {
        await place.run('curl', ['-sS', '--ftp-create-dirs', '-T', `{${files}}`, `${url}/X.tmp/`]);
        await place.run('curl', ['-sS', '-Q', '-RNFR X.tmp', '-Q', '-RNTO X', '-l', `${url}/`]);
        return [study];
      };
    },
  },
  {
    name: 'vsftpd',
    sender: 'vsftpd, from lftp',
    there: '`mirror -R`, under the final name, 400 KB/s',
    needs: ['root', 'vsftpd', 'lftp'],
    async open(place) {
      const study = await place.study(LARGE);
      const url = await openFtp(place);
      return async () => {
        const script = `set net:limit-rate 0:400000; set ftp:ssl-allow no; open ${url}; mirror -R ${study.folder} data/X; bye`;
        await place.run('lftp', ['-c', script], { env: { HOME: place.side } });
        return [study];
      };
    },
  },
  {
    name: 'vsftpd-temp-file',
    sender: 'vsftpd, from lftp',
    there: '`xfer:use-temp-file`: each file as `.in.NAME`, renamed',
    here: { arrivingNames: '.in.*' },
    needs: ['root', 'vsftpd', 'lftp'],
    async open(place) {
      const study = await place.study(LARGE);
      const url = await openFtp(place);
      return async () => {
        const script = `set xfer:use-temp-file yes; set net:limit-rate 0:400000; set ftp:ssl-allow no; open ${url}; mirror -R ${study.folder} data/X; bye`;
        await place.run('lftp', ['-c', script], { env: { HOME: place.side } });
        return [study];
      };
    },
  },
  {
    name: 'samba-rename',
    sender: 'Samba, from smbclient',
    there: '`mput` into `X.tmp`, then `rename`',
    needs: ['root', 'smbd', 'smbclient'],
    async open(place) {
      const study = await place.study();
      const samba = await openSamba(place);
      return async () => {
        await samba([
          'mkdir X.tmp',
          'cd X.tmp',
          `lcd ${study.folder}`,
          'prompt OFF',
          'mput *',
          'cd ..',
          'rename X.tmp X',
        ]);
        return [study];
      };
    },
  },
  {
    name: 'samba',
    sender: 'Samba, from smbclient',
    there: '`mput` of a tree, under the final name',
    needs: ['root', 'smbd', 'smbclient'],
    async open(place) {
      const study = await place.study({ layout: 'by-series' });
      const samba = await openSamba(place);
      return async () => {
        await samba(['mkdir X', 'cd X', `lcd ${study.folder}`, 'prompt OFF', 'recurse ON', 'mput *']);
        return [study];
      };
    },
  },
];
