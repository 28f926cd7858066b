import { chmod, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Place } from '../place.ts';
import type { Scenario } from '../scenario.ts';

/** A server with keys of its own, and a client's configuration that knows it as `landing`. */
export async function openSsh(place: Place): Promise<{ config: string; port: number }> {
  const folder = await place.folder('ssh');
  await chmod(folder, 0o700);
  const port = await place.port();
  const [host, user] = [join(folder, 'host'), join(folder, 'user')];
  for (const key of [host, user]) await place.run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  await writeFile(join(folder, 'authorized'), await readFile(`${user}.pub`), { mode: 0o600 });
  const server = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${host}`,
    `AuthorizedKeysFile ${join(folder, 'authorized')}`,
    `PidFile ${join(folder, 'sshd.pid')}`,
    'PasswordAuthentication no',
    'PermitRootLogin prohibit-password',
    'StrictModes no',
    'UsePAM no',
    'Subsystem sftp internal-sftp',
  ];
  await writeFile(join(folder, 'sshd.conf'), `${server.join('\n')}\n`);
  const config = join(folder, 'ssh.conf');
  const known = (await readFile(`${host}.pub`, 'utf8')).split(' ').slice(0, 2).join(' ');
  await writeFile(join(folder, 'known'), `[127.0.0.1]:${port} ${known}\n`);
  const client = [
    'Host landing',
    'HostName 127.0.0.1',
    `Port ${port}`,
    `User ${userInfo().username}`,
    `IdentityFile ${user}`,
    'IdentitiesOnly yes',
    `UserKnownHostsFile ${join(folder, 'known')}`,
    'BatchMode yes',
  ];
  await writeFile(config, `${client.join('\n')}\n`);
  // Debian's sshd wants this directory, and an absolute path of its own.
  await place.run('mkdir', ['-p', '/run/sshd']);
  await place.serve('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'sshd.conf')], port);
  return { config, port };
}

/** Everything over a real SSH server on loopback. */
export const ssh: readonly Scenario[] = [
  {
    name: 'scp-rename',
    sender: 'scp',
    there: '`scp -r study host:X.tmp`, then `ssh host mv X.tmp X`',
    needs: ['root', 'sshd', 'scp'],
    async open(place) {
      const study = await place.study();
      const { config } = await openSsh(place);
      return async () => {
        await place.run('scp', ['-q', '-r', '-F', config, study.folder, `landing:${place.data}/X.tmp`]);
        await place.run('ssh', ['-F', config, 'landing', 'mv', `${place.data}/X.tmp`, `${place.data}/X`]);
        return [study];
      };
    },
  },
  {
    name: 'scp',
    sender: 'scp',
    there: '`scp -r -l 1500`, under the final name',
    needs: ['root', 'sshd', 'scp'],
    async open(place) {
      const study = await place.study({ series: [{ instances: 4, rows: 256 }] });
      const { config } = await openSsh(place);
      return async () => {
        await place.run('scp', ['-q', '-r', '-l', '1500', '-F', config, study.folder, `landing:${place.data}/X`]);
        return [study];
      };
    },
  },
  {
    name: 'sftp-rename',
    sender: 'sftp',
    there: '`put` into `X.tmp`, then `rename X.tmp X`',
    needs: ['root', 'sshd', 'sftp'],
    async open(place) {
      const study = await place.study();
      const { config } = await openSsh(place);
      return async () => {
        const batch = [`mkdir X.tmp`, `put ${study.folder}/* X.tmp/`, 'rename X.tmp X'];
        const input = [`cd ${place.data}`, ...batch].join('\n');
        await place.run('sftp', ['-q', '-F', config, '-b', '-', 'landing'], { input: `${input}\n` });
        return [study];
      };
    },
  },
  {
    name: 'sftp',
    sender: 'sftp',
    there: '`put`, under the final name',
    needs: ['root', 'sshd', 'sftp'],
    async open(place) {
      const study = await place.study();
      const { config } = await openSsh(place);
      return async () => {
        const input = [`cd ${place.data}`, 'mkdir X', `put ${study.folder}/* X/`].join('\n');
        await place.run('sftp', ['-q', '-F', config, '-b', '-', 'landing'], { input: `${input}\n` });
        return [study];
      };
    },
  },
  {
    name: 'rsync-ssh-killed',
    sender: 'rsync over ssh',
    there: 'the connection is cut, run again',
    needs: ['root', 'sshd', 'rsync'],
    async open(place) {
      const study = await place.study({ series: [{ instances: 4, rows: 512 }] });
      const { config } = await openSsh(place);
      const all = ['-a', '-e', `ssh -F ${config}`, `${study.folder}/`, `landing:${place.data}/X`];
      return async () => {
        await place.run('rsync', ['--bwlimit=700', ...all], { kill: { afterMs: 2_500, signal: 'SIGTERM' } });
        await place.run('rsync', all);
        return [study];
      };
    },
  },
  {
    name: 'lftp-sftp',
    sender: 'lftp',
    there: '`mirror -R` over sftp, under the final name',
    needs: ['root', 'sshd', 'lftp'],
    async open(place) {
      const study = await place.study({ layout: 'by-series' });
      const { config, port } = await openSsh(place);
      const connect = `set sftp:connect-program "ssh -a -x -F ${config}"; set net:max-retries 2`;
      return async () => {
        const script = `${connect}; open sftp://${userInfo().username}:@landing:${port}; mirror -R ${study.folder} ${place.data}/X; bye`;
        await place.run('lftp', ['-c', script], { env: { HOME: place.side } });
        return [study];
      };
    },
  },
];
