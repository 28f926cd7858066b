import { spawnSync } from 'node:child_process';
import { access, chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Installation } from './harness.ts';

async function listen(where: number | string): Promise<AsyncDisposable> {
  const server = createServer();
  const address = typeof where === 'number' ? { port: where, host: '127.0.0.1' } : { path: where };
  await new Promise<void>((resolve) => server.listen(address, () => resolve()));
  return { [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) };
}

describe('bad input gets a clear answer and nothing is started', () => {
  test('every problem of a configuration at once, with its path, exit code 2', async () => {
    await using at = await Installation.open();
    await writeFile(
      join(at.directory, 'sendit.config.yaml'),
      [
        'watchPaths:',
        `  - [${at.data}, IN_CREAT | IN_MOVED_TO, DicomQueue]`,
        `  - [${at.directory}/absent, IN_ALL_EVENTS, ./nowhere.ts]`,
        'portl: {}',
      ].join('\n'),
    );
    for (const command of [
      ['config', 'check'],
      ['watcher', 'start'],
    ]) {
      const result = await at.run(...command);
      expect(result.code).toBe(2);
      expect(result.stderr).toContain('IN_CREAT');
      expect(result.stderr).toContain('IN_CREATE');
      expect(result.stderr).toContain('watchPaths[1]');
      expect(result.stderr).toContain('nowhere.ts');
      expect(result.stderr).toContain('portl');
    }
    await expect(access(at.pidFile)).rejects.toThrow('ENOENT');
  });

  test('a watcher that runs is stopped whatever has become of its configuration', async () => {
    await using at = await Installation.open();
    delete at.env['SENDIT_STATE_DIR'];
    const file = join(at.directory, 'sendit.config.yaml');
    const right = `stateDir: ${at.stateDir}\nwatchPaths:\n  - [${at.data}, IN_ALL_EVENTS, DicomQueue]\n`;
    await writeFile(file, right);
    await at.start('--config', file);
    await writeFile(file, `${right}portl: {}\n`);
    const stopped = await at.run('watcher', 'stop');
    expect(stopped.stdout).toContain('Dicom watching has been stopped.');
    expect(stopped.stderr).toContain('WARNING');
    expect(stopped.stderr).toContain(file);
    expect(stopped.code).toBe(0);
    await expect(access(at.pidFile)).rejects.toThrow('ENOENT');
  });

  test('a missing folder, and a file instead of a folder', async () => {
    await using at = await Installation.open();
    await writeFile(join(at.directory, 'file'), '');
    for (const wrong of ['absent', 'file']) {
      const result = await at.run('watcher', 'start', '--data', join(at.directory, wrong));
      expect(result.code).toBe(2);
      expect(result.stderr).toContain(join(at.directory, wrong));
    }
  });

  test('no watch path at all: says what to do', async () => {
    await using at = await Installation.open();
    const result = await at.run('watcher', 'start');
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/sendit config init|--data/);
  });

  test('a taken explicit portal port is an error, and no daemon is left behind', async () => {
    await using at = await Installation.open();
    await using _taken = await listen(Number(at.env['SENDIT_PORTAL_PORT']));
    const result = await at.run('watcher', 'start', '--data', at.data);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(String(at.env['SENDIT_PORTAL_PORT']));
    await expect(access(at.pidFile)).rejects.toThrow('ENOENT');
  });

  test('a socket that another program holds is an error, and that program keeps it', async () => {
    await using at = await Installation.open();
    await mkdir(at.stateDir);
    const socket = join(at.stateDir, 'api.sock');
    await using _taken = await listen(socket);
    const result = await at.run('watcher', 'start', '--data', at.data);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(socket);
    await access(socket);
    await expect(access(at.pidFile)).rejects.toThrow('ENOENT');
  });

  test('a database directory that cannot be used is fatal and named', async () => {
    await using at = await Installation.open();
    const file = join(at.directory, 'occupied');
    await writeFile(file, '');
    at.env['SENDIT_DATABASE_DIR'] = file;
    const result = await at.run('watcher', 'start', '--data', at.data);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(file);
    await expect(access(at.pidFile)).rejects.toThrow('ENOENT');
  });

  test('a database that does not answer at start: says so, without the password', async () => {
    await using at = await Installation.open({ DATABASE_URL: 'postgres://sendit:secret@127.0.0.1:1/none' });
    const result = await at.run('watcher', 'start', '--data', at.data);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/database/i);
    expect(result.stderr + result.stdout).not.toContain('secret');
  });

  test('unknown commands, flags and batches', async () => {
    await using at = await Installation.open();
    expect((await at.run('watcher', 'fly')).code).not.toBe(0);
    expect((await at.run('batch', 'list', '--status', 'NOSUCH')).code).toBe(2);
    const shown = await at.run('batch', 'show', 'nothing', '--json');
    expect(shown.code).toBe(1);
    expect(JSON.parse(shown.stdout)).toMatchObject({ error: { code: 'not-found' } });
  });

  test('a separate worker on the embedded database is refused with the reason', async () => {
    await using at = await Installation.open();
    const result = await at.run('worker', 'start');
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('DATABASE_URL');
  });
});

describe('places that cannot be written', () => {
  test('pid and log files go to the temp directory, with a warning, and stop finds them there', async () => {
    await using at = await Installation.open();
    const tmp = join(at.directory, 'tmp');
    await mkdir(tmp);
    await writeFile(join(at.directory, 'blocked'), '');
    at.env['TMPDIR'] = tmp;
    at.env['SENDIT_PID_FILE'] = join(at.directory, 'blocked', 'watcher.pid');
    const started = await at.start();
    expect(started.stdout + started.stderr).toMatch(/blocked/);
    expect(started.stdout + started.stderr).toContain(tmp);
    expect((await at.status()).active).toBe(true);
    const stopped = await at.run('watcher', 'stop');
    expect(stopped.stdout).toContain('Dicom watching has been stopped.');
    expect((await at.status()).active).toBe(false);
  });

  test.runIf(process.getuid?.() === 0)('a folder that may not be read is named, for an ordinary user', async () => {
    await using at = await Installation.open();
    await chmod(at.directory, 0o755);
    await chmod(at.data, 0o700);
    const nobody = Number(spawnSync('id', ['-u', 'nobody']).stdout);
    const result = await at.runAs(nobody, 'watcher', 'start', '--data', at.data);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(at.data);
    expect(result.stderr).toMatch(/permission|read/i);
  });

  test.runIf(process.getuid?.() === 0)('a read-only state directory is answered for an ordinary user', async () => {
    await using at = await Installation.open();
    await chmod(at.directory, 0o755);
    await mkdir(at.stateDir, { mode: 0o555 });
    at.env['TMPDIR'] = join(at.directory, 'tmp');
    await mkdir(at.env['TMPDIR']);
    await chmod(at.env['TMPDIR'], 0o1777);
    const nobody = Number(spawnSync('id', ['-u', 'nobody']).stdout);
    const result = await at.runAs(nobody, 'watcher', 'start', '--data', at.data);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(at.stateDir);
    await rm(at.stateDir, { recursive: true });
  });
});
